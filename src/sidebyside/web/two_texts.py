"""Writing one text: saved as one types, sent as a plain form, and both texts where somebody else was first.

One page (`writing/writing.html`) serves every single text: a sheet, a note, a scratch note, a reflection.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside import policy
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.web.dates import clock

Save = Callable[[str, int], Any]


@dataclass
class Writing:
    """What the page of a text needs: its title and label, where it is sent and where one came from, the text as it
    stands (open) with its version, who can see it, and under which key the device keeps what is not sent."""

    title: str
    label: str
    key: str
    action: str
    back: str
    seen: str
    text: str = ""
    version: int = 0
    hint: str = ""
    saved: str = ""
    prompts: Sequence[str] = ()
    prompts_title: str = ""
    questions_at: str = ""
    rows: int = 8
    # Where it is removed; "" where it cannot be removed from its page.
    removal: str = ""


def version_of(request: HttpRequest) -> int:
    """The version that a form was written on; nonsense is 0, which is no version of anything that exists."""
    written = request.POST.get("version", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def write(request: HttpRequest, writing: Writing, save: Save) -> HttpResponse:
    """Take a text that was sent: by the page's button, or quietly while one types (`X-Autosave`).

    `save(text, version)` calls the verb and returns the record. Sent with `keep=both`, what stands is kept and hers
    is put below it.
    """
    mine, version = request.POST.get("text", ""), version_of(request)
    quiet = "X-Autosave" in request.headers
    if request.POST.get("keep") == "both" and writing.text and version == writing.version:
        mine = f"{writing.text}\n\n{mine}"
    try:
        record = save(mine, version)
    except Overtaken as overtaken:
        # (what overtakes is always a record of the database)
        if policy.sees(request.user, overtaken.current):  # type: ignore[arg-type]
            return both(request, writing, mine, overtaken.current, quiet=quiet)
        return _refused(request, writing, mine, _before_her_time(), quiet=quiet)
    except Refused as refused:
        return _refused(request, writing, mine, refused.sentence, quiet=quiet)
    if quiet:
        return JsonResponse({"saved": clock(timezone.now()), "version": record.version})
    if writing.saved:
        messages.success(request, writing.saved)
    return redirect(writing.back)


def page(request: HttpRequest, writing: Writing, **more: Any) -> HttpResponse:
    """The page on which the text is written."""
    context = _nothing_wrong() | {"writing": writing, "text": writing.text, **more}
    return render(request, "writing/writing.html", context)


def both(request: HttpRequest, writing: Writing, mine: str, current: Any, *, quiet: bool = False) -> HttpResponse:
    """Answer with both texts: hers stays in the field, the other's stands beside it."""
    if quiet:
        theirs = render_to_string("writing/theirs.html", {"text": current.text}, request=request)
        return JsonResponse({"theirs": theirs, "text": current.text, "version": current.version}, status=409)
    writing.version = current.version
    context = _nothing_wrong() | {"writing": writing, "text": mine, "theirs": current}
    return render(request, "writing/writing.html", context, status=409)


def _refused(request: HttpRequest, writing: Writing, mine: str, sentence: str, *, quiet: bool) -> HttpResponse:
    if quiet:
        return JsonResponse({"refused": sentence}, status=422)
    # What she wrote it on stays what it was: sent again, it must not pass over what came meanwhile.
    writing.version = version_of(request)
    context = _nothing_wrong() | {"writing": writing, "text": mine, "refused": sentence}
    return render(request, "writing/writing.html", context, status=422)


def _nothing_wrong() -> dict[str, Any]:
    return {"theirs": None, "refused": ""}


def _before_her_time() -> str:
    return _("The others wrote here before you joined, so you cannot see or change it. Ask them to write it anew.")
