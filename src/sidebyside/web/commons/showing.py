"""A lesson as everybody reads it, in the commons and before it is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from sidebyside.base.rich_text.html import to_html
from sidebyside.lessons import publishing
from sidebyside.lessons.comparison import Comparison, compare
from sidebyside.lessons.models import Attachment, Publication, PublishedFile
from sidebyside.lessons.part_names import title_of
from sidebyside.lessons.publication_queries import Shown
from sidebyside.lessons.text import ChosenStandard, LessonText
from sidebyside.web.templating import url


@dataclass(frozen=True)
class PartShown:
    id: str
    title: str
    minutes: int
    html: Markup
    files: list[FileShown]


@dataclass(frozen=True)
class FileShown:
    href: str
    caption: str
    is_picture: bool
    width: int | None
    height: int | None
    size: int


@dataclass(frozen=True)
class LessonShown:
    title: str
    parts: list[PartShown]
    standards: tuple[ChosenStandard, ...]
    files: list[FileShown]  # that belong to no part that is shown
    minutes: int


@dataclass(frozen=True)
class Sheet:
    """What a page says of a published lesson, and of a draft in just the same way."""

    lesson: LessonShown
    before: LessonShown | None
    comparison: Comparison | None
    licence: str
    credit: str
    subject: str
    level: str
    language: str

    @property
    def part_names(self) -> dict[str, str]:
        """What the parts are called by their ids, of the lesson before too."""
        texts = [self.comparison.before, self.comparison.after] if self.comparison else []
        return {part.id: title_of(part) for text in texts for part in text.parts}


def sheet_of(publication: Publication, files: Iterable[PublishedFile]) -> Sheet:
    """A published lesson, with its files (with `file`)."""
    text = publishing.from_open(publication.body["text"])
    raw = publication.body.get("before")
    before = publishing.from_open(raw) if raw else None
    shown = [(one.part, _file(one, url("published_file", one.pk), one.caption)) for one in files]
    return Sheet(
        _lesson(text, shown),
        _lesson(before, []) if before else None,
        compare(before, text) if before else None,
        publication.licence,
        publication.credit,
        publication.subject,
        publication.level,
        publication.language,
    )


def sheet_of_draft(publication: Publication, draft: publishing.Draft, shown: Shown) -> Sheet:
    """A draft as it would be published."""
    files = [(one.part, _file(one, url("lesson_file", one.pk), caption)) for one, caption in shown.files]
    return Sheet(
        _lesson(shown.text, files),
        _lesson(shown.before, []) if shown.before else None,
        compare(shown.before, shown.text) if shown.before else None,
        publication.licence,
        draft.credit,
        draft.subject,
        draft.level,
        draft.language,
    )


def plain_sheet(text: LessonText) -> LessonShown:
    """The words of a lesson as they are, without its files."""
    return _lesson(text, [])


def _lesson(text: LessonText, files: list[tuple[str, FileShown]]) -> LessonShown:
    known = {part.id for part in text.parts}
    parts = [
        PartShown(
            part.id, title_of(part), part.minutes, to_html(part.nodes, top=3), [f for at, f in files if at == part.id]
        )
        for part in text.parts
    ]
    return LessonShown(text.title, parts, text.standards, [f for at, f in files if at not in known], text.minutes)


def _file(one: Attachment | PublishedFile, href: str, caption: Any) -> FileShown:
    file = one.file
    return FileShown(href, str(caption), file.is_picture, file.width, file.height, file.size)
