"""How the text of a lesson is laid out, in its live document and as a value.

In the document (a Yjs document): a map `parts` says which parts there are and in which order, a text
`text:<id>` holds the words of each, and a map `standards` which standards were chosen. To move a part changes its
place alone, and to remove it only says so: who writes in it at the same moment loses no word.
Pure: no Django, no database.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from pycrdt import Doc, Map, Text

from sidebyside.base.live.shape import MAP, TEXT
from sidebyside.base.rich_text import shared
from sidebyside.base.rich_text.nodes import Nodes, is_empty, plain, safe_text

PART_KINDS = ("goals", "task", "moves", "assessment", "resources", "timing", "other")
FIRST_PARTS = PART_KINDS[:-1]
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
MOST_PARTS = 60
LONGEST_TITLE = 120
MOST_MINUTES = 1_000
STEP = 1024.0  # between the places of two parts that follow one another


@dataclass(frozen=True)
class LessonPart:
    """One part of a lesson. Without a title of its own its kind names it; 0 minutes: nothing was said."""

    id: str
    kind: str
    title: str
    minutes: int
    nodes: Nodes

    @property
    def is_empty(self) -> bool:
        return is_empty(self.nodes)


@dataclass(frozen=True)
class ChosenStandard:
    """A standard that a lesson works towards, as it read when it was chosen."""

    identifier: str
    code: str
    statement: str
    uri: str = ""
    framework: str = ""


@dataclass(frozen=True)
class LessonText:
    """All that a lesson says, at one moment."""

    title: str
    about: str
    parts: tuple[LessonPart, ...] = ()
    standards: tuple[ChosenStandard, ...] = ()

    def part(self, id: str) -> LessonPart | None:
        """The part of this id."""
        return next((part for part in self.parts if part.id == id), None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written yet but title and description."""
        return not self.standards and all(part.is_empty for part in self.parts)

    @property
    def minutes(self) -> int:
        """How long the parts take together, as far as they say."""
        return sum(part.minutes for part in self.parts)

    def plain(self) -> str:
        """Its words, part by part."""
        return "\n\n".join(found for part in self.parts if (found := plain(part.nodes)))

    def to_json(self) -> str:
        """As a text to keep; `from_json` takes it back."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> LessonText:
        """What `to_json` made."""
        raw = json.loads(text)
        return cls(
            title=raw["title"],
            about=raw["about"],
            parts=tuple(LessonPart(**part) for part in raw["parts"]),
            standards=tuple(ChosenStandard(**standard) for standard in raw["standards"]),
        )


# To read


def characters(doc: Doc) -> int:
    """How many characters of text there are, of removed parts and of parts that no list names too. Quick."""
    texts = [name for name in doc.keys() if name.startswith("text:")]  # noqa: SIM118 (a document is no dict)
    return sum(shared.characters(doc.get(name, type=Text)) for name in texts)


def kind_of_root(name: str) -> int | None:
    """What the root of this name is in the document of a lesson; None where a lesson has none of that name."""
    if name in ("parts", "standards"):
        return MAP
    return TEXT if name.startswith("text:") and is_part_id(name.removeprefix("text:")) else None


def read(doc: Doc, *, title: str = "", about: str = "") -> LessonText:
    """What the document says. Anything in it that is no lesson is passed over: a browser may have written anything."""
    return LessonText(title, about, tuple(_parts(doc, removed=False)), tuple(_standards(doc)))


def removed_parts(doc: Doc) -> list[LessonPart]:
    """The parts that were removed, with their words."""
    return _parts(doc, removed=True)


def _parts(doc: Doc, *, removed: bool) -> list[LessonPart]:
    found = []
    for id, _place, raw in _rows(doc):
        if (raw.get("removed") is True) == removed:
            kind, title = raw.get("kind"), raw.get("title")
            found.append(
                LessonPart(
                    id=id,
                    kind=kind if isinstance(kind, str) and kind in PART_KINDS else "other",
                    title=_line(title) if isinstance(title, str) else "",
                    minutes=_minutes(raw.get("minutes")),
                    nodes=shared.read(_words(doc, id)),
                )
            )
    return found


def _rows(doc: Doc) -> list[tuple[str, float, dict[str, Any]]]:
    """The parts as (id, place, what is said of it), in order, the removed ones too."""
    rows = []
    parts = _map(doc, "parts")
    for id in parts:
        raw = parts[id]
        if isinstance(raw, Map) and is_part_id(id):
            values = dict(raw.to_py() or {})
            rows.append((id, _number(values.get("place")), values))
    return sorted(rows, key=lambda row: (row[1], row[0]))[:MOST_PARTS]


def is_part_id(id: str) -> bool:
    """Whether this can be the id of a part."""
    return 0 < len(id) <= 40 and all(letter in LETTERS for letter in id)


def _standards(doc: Doc) -> list[ChosenStandard]:
    chosen = []
    raw = _map(doc, "standards").to_py() or {}
    for identifier, values in raw.items():
        if isinstance(values, dict) and isinstance(values.get("statement"), str):
            texts = {name: safe_text(values.get(name)) for name in ("code", "statement", "uri", "framework")}
            chosen.append((_number(values.get("at")), ChosenStandard(identifier, **texts)))
    return [standard for _at, standard in sorted(chosen, key=lambda one: (one[0], one[1].code, one[1].identifier))]


def _map(doc: Doc, name: str) -> Any:
    return doc.get(name, type=Map)


def _words(doc: Doc, id: str) -> Text:
    return doc.get(f"text:{id}", type=Text)


def _number(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < 1e15 else 0.0


def _minutes(value: Any) -> int:
    return round(min(max(_number(value), 0), MOST_MINUTES))


def _line(text: str) -> str:
    return " ".join(safe_text(text).split())[:LONGEST_TITLE]


# To write


def begin(doc: Doc) -> None:
    """Give a new document the parts that a lesson begins with, empty."""
    for kind in FIRST_PARTS:
        add_part(doc, kind)


def add_part(doc: Doc, kind: str, *, after: str | None = None, id: str = "") -> str:
    """Add a part, at the end or after another one. Returns its id. Raises ValueError for a kind there is none of,
    and when there are too many parts."""
    if kind not in PART_KINDS:
        raise ValueError(kind)
    rows = _rows(doc)
    if len(rows) >= MOST_PARTS:
        raise ValueError("too many parts")
    id = id or "".join(secrets.choice(LETTERS) for _ in range(8))
    last = rows[-1][0] if rows else None
    place = _place_after(rows, after if after is not None else last)
    _map(doc, "parts")[id] = Map({"kind": kind, "title": "", "place": place, "minutes": 0.0, "removed": False})
    return id


def move_part(doc: Doc, id: str, *, after: str | None) -> None:
    """Put a part after another one, or first (None). Raises KeyError for parts there are none of."""
    rows = [row for row in _rows(doc) if row[0] != id]
    _part(doc, id)["place"] = _place_after(rows, after)


def _place_after(rows: list[tuple[str, float, dict[str, Any]]], after: str | None) -> float:
    """A place between the part `after` and the one that follows it."""
    ids = [id for id, _place, _raw in rows]
    at = ids.index(after) + 1 if after in ids else 0
    if after is not None and at == 0:
        raise KeyError(after)
    before = rows[at - 1][1] if at else None
    behind = rows[at][1] if at < len(rows) else None
    if before is None:
        return behind - STEP if behind is not None else STEP
    return (before + behind) / 2 if behind is not None else before + STEP


def change_part(
    doc: Doc, id: str, *, title: str | None = None, minutes: int | None = None, removed: bool | None = None
) -> None:
    """Change what is said of a part. Raises KeyError for a part there is none of."""
    part = _part(doc, id)
    if title is not None:
        part["title"] = _line(title)
    if minutes is not None:
        part["minutes"] = float(_minutes(minutes))
    if removed is not None:
        part["removed"] = removed


def set_nodes(doc: Doc, id: str, nodes: Nodes) -> None:
    """Make a part say this; what stays the same is not touched. Raises KeyError for a part there is none of."""
    _part(doc, id)
    shared.write(_words(doc, id), nodes)


def _part(doc: Doc, id: str) -> Any:
    parts = _map(doc, "parts")
    if id not in parts or not isinstance(parts[id], Map):
        raise KeyError(id)
    return parts[id]


def add_standard(doc: Doc, standard: ChosenStandard) -> None:
    """Choose a standard, after those chosen before. Chosen already: its wording is brought up to date where it is."""
    chosen = _map(doc, "standards")
    places = {key: _number(one.get("at")) for key, one in (chosen.to_py() or {}).items() if isinstance(one, dict)}
    at = places.get(standard.identifier, max(places.values(), default=0.0) + 1)
    values = asdict(standard)
    identifier = values.pop("identifier")
    chosen[identifier] = {**values, "at": at}


def remove_standard(doc: Doc, identifier: str) -> None:
    """Choose a standard no more."""
    chosen = _map(doc, "standards")
    if identifier in chosen:
        del chosen[identifier]


def fill(doc: Doc, text: LessonText) -> None:
    """Make the document say what `text` says: parts of the same id are kept and take on its words, others are marked
    as removed. Title and description are no part of a document."""
    with doc.transaction():
        there = {id for id, _place, _raw in _rows(doc)}
        for id in there - {part.id for part in text.parts}:
            change_part(doc, id, removed=True)
        for at, part in enumerate(text.parts, start=1):
            if part.id not in there:
                add_part(doc, part.kind, id=part.id)
            change_part(doc, part.id, title=part.title, minutes=part.minutes, removed=False)
            _part(doc, part.id)["place"] = at * STEP
            set_nodes(doc, part.id, part.nodes)
        wanted = {standard.identifier for standard in text.standards}
        for identifier in set(_map(doc, "standards").to_py() or {}) - wanted:
            remove_standard(doc, identifier)
        for at, standard in enumerate(text.standards, start=1):
            values = asdict(standard)
            _map(doc, "standards")[values.pop("identifier")] = {**values, "at": float(at)}
