"""The bin: what was removed lies here for 30 days with all whose it is, and each of them may take it back; a lesson its
teacher alone."""

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
from sidebyside.lessons.actions import lessons
from sidebyside.lessons.models import Attachment, Lesson, Remark
from sidebyside.partnerships.models import NormCard
from sidebyside.web.cycles.forms import kind_choices
from sidebyside.web.lessons.live import tell

# Each kind, with the deed that restores it.
KINDS: dict[str, tuple[type[Removable], str]] = {
    "attachment": (Attachment, "change attachment"), "contact": (Contact, "change contact"),
    "entry": (Entry, "change entry"), "goal": (Goal, "change goal"), "lesson": (Lesson, "remove lesson"),
    "normcard": (NormCard, "turn normcard"), "note": (Note, "remove note"), "remark": (Remark, "change remark"),
    "step": (Step, "change step"),
}  # fmt: skip
ALONE = ("entry", "normcard", "remark")  # its author's, also when others could read it
OF_LESSONS = ("attachment", "remark")
# What is taken back by a verb of its own, and what those hear who have its lesson open.
VERBS: dict[str, Any] = {"entry": journals.restore, "lesson": lessons.restore}
NEWS = {"attachment": "files", "remark": "remarks"}
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
        related = ("removed_by", "file") if kind == "attachment" else ("removed_by",)
        mine = policy.seen(request.user, model).filter(removed_at__gt=since).select_related(*related)
        for row in mine.order_by("-removed_at", "-pk")[:SHOWN]:
            row.kind, row.goes_at = kind, row.removed_at + bin.KEPT_FOR
            row.is_alone = kind in ALONE or (kind == "note" and row.together_at is None) or row.partnership_id is None
            row.is_here = row.is_alone or row.partnership_id in request.user.standing.partnerships
            # What was theirs together in a partnership that she has left is nobody's to take back, but her own lesson.
            if row.is_here or (kind == "lesson" and row.teacher_id == request.user.pk):
                rows.append(row)
    _say_who_takes_back(request, rows)
    files = [(row.file, "name") for row in rows if row.kind == "attachment"]
    vault.open_texts([*((row, name) for row in rows for name in texts_of(row)), *files])
    for row in rows:
        texts = [*(getattr(row, name) for name in texts_of(row)), row.file.name if row.kind == "attachment" else ""]
        row.shown = "\n\n".join(str(text) for text in texts if text)
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
    take_back = VERBS.get(kind, bin.restore)
    take_back(found, by=request.user, at=timezone.now())
    messages.success(request, _("It is back where it was."))
    if isinstance(found, Lesson):
        return redirect("lesson", pk)
    if isinstance(found, Remark | Attachment):
        tell(found.lesson, NEWS[kind])
        return redirect("lesson", found.lesson_id)
    return redirect("workspace", found.partnership_id)


def _say_who_takes_back(request: Any, rows: list[Any]) -> None:
    """Say of each row whether she may take it back (`row.may_return`): a lesson is its teacher's, and what belongs to
    a lesson that nobody changes any more stays where it is. A query or two for each lesson."""
    of_lessons = {row.lesson_id for row in rows if row.kind in OF_LESSONS}
    theirs = policy.seen(request.user, Lesson).filter(pk__in=of_lessons) if of_lessons else []
    open_ones = {lesson.pk for lesson in theirs if policy.may(request.user, "change lesson", lesson)}
    for row in rows:
        row.may_return = row.kind not in OF_LESSONS or row.lesson_id in open_ones
        if row.kind == "lesson":
            row.may_return = policy.may(request.user, "remove lesson", row)


def texts_of(row: Any) -> tuple[str, ...]:
    """The names of the fields that say what a removed record was."""
    return TEXTS.get(row.kind, ("text",))


def _words() -> dict[str, str]:
    return {
        "attachment": _("File"), "contact": _("Entry in the log"), "entry": _("Reflection"), "goal": _("Goal"),
        "lesson": _("Lesson"), "normcard": _("Norm card"), "note": _("Note"), "remark": _("Said about a lesson"),
        "step": _("Step"),
    }  # fmt: skip
