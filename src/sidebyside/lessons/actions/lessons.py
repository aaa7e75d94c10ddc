"""To begin a lesson, to name it, to remove it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base import bin
from sidebyside.base.events import record
from sidebyside.base.live import documents
from sidebyside.base.live.models import LiveDocument
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted, required
from sidebyside.base.versions import overwrite
from sidebyside.cycles.models import Cycle
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.models import Lesson, Publication
from sidebyside.lessons.text import LessonText
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person

LONGEST_TITLE, LONGEST_ABOUT = 200, 300


@transaction.atomic
def begin(
    *, partnership: Partnership | None, teacher: Person, title: str, about: str, by: Person, at: datetime,
    cycle: Cycle | None = None, text: LessonText | None = None, adopted_from: Publication | None = None,
) -> Lesson:  # fmt: skip
    """Begin a lesson of `teacher`, in a partnership or (None) for herself; `text` is what it says first.

    Raises Refused for a title that is empty, when the partnership has ended, and when the teacher is not in it.
    """
    if partnership is None:
        if by.pk != teacher.pk:
            raise Refused(_("A lesson without a partnership is the own lesson of whoever begins it."))
    elif partnership.ended_at is not None:
        raise Refused(_("This partnership has ended. What you wrote stays here to read."))
    elif not partnership.members.filter(person=teacher, left_at=None).exists():
        raise Refused(_("Choose whose lesson it is: somebody of this partnership."))
    lesson = Lesson(
        partnership=partnership, cycle=cycle, teacher=teacher, title=_line(title, LONGEST_TITLE),
        about=_line(about, LONGEST_ABOUT, empty=True), begun_at=at, begun_by=by, changed_at=at, changed_by=by,
        adopted_from=adopted_from,
    )  # fmt: skip
    doc = documents.made_of(documents.EMPTY)
    if text is None:
        lesson_text.begin(doc)
    else:
        lesson_text.fill(doc, text)
    lesson.document = documents.begin(lesson.vault_scope(), at=at, state=doc.get_update())
    lesson.save()
    record("lesson.begun", lesson, by=by, at=at, partnership=lesson.partnership_id)
    return lesson


@transaction.atomic
def rename(lesson: Lesson, *, title: str, about: str, version: int, by: Person, at: datetime) -> None:
    """Change title and description. Raises Overtaken when somebody changed them since `version`."""
    must_be_open(lesson)
    title, about = _line(title, LONGEST_TITLE), _line(about, LONGEST_ABOUT, empty=True)
    if overwrite(lesson, version=version, by=by, at=at, title=title, about=about):
        record("lesson.renamed", lesson, by=by, at=at, partnership=lesson.partnership_id)


@transaction.atomic
def remove(lesson: Lesson, *, by: Person, at: datetime) -> None:
    """Put a lesson into its teacher's bin, where it lies for 30 days. What was published of it stays. Raises Refused
    for others than its teacher."""
    _must_be_hers(lesson, by)
    bin.remove(lesson, by=by, at=at)


@transaction.atomic
def restore(lesson: Lesson, *, by: Person, at: datetime) -> None:
    """Take a lesson out of the bin again. Raises Refused for others than its teacher, and when it is gone for good."""
    _must_be_hers(lesson, by)
    bin.restore(lesson, by=by, at=at)


@transaction.atomic
def change_text(lesson: Lesson, change: Callable[..., None], *, by: Person, at: datetime) -> None:
    """Change the text of a lesson: `change` gets its Yjs document (lessons/text.py says what can be done with it).

    Those who write in it at the same moment keep their words and see the change. Raises Refused when the lesson was
    removed or its partnership has ended, and when its text was erased.
    """
    must_be_open(lesson)
    try:
        with documents.changing(lesson.document, at=at) as doc, doc.transaction():
            change(doc)
    except documents.Gone:
        raise Refused(_("The text of this lesson was erased.")) from None
    record("lesson.written", lesson, by=by, at=at, partnership=lesson.partnership_id)


def touch(lesson: Lesson, *, at: datetime) -> None:
    """Note that words were changed that stand beside the text of a lesson: who left before that sees it no more."""
    Lesson.objects.filter(pk=lesson.pk).update(changed_at=at)


def must_be_open(lesson: Lesson) -> None:
    """Raises Refused where a lesson was removed or its partnership has ended: then it is there to read."""
    if lesson.removed_at is not None:
        raise Refused(_("This lesson was removed. Whose lesson it is can take it out of the bin."))
    partnership = lesson.partnership
    if partnership is not None and partnership.ended_at is not None:
        raise Refused(_("This partnership has ended. What you wrote stays here to read."))


def delete_what_nothing_shows() -> int:
    """Delete the documents of lessons that were deleted for good, and what was never published of them. Returns how
    many documents."""
    Publication.objects.filter(lesson=None, published_at=None).delete()
    return LiveDocument.objects.filter(lesson=None).delete()[0]


def _must_be_hers(lesson: Lesson, by: Person) -> None:
    if by.pk != lesson.teacher_id:
        raise Refused(_("A lesson is removed, and brought back, by whose lesson it is."))


def _line(text: str, longest: int, *, empty: bool = False) -> str:
    """One line of text: runs of white space become one space."""
    text = " ".join(accepted(text).split())
    return accepted(text, longest=longest) if empty else required(text, longest=longest)
