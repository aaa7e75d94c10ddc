"""The bin: what was removed lies here for 30 days with all whose it is, and each of them may take it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sidebyside import policy
from sidebyside.base import bin, vault
from sidebyside.base.models import Removable
from sidebyside.conversations.models import Note
from sidebyside.cycles.models import Contact, Goal, Step
from sidebyside.journals import actions as journals
from sidebyside.journals.models import Entry
from sidebyside.partnerships.models import NormCard
from sidebyside.web.cycles.forms import kind_choices

# Each kind, with the deed that restores it.
KINDS: dict[str, tuple[type[Removable], str]] = {
    "contact": (Contact, "change contact"), "entry": (Entry, "change entry"), "goal": (Goal, "change goal"),
    "normcard": (NormCard, "turn normcard"), "note": (Note, "remove note"), "step": (Step, "change step"),
}  # fmt: skip
ALONE = ("entry", "normcard")  # its author's, also when others could read it
SHOWN = 200


@require_GET
def bin_page(request: HttpRequest) -> HttpResponse:
    """What was removed in the last 30 days and is hers, alone or together with others; the latest first."""
    since = timezone.now() - bin.KEPT_FOR
    rows: list[Any] = []
    for kind, (model, _deed) in KINDS.items():
        mine = policy.seen(request.user, model).filter(removed_at__gt=since).select_related("removed_by")
        for row in mine.order_by("-removed_at", "-pk")[:SHOWN]:
            row.kind, row.goes_at = kind, row.removed_at + bin.KEPT_FOR
            row.is_alone = kind in ALONE or (kind == "note" and row.together_at is None)
            rows.append(row)
    vault.open_texts((row, "text") for row in rows if row.kind != "contact")
    rows.sort(key=lambda row: row.removed_at, reverse=True)
    context = {"rows": rows[:SHOWN], "kind_words": _words(), "kinds": dict(kind_choices())}
    return render(request, "cycles/bin.html", context)


@require_POST
def restore(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take a record out of the bin."""
    if kind not in KINDS:
        raise Http404
    model, deed = KINDS[kind]
    found = policy.ask(request.user, deed, model, pk)
    if found.removed_at is None:
        raise Http404
    if isinstance(found, Entry):
        journals.restore(found, by=request.user, at=timezone.now())
    else:
        bin.restore(found, by=request.user, at=timezone.now())
    messages.success(request, _("It is back where it was."))
    return redirect("workspace", found.partnership_id)


def _words() -> dict[str, str]:
    return {
        "contact": _("Entry in the log"), "entry": _("Reflection"), "goal": _("Goal"), "normcard": _("Norm card"),
        "note": _("Note"), "step": _("Step"),
    }  # fmt: skip
