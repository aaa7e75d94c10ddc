"""Lessons to publish, and those who make them."""

import io
from datetime import datetime

from PIL import Image

from sidebyside.base.files import storing
from sidebyside.base.files.kinds import BY_MEDIA
from sidebyside.lessons.actions import lessons, publishing
from sidebyside.lessons.models import Attachment, Lesson, LessonVersion, Publication
from sidebyside.lessons.text import LessonPart, LessonText


def says(*words: str, title: str = "Fractions with Ana") -> LessonText:
    """A lesson with a part for each of these words."""
    parts = tuple(
        LessonPart(f"part{at}", "task", "", 10, [{"type": "paragraph", "content": [{"type": "text", "text": one}]}])
        for at, one in enumerate(words)
    )
    return LessonText(title, "Class 7b", parts)


def lesson_of(partnership, teacher, text: LessonText, *, at: datetime, by=None) -> Lesson:
    """A lesson that says this."""
    return lessons.begin(
        partnership=partnership, teacher=teacher, title=text.title, about=text.about, by=by or teacher, at=at, text=text
    )


def version_of(lesson: Lesson, text: LessonText, *, at: datetime) -> LessonVersion:
    """A kept version of a lesson that says this."""
    return LessonVersion.objects.create(
        lesson=lesson, partnership_id=lesson.partnership_id, scope=lesson.vault_scope(), kind="improved", name="",
        number=lesson.versions.count() + 1, body=text.to_json(), made_at=at, made_by=lesson.teacher,
    )  # fmt: skip


def picture_of(lesson: Lesson, name: str = "Quirin.png", *, at: datetime, caption: str = "") -> Attachment:
    """A picture that belongs to a lesson."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(content, "PNG")
    scope, seen = lesson.vault_scope(), storing.Examined(name, BY_MEDIA["image/png"], content.getvalue(), 8, 8)
    return Attachment.objects.create(
        lesson=lesson, partnership_id=lesson.partnership_id, scope=scope, caption=caption, added_at=at,
        added_by=lesson.teacher, file=storing.keep(seen, scope=scope, by=lesson.teacher, at=at),
    )  # fmt: skip


def proposed(version: LessonVersion, *, by, at: datetime, **others) -> Publication:
    """A draft, with what is not told as usual."""
    said = {
        "before": None, "licence": "by-sa", "credit": "Two teachers", "subject": "Mathematics", "level": "7",
        "language": "en", "replacements": {},
        "pictures": {one.pk: "out" for one in Attachment.objects.filter(lesson=version.lesson)},
    }  # fmt: skip
    return publishing.propose(version.lesson, version=version, by=by, at=at, **{**said, **others})


def published(version: LessonVersion, *people, at: datetime, **others) -> Publication:
    """A version to which all of these have agreed."""
    publication = proposed(version, by=people[0], at=at, **others)
    for person in people:
        publishing.agree(publication, read=publication.asked_at, by=person, at=at)
    publication.refresh_from_db()
    return publication
