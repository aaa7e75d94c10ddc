"""The bin: what a person removed lies here for 30 days, and she may take it back."""

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

KINDS: dict[str, type[Removable]] = {
    "contact": Contact, "entry": Entry, "goal": Goal, "normcard": NormCard, "note": Note, "step": Step,
}  # fmt: skip
SHOWN = 200


@require_GET
def bin_page(request: HttpRequest) -> HttpResponse:
    """What she removed in the last 30 days, the latest first."""
    since = timezone.now() - bin.KEPT_FOR
    rows: list[Any] = []
    for kind, model in KINDS.items():
        mine = policy.seen(request.user, model).filter(removed_by=request.user, removed_at__gt=since)
        for row in mine.order_by("-removed_at", "-pk")[:SHOWN]:
            row.kind, row.goes_at = kind, row.removed_at + bin.KEPT_FOR
            rows.append(row)
    vault.open_texts((row, "text") for row in rows if row.kind != "contact")
    rows.sort(key=lambda row: row.removed_at, reverse=True)
    context = {"rows": rows[:SHOWN], "kind_words": _words(), "kinds": dict(kind_choices())}
    return render(request, "cycles/bin.html", context)


@require_POST
def restore(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take a record out of her bin."""
    if kind not in KINDS:
        raise Http404
    found = policy.find(request.user, KINDS[kind], pk)
    if found.removed_by_id != request.user.pk:
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
