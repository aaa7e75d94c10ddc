"""The pages of all components, for whoever changes the look and for the tests that look at it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_POST, require_safe

from sidebyside.web import dates
from sidebyside.web.design.forms import Everything

LOOKS = [("light", "ltr"), ("light", "rtl"), ("dark", "ltr"), ("dark", "rtl")]
CHOSEN = {"kinds": ["talk"], "minutes": "15", "where": "room"}


@login_not_required
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every component in both themes and both directions; each form once as new, once with something to put right."""
    specimens = [
        {
            "id": f"{theme}-{direction}",
            "theme": theme,
            "direction": direction,
            "form": Everything(auto_id=f"{theme}-{direction}-%s", initial=CHOSEN),
            "refused": Everything({"kinds": ["talk"]}, auto_id=f"{theme}-{direction}-refused-%s"),
        }
        for theme, direction in LOOKS
    ]
    return render(request, "design/design.html", {"specimens": specimens})


def keeping(request: HttpRequest) -> HttpResponse:
    """Two forms that lose nothing. A post saves the second one, as a page that saves while one types does it."""
    kept: dict[str, Any] = request.session.get("design", {"text": "", "version": 1})
    if request.method != "POST":
        return render(request, "design/keeping.html", {"kept": kept})
    if request.POST.get("version") != str(kept["version"]):
        theirs = {"theirs": escape(kept["text"]), "text": kept["text"], "version": kept["version"]}
        return JsonResponse(theirs, status=409)
    kept = {"text": request.POST.get("text", ""), "version": kept["version"] + 1}
    request.session["design"] = kept
    if "X-Autosave" in request.headers:
        return JsonResponse({"saved": dates.clock(timezone.now()), "version": kept["version"]})
    return redirect("design_keeping")


@require_POST
def sent(request: HttpRequest) -> HttpResponse:
    """Takes the first form; the word "no" is refused."""
    if request.POST.get("text") == "no":
        kept = {"text": "", "version": 1}
        return render(request, "design/keeping.html", {"kept": kept, "refused": True}, status=422)
    return redirect("design")
