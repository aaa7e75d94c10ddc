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
from sidebyside.lessons.models import Attachment, Lesson, Remark
from sidebyside.partnerships.models import NormCard
from sidebyside.web.cycles.forms import kind_choices

# Each kind, with the deed that restores it.
KINDS: dict[str, tuple[type[Removable], str]] = {
    "attachment": (Attachment, "change attachment"), "contact": (Contact, "change contact"),
    "entry": (Entry, "change entry"), "goal": (Goal, "change goal"), "lesson": (Lesson, "change lesson"),
    "normcard": (NormCard, "turn normcard"), "note": (Note, "remove note"), "remark": (Remark, "change remark"),
    "step": (Step, "change step"),
}  # fmt: skip
ALONE = ("entry", "normcard", "remark")  # its author's, also when others could read it
SHOWN = 200
# What is shown of each: its text, where nothing else is said.
TEXTS = {
    "attachment": ("caption",), "contact": (), "lesson": ("title", "about"), "remark": ("quote", "text", "replacement"),
}  # fmt: skip


@require_GET
def bin_page(request: HttpRequest) -> HttpResponse:
    """What was removed in the last 30 days and is hers, alone or together with others; the latest first."""
    since = timezone.now() - bin.KEPT_FOR
    rows: list[Any] = []
    for kind, (model, _deed) in KINDS.items():
        mine = policy.seen(request.user, model).filter(removed_at__gt=since).select_related("removed_by")
        for row in mine.order_by("-removed_at", "-pk")[:SHOWN]:
            row.kind, row.goes_at = kind, row.removed_at + bin.KEPT_FOR
            row.is_alone = kind in ALONE or (kind == "note" and row.together_at is None) or row.partnership_id is None
            # A lesson of a partnership that she has left is there to read, and nobody's to take back.
            if row.is_alone or row.partnership_id in request.user.standing.partnerships:
                rows.append(row)
    vault.open_texts((row, name) for row in rows for name in texts_of(row))
    for row in rows:
        row.shown = "\n\n".join(str(text) for name in texts_of(row) if (text := getattr(row, name)))
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
    if isinstance(found, Lesson):
        return redirect("lesson", pk)
    if isinstance(found, Remark | Attachment):
        return redirect("lesson", found.lesson_id)
    return redirect("workspace", found.partnership_id)


def texts_of(row: Any) -> tuple[str, ...]:
    """The names of the fields that say what a removed record was."""
    return TEXTS.get(row.kind, ("text",))


def _words() -> dict[str, str]:
    return {
        "attachment": _("File"), "contact": _("Entry in the log"), "entry": _("Reflection"), "goal": _("Goal"),
        "lesson": _("Lesson"), "normcard": _("Norm card"), "note": _("Note"), "remark": _("Said about a lesson"),
        "step": _("Step"),
    }  # fmt: skip
