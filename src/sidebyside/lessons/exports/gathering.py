"""Gathering what a lesson is taken along with: its parts by name, its standards, and its pictures."""

import logging
from collections.abc import Iterable

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sidebyside.base.files import kinds, storing
from sidebyside.base.files.pictures import smaller
from sidebyside.lessons.exports.sheets import Drawing, Section, Sheet
from sidebyside.lessons.models import Attachment
from sidebyside.lessons.part_names import title_of
from sidebyside.lessons.text import LessonText

SIDE = 1_600  # pixels of the longer side of a picture: a page of paper, at about 240 dots an inch
MOST_BYTES = 40 * 1024**2  # of all pictures together; what is more is named, not shown

log = logging.getLogger(__name__)


def sheet_of(text: LessonText, attachments: Iterable[Attachment], *, source: str = "", drawn: bool = True) -> Sheet:
    """A lesson in the reader's language, with the pictures among its files (names and captions opened; in order), and
    a line about what it was adopted from. Pictures of a part stand with it. Parts without a word and a picture are
    left out. Not `drawn`: of each picture only what is said of it, which takes no time."""
    drawings: dict[str, list[Drawing]] = {}
    others, room = [], MOST_BYTES
    for one in attachments:
        drawing = _drawing(one, drawn) if one.file.is_picture and room > 0 else None
        if drawing is None:
            others.append((str(one.file.name), str(one.caption)))
            continue
        room -= len(drawing.content)
        drawings.setdefault(one.part if text.part(one.part) else "", []).append(drawing)
    sections = (
        Section(title_of(part), _minutes(part.minutes), part.nodes, tuple(drawings.get(part.id, ())))
        for part in text.parts
        if not part.is_empty or part.id in drawings
    )
    return Sheet(
        title=text.title,
        about=text.about,
        minutes=_minutes(text.minutes),
        reader=(get_language() or "en").split("-")[0],
        sections=tuple(sections),
        drawings=tuple(drawings.get("", ())),
        standards_title=_("Standards"),
        standards=tuple((one.code, one.statement) for one in text.standards),
        others_title=_("Files that belong to it"),
        others=tuple(others),
        source=source,
        lacking=_("Some signs could not be printed, and a box stands for each. They are there in the web page (HTML)."),
    )


def _drawing(one: Attachment, drawn: bool) -> Drawing | None:
    """A picture as it is shown; None where it was erased or lost."""
    caption = str(one.caption)
    alt = caption or _("A picture that nobody has described yet")
    if not drawn:
        return Drawing(alt, caption, one.file.kind, 0, 0, b"")
    try:
        found = smaller(storing.content(one.file), kinds.BY_MEDIA[one.file.kind], SIDE)
    except storing.Gone:
        return None
    except kinds.FileRefused:
        log.error("The picture of stored file %s cannot be drawn.", one.file_id)
        return None
    return Drawing(alt, caption, found.kind.media, found.width, found.height, found.content)


def _minutes(number: int) -> str:
    return ngettext("%(number)s minute", "%(number)s minutes", number) % {"number": number} if number else ""
