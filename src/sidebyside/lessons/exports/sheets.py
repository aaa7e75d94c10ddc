"""A lesson as it is taken along: all that is shown of it, in order, with every word that is not the writers' own.
Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass, field

from sidebyside.base.rich_text.nodes import Nodes, plain
from sidebyside.lessons.exports.languages import Language, language_of


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: what it shows in words (`alt`, never empty), what stands below it, its media type, its sides in
    pixels, and the file."""

    alt: str
    caption: str
    media: str
    width: int
    height: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a lesson: what it is called, how long it takes in words ("5 minutes", or empty), what it says."""

    title: str
    minutes: str
    nodes: Nodes
    drawings: tuple[Drawing, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of a lesson. `standards` and `others` (files that are not shown) are lines of a name and a text; `source` is
    a line that says from whom it was adopted, and under which licence.

    `reader` is the language that headings of our own are in, as a code.
    """

    title: str
    about: str
    minutes: str
    reader: str
    sections: tuple[Section, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    standards_title: str = ""
    standards: tuple[tuple[str, str], ...] = ()
    others_title: str = ""
    others: tuple[tuple[str, str], ...] = ()
    source: str = ""
    # What is said where a letter could not be printed.
    lacking: str = ""

    @property
    def language(self) -> Language:
        """The language that most of it is written in."""
        said = " ".join([self.title, self.about, *(plain(section.nodes) for section in self.sections)])
        return language_of(said, self.reader)
