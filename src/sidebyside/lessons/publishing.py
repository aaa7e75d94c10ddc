"""What a lesson is when it is given to all: its draft, its words, its licence, and how it is searched.

Pure: no Django, no database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sidebyside.base.rich_text.nodes import plain, safe_text
from sidebyside.base.unaccented import unaccented
from sidebyside.lessons.capitals import Passage
from sidebyside.lessons.taking_out import TakingOut
from sidebyside.lessons.text import ChosenStandard, LessonText

# What is said of each picture or document before it is published along.
NOBODY, AGREED, LEFT_OUT = "nobody", "agreed", "out"
SAID = (NOBODY, AGREED, LEFT_OUT)
ANYBODY = "a student"

# Under which licences something made from a published work may be given on: Creative Commons 4.0, the share-alike
# clauses (section 3b) and the restriction to non-commercial use (section 2a).
MAY_FOLLOW: dict[str, tuple[str, ...]] = {
    "by": ("by", "by-sa", "by-nc", "by-nc-sa"),
    "by-sa": ("by-sa",),
    "by-nc": ("by-nc", "by-nc-sa"),
    "by-nc-sa": ("by-nc-sa",),
}
MOST_TERMS, LONGEST_QUERY = 8, 200


@dataclass(frozen=True)
class Draft:
    """What somebody wishes to publish, beside the version itself."""

    credit: str = ""
    subject: str = ""
    level: str = ""
    language: str = ""
    # Word -> what stands in its place in the published copy.
    replacements: Mapping[str, str] = field(default_factory=dict)
    # Id of an attachment -> what is said of it (SAID).
    pictures: Mapping[int, str] = field(default_factory=dict)
    # Id of an attachment that goes along -> its caption as it was then: nothing is published that nobody agreed to.
    captions: Mapping[int, str] = field(default_factory=dict)

    @property
    def along(self) -> set[int]:
        """The ids of the attachments that go along."""
        return {pk for pk, said in self.pictures.items() if said in (NOBODY, AGREED)}

    def to_json(self) -> str:
        """As a text to keep; `from_json` takes it back."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Draft:
        """What `to_json` made; an empty draft for a text that was erased."""
        raw = json.loads(text) if text else {}
        for name in ("pictures", "captions"):
            raw[name] = {int(pk): said for pk, said in raw.get(name, {}).items()}
        return cls(**raw)


def passages(text: LessonText) -> list[Passage]:
    """What of a lesson is looked through before it is published: title, titles of parts, and words. Standards are
    not: they are mostly words of a public list. Its description stays at home."""
    found = [Passage("title", text.title)]
    for part in text.parts:
        found += [Passage(part.id, part.title), Passage(part.id, plain(part.nodes))]
    return [passage for passage in found if passage.text]


def for_all(text: LessonText, replacements: Mapping[str, str]) -> LessonText:
    """The lesson as everybody would read it: without the words that were taken out and without its description,
    which names a class. Empty parts go."""
    out = TakingOut(replacements)
    parts = tuple(
        replace(part, title=out.text(part.title), nodes=out.nodes(part.nodes))
        for part in text.parts
        if not part.is_empty
    )
    standards = tuple(
        ChosenStandard(
            safe_text(one.identifier),
            out.text(one.code),
            out.text(one.statement),
            out.address(one.uri),
            out.text(one.framework),
        )  # fmt: skip
        for one in text.standards
    )
    return replace(text, title=out.text(text.title), about="", parts=parts, standards=standards)


def to_open(text: LessonText) -> dict[str, Any]:
    """A lesson as it lies in the open."""
    return asdict(text)


def from_open(raw: Mapping[str, Any]) -> LessonText:
    """What `to_open` made, after it was kept as JSON."""
    return LessonText.from_json(json.dumps(raw))


# To search


def terms(query: str) -> list[str]:
    """The words of a search, as texts are searched (base/unaccented.py), each to be found somewhere: at most eight."""
    return unaccented(query[:LONGEST_QUERY]).split()[:MOST_TERMS]


def searched_of(text: LessonText, others: Iterable[str]) -> str:
    """All by which a published lesson is found."""
    standards = [f"{standard.code} {standard.statement}" for standard in text.standards]
    return unaccented("\n".join([text.title, *(part.title for part in text.parts), text.plain(), *standards, *others]))
