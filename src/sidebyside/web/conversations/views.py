"""Notes of a partnership, and a coach's own scratch note."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base import bin, vault
from sidebyside.base.refusals import Refused
from sidebyside.conversations import actions
from sidebyside.conversations.models import Note, ScratchNote
from sidebyside.conversations.queries import scratch_of
from sidebyside.cycles.models import Cycle
from sidebyside.cycles.queries import template_of
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.web import two_texts
from sidebyside.web.cycles.people import Company
from sidebyside.web.dates import day
from sidebyside.web.paging import page_of

PAGE = 20


def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """All notes of a partnership, page by page. A POST writes one, in the running cycle and its stage."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    if request.method != "POST":
        return _notes_page(request, partnership)
    text = request.POST.get("text", "")
    cycle = policy.seen(request.user, Cycle).filter(partnership=partnership, ended_at=None).first()
    stage = cycle.stage if cycle else ""
    try:
        note = actions.write_note(
            partnership, text=text, by=request.user, at=timezone.now(), cycle=cycle, stage=stage
        )  # fmt: skip
    except Refused as refused:
        return _notes_page(request, partnership, text=text, refused=refused.sentence)
    undo = reverse("remove_note", args=[note.pk])
    messages.success(request, _("The note is written."), extra_tags=f"undo:{undo}")
    return _back(pk)


def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a note; any member may, as long as its author is one of them."""
    found = policy.ask(request.user, "change note", Note, pk, "partnership", "cycle__template")
    vault.opened([found], "text")
    company = Company(current_members(found.partnership), request.user)
    prompts, more = _questions(found)
    writing = two_texts.Writing(
        title=_("Note of %(day)s") % {"day": day(found.written_at)},
        label=_("Note"),
        saved=_("The note is saved."),
        key=f"note-{pk}",
        action=reverse("note", args=[pk]),
        back=reverse("workspace", args=[found.partnership_id]) + f"#note-{pk}",
        seen=company.seen,
        text=found.text,
        version=found.version,
        prompts=prompts,
        questions_at=more,
        removal=reverse("remove_note", args=[pk]) if policy.may(request.user, "remove note", found) else "",
    )
    if request.method != "POST":
        return two_texts.page(request, writing)

    def save(text: str, version: int) -> Note:
        actions.change_note(found, text=text, version=version, by=request.user, at=timezone.now())
        return found

    return two_texts.write(request, writing, save)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a note into the bin: of its author, or of all members once it is theirs together."""
    found = policy.ask(request.user, "remove note", Note, pk)
    bin.remove(found, by=request.user, at=timezone.now())
    undo = reverse("restore", args=["note", pk])
    alone = _("The note lies in your bin for 30 days.")
    said = _("The note lies in the bin for 30 days, for all of you.") if found.together_at else alone
    messages.success(request, said, extra_tags=f"undo:{undo}")
    return _back(found.partnership_id)


def scratch(request: HttpRequest, pk: int) -> HttpResponse:
    """A coach's own few words: nobody else reads them, and they go 30 days after their last change."""
    partnership = policy.ask(request.user, "scratch in", Partnership, pk)
    now = timezone.now()
    found = scratch_of(policy.seen(request.user, ScratchNote), partnership, request.user, at=now)
    vault.opened([found], "text")
    writing = two_texts.Writing(
        title=_("Your scratch note"),
        label=_("A few words for yourself"),
        hint=scratch_hint(found.changed_at if found.version else now),
        key=f"scratch-{pk}",
        action=reverse("scratch", args=[pk]),
        back=reverse("workspace", args=[pk]) + "#scratch",
        seen=_("Only you"),
        text=found.text,
        version=found.version,
        rows=5,
    )
    if request.method != "POST":
        return two_texts.page(request, writing)

    def save(text: str, version: int) -> ScratchNote:
        return actions.keep_scratch(partnership, text=text, version=version, by=request.user, at=timezone.now())

    return two_texts.write(request, writing, save)


def scratch_hint(changed_at: datetime) -> str:
    """When it goes, said on the page."""
    goes = changed_at + actions.SCRATCH_KEPT_FOR
    return _("Nobody else reads this. It goes 30 days after its last change: on %(day)s.") % {"day": day(goes)}


def _notes_page(request: HttpRequest, partnership: Partnership, text: str = "", refused: str = "") -> HttpResponse:
    rows = policy.seen(request.user, Note).filter(partnership=partnership, removed_at=None)
    found = page_of(request, rows.order_by("-written_at", "-pk"), size=PAGE)
    vault.opened(found, "text")
    company = Company(current_members(partnership), request.user)
    context = {"partnership": partnership, "company": company, "notes": found, "text": text, "refused": refused}
    return render(request, "conversations/notes.html", context, status=422 if refused else 200)


def _questions(note: Note) -> tuple[tuple[str, ...], str]:
    """The questions of the stage a note was written in, and where there are more."""
    stages = template_of(note.cycle).stages if note.cycle else ()
    stage = next((one for one in stages if one.slug == note.stage), None)
    if note.cycle is None or stage is None:
        return (), ""
    return stage.prompts, reverse("stage", args=[note.cycle.pk, stage.slug])


def _back(partnership_id: int) -> HttpResponse:
    return redirect(reverse("workspace", args=[partnership_id]) + "#notes")
