"""Questions about versions of a lesson, for those who may see them."""

from django.db.models import Q, QuerySet

from sidebyside.base import vault
from sidebyside.lessons.models import Lesson, LessonVersion, Remark
from sidebyside.lessons.text import LessonText


def kept_of(versions: QuerySet[LessonVersion], lesson: Lesson) -> list[LessonVersion]:
    """The versions of a lesson among these, the first one first, with who kept them and their names open; what they
    say is not fetched."""
    rows = versions.filter(lesson=lesson).select_related("made_by").defer("body").order_by("number")
    return vault.opened(rows, "name")


def says(version: LessonVersion) -> LessonText | None:
    """What a version says; None where its text was erased."""
    vault.opened([version], "body")
    return LessonText.from_json(version.body) if version.body else None


def causes(remarks: QuerySet[Remark], before: LessonVersion, after: LessonVersion | None) -> list[Remark]:
    """The questions and remarks among these that led to what changed from one version to a later one (None: to the
    lesson as it is now), oldest first, their texts open."""
    led = remarks.filter(lesson=before.lesson_id, led_at__isnull=False, removed_at=None)
    since = Q(led_to__number__gt=before.number)
    if after is None:
        since |= Q(led_to=None)
    else:
        since &= Q(led_to__number__lte=after.number)
    found = led.filter(since).select_related("author").order_by("led_at", "pk")
    return vault.opened(found, "text", "quote")
