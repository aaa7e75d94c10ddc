"""The page of all components, for whoever changes the look and for the tests that look at it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
