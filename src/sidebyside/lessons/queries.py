"""Questions about lessons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sidebyside.base import vault
from sidebyside.base.live import documents
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.models import Lesson, LessonVersion, Remark
from sidebyside.lessons.text import LessonPart, LessonText


def text_of(lesson: Lesson) -> LessonText:
    """What a lesson says now, with title and description; without a word where its text was erased."""
    return text_and_removed(lesson)[0]


def text_and_removed(lesson: Lesson) -> tuple[LessonText, list[LessonPart]]:
    """What a lesson says now, as `text_of`, and its removed parts with their words."""
    vault.opened([lesson], "title", "about")
    title, about = str(lesson.title), str(lesson.about)
    try:
        doc = documents.doc_of(lesson.document)
    except documents.Gone:
        return LessonText(title, about), []
    return lesson_text.read(doc, title=title, about=about), lesson_text.removed_parts(doc)


def listed(lessons: QuerySet[Lesson], versions: QuerySet[LessonVersion]) -> QuerySet[Lesson]:
    """Lessons for a list, the one last written in first: with whose they are and how many of these versions each has
    (`kept_versions`). Removed ones are left out. Title and description are still sealed."""
    rows = lessons.filter(removed_at=None).select_related("teacher", "partnership", "document")
    of_one = versions.filter(lesson=OuterRef("pk")).order_by().values("lesson").annotate(number=Count("pk"))
    kept = Coalesce(Subquery(of_one.values("number")), 0)
    return rows.annotate(kept_versions=kept).order_by("-document__changed_at", "-pk")


@dataclass(frozen=True)
class Said:
    """One remark with what was answered to it, oldest first."""

    remark: Remark
    answers: Sequence[Remark]

    @property
    def is_done(self) -> bool:
        """Whether nothing waits any more: laid aside, or accepted into the text."""
        return self.remark.settled_at is not None or self.remark.accepted_at is not None


def said_about(remarks: QuerySet[Remark], lesson: Lesson) -> list[Said]:
    """What these remarks say about a lesson, oldest first, each with its answers; the texts are open. One query, and
    the vault's."""
    rows = remarks.filter(lesson=lesson, removed_at=None)
    rows = rows.select_related("author", "accepted_by", "settled_by", "led_by", "led_to").defer("led_to__body")
    found = list(rows.order_by("pk"))
    vault.open_texts((remark, name) for remark in found for name in ("quote", "text", "replacement"))
    return in_order(found)


def in_order(remarks: Iterable[Remark]) -> list[Said]:
    """Remarks with their answers below them. An answer whose remark is not there stands by itself: nobody takes the
    words of others away with her own."""
    there = {remark.pk: remark for remark in remarks}
    answers: dict[int, list[Remark]] = {}
    for remark in there.values():
        asked = remark
        while asked.answers_id in there:
            asked = there[asked.answers_id]
        answers.setdefault(asked.pk, []).extend([remark] if asked is not remark else [])
    return [Said(there[pk], said) for pk, said in answers.items()]
