"""How somebody answers about one version of a lesson, and what the answers say, area by area.

It speaks of a lesson, never of a person: there is no total and no score in here, and none can be made of what it
returns without leaving out the areas. Pure: no Django, no database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sidebyside.materials.rating_shapes import (
    ANSWERS,
    LEVEL,
    NO,
    YES,
    Chain,
    ChainQuestion,
    Chains,
    Checklist,
    ChecklistArea,
    ChecklistItem,
    Level,
    LevelsDimension,
    Scale,
)

OPEN = "open"
SHOWN = ("clearly", "partly", "not_yet", "not_intended", OPEN)
"""The answers in the order in which they are counted up; `open`: not answered."""


class UnknownAnswer(ValueError):
    """An answer or a note to something that is not asked, or an answer there is none of. Names the code."""


@dataclass(frozen=True)
class Answers:
    """What was answered (code of an item, a question or a dimension: code of the answer), and notes by code."""

    given: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered; a note alone is no answer."""
        return not self.given

    def to_json(self) -> str:
        """As a text to keep; `from_json` takes it back."""
        return json.dumps({"answers": self.given, "notes": self.notes}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Answers:
        """What `to_json` made; an empty text (one that was erased) is no answers."""
        raw = json.loads(text) if text else {}
        return cls(dict(raw.get("answers", {})), dict(raw.get("notes", {})))


# What may be answered


def question_code(chain: Chain, question: ChainQuestion) -> str:
    """Under which code the answer to a question of a chain is kept."""
    return f"{chain.code}.{question.code}"


def asked(scale: Scale) -> dict[str, tuple[str, ...]]:
    """Everything a scale asks: code to the answers there are."""
    if isinstance(scale, Checklist):
        return {item.code: tuple(ANSWERS) for item in scale.items}
    if isinstance(scale, Chains):
        return {question_code(chain, one): (YES, NO) for chain in scale.chains for one in chain.questions}
    return {one.code: tuple(level.code for level in one.levels) for one in scale.dimensions}


def noted(scale: Scale) -> tuple[str, ...]:
    """The codes that may have a note: items, chains, dimensions."""
    if isinstance(scale, Checklist):
        return tuple(item.code for item in scale.items)
    return tuple(one.code for one in (scale.chains if isinstance(scale, Chains) else scale.dimensions))


def checked(scale: Scale, given: Mapping[str, str], notes: Mapping[str, str]) -> Answers:
    """These answers and notes, if the scale asks for them; empty ones are left out, and so is what a chain no longer
    leads to. Raises UnknownAnswer."""
    possible, may_be_noted = asked(scale), set(noted(scale))
    for code, answer in given.items():
        if code not in possible or (answer and answer not in possible[code]):
            raise UnknownAnswer(code)
    for code in notes:
        if code not in may_be_noted:
            raise UnknownAnswer(code)
    kept = {code: given[code] for code in possible if given.get(code)}
    if isinstance(scale, Chains):
        walked = {
            question_code(chain, step.question) for chain in scale.chains for step in path(chain, kept) if step.answer
        }
        kept = {code: answer for code, answer in kept.items() if code in walked}
    return Answers(kept, {code: notes[code] for code in noted(scale) if notes.get(code)})


def known(scale: Scale, answers: Answers) -> Answers:
    """These answers without what the scale does not ask: what is shown never stumbles over what was kept once."""
    possible, may_be_noted = asked(scale), noted(scale)
    given = {code: answer for code, answer in answers.given.items() if answer in possible.get(code, ())}
    return Answers(given, {code: answers.notes[code] for code in may_be_noted if code in answers.notes})


def both(theirs: Answers, mine: Answers) -> Answers:
    """Two windows of one person put together: mine, with theirs where mine is open, and both notes, theirs first."""
    notes = dict(theirs.notes)
    for code, sent in mine.notes.items():
        note, there = "\n".join(sent.splitlines()).strip(), notes.get(code, "")
        if note and note not in there:
            notes[code] = f"{there}\n\n{note}" if there and there not in note else note
    answered = {code: answer for code, answer in mine.given.items() if answer}
    return Answers({**theirs.given, **answered}, notes)


def other_than(mine: Answers, theirs: Answers) -> Answers:
    """What of theirs is not the same as mine, item by item: an answer with its note."""
    codes = {*theirs.given, *theirs.notes}
    here = {
        code: (mine.given.get(code, ""), "\n".join(mine.notes.get(code, "").splitlines()).strip()) for code in codes
    }
    there = {code: (theirs.given.get(code, ""), theirs.notes.get(code, "")) for code in codes}
    apart = {code for code in codes if here[code] != there[code]}
    return Answers(
        {code: answer for code, answer in theirs.given.items() if code in apart},
        {code: note for code, note in theirs.notes.items() if code in apart},
    )


# What the answers say


@dataclass(frozen=True)
class Step:
    """A question of a chain with its answer ("yes", "no", or "" where it is the next to answer)."""

    question: ChainQuestion
    answer: str


def path(chain: Chain, given: Mapping[str, str]) -> tuple[Step, ...]:
    """The questions that the answers lead through, in order; the last one may be still to answer."""
    steps, code = [], chain.questions[0].code
    while not code.startswith(LEVEL):
        question = chain.question(code)
        answer = given.get(question_code(chain, question), "")
        steps.append(Step(question, answer))
        if not answer:
            break
        code = question.leads_to(answer)
    return tuple(steps)


def level_of(chain: Chain, given: Mapping[str, str]) -> Level | None:
    """The level that the answers lead to; None while a question is open."""
    last = path(chain, given)[-1]
    return chain.level(last.question.leads_to(last.answer)) if last.answer else None


@dataclass(frozen=True)
class AreaResult:
    """What was answered in one area: how many items have which answer (`counts`, by the codes of `SHOWN`), or which
    level of a chain or a dimension it is (None: open), with the path of questions to it."""

    code: str
    title: str
    counts: Mapping[str, int] | None = None
    level: Level | None = None
    steps: tuple[Step, ...] = ()

    @property
    def items(self) -> int:
        """How many items the area has."""
        return sum(self.counts.values()) if self.counts else 0

    @property
    def is_open(self) -> bool:
        """Whether nothing was answered here."""
        return self.level is None and (not self.counts or self.counts[OPEN] == self.items)


def results(scale: Scale, answers: Answers) -> tuple[AreaResult, ...]:
    """What the answers say in each area, chain or dimension of the scale."""
    if isinstance(scale, Checklist):
        return tuple(_counted(area, answers) for area in scale.areas)
    if isinstance(scale, Chains):
        return tuple(_walked(chain, answers) for chain in scale.chains)
    return tuple(_chosen(one, answers) for one in scale.dimensions)


def _counted(area: ChecklistArea, answers: Answers) -> AreaResult:
    found = [answers.given.get(item.code, OPEN) for item in area.items]
    return AreaResult(area.code, area.title, counts={answer: found.count(answer) for answer in SHOWN})


def _walked(chain: Chain, answers: Answers) -> AreaResult:
    steps = path(chain, answers.given)
    return AreaResult(chain.code, chain.title, level=level_of(chain, answers.given), steps=steps)


def _chosen(one: LevelsDimension, answers: Answers) -> AreaResult:
    code = answers.given.get(one.code)
    return AreaResult(one.code, one.title, level=one.level(code) if code else None)


@dataclass(frozen=True)
class AreaChange:
    """One area before and after. Either may be missing: not rated then, or the area was not there."""

    code: str
    title: str
    before: AreaResult | None
    after: AreaResult | None

    @property
    def turned(self) -> str:
        """ "more" or "less" where more or fewer items are clearly there than before, "other" where a level is another
        one; "" where nothing changed or one of the two is missing or open."""
        if not self.before or not self.after or self.before.is_open or self.after.is_open:
            return ""
        if self.before.counts is not None and self.after.counts is not None:
            more = self.after.counts["clearly"] - self.before.counts["clearly"]
            return "more" if more > 0 else "less" if more < 0 else ""
        return "other" if self.before.level != self.after.level else ""


def changes(before: Iterable[AreaResult], after: Iterable[AreaResult]) -> tuple[AreaChange, ...]:
    """Two results beside each other, area by area, in the order of the later one. What is open in both is left out
    of chains and levels (only those that were chosen count)."""
    first, second = {one.code: one for one in before}, {one.code: one for one in after}
    found = []
    for code in dict.fromkeys([*second, *first]):
        then, now = first.get(code), second.get(code)
        known = now or then
        if known is None or (known.counts is None and all(one is None or one.is_open for one in (then, now))):
            continue
        found.append(AreaChange(code, known.title, then, now))
    return tuple(found)


# A checklist of one's own


def own_body(checklist: Checklist) -> str:
    """A checklist that a partnership made its own, as a text to keep; `read_own` takes it back."""
    areas = [
        {
            "code": area.code, "title": area.title, "purpose": area.purpose,
            "items": [{"code": item.code, "text": item.text, "is_own": item.is_own} for item in area.items],
        }
        for area in checklist.areas
    ]  # fmt: skip
    head = {"slug": checklist.slug, "version": checklist.version, "title": checklist.title}
    return json.dumps({**head, "purpose": checklist.purpose, "areas": areas}, ensure_ascii=False)


def read_own(body: str) -> Checklist:
    """What `own_body` made; an empty text (one that was erased) is a checklist without areas."""
    raw: dict[str, Any] = json.loads(body) if body else {}
    return Checklist(
        slug=raw.get("slug", ""),
        version=raw.get("version", 0),
        title=raw.get("title", ""),
        purpose=raw.get("purpose", ""),
        areas=tuple(
            ChecklistArea(
                area["code"], area["title"], area["purpose"], tuple(ChecklistItem(**item) for item in area["items"])
            )
            for area in raw.get("areas", ())
        ),
    )


def next_code(area: str, known: Iterable[str]) -> str:
    """A code for one more item of an area, after all that were ever given there."""
    numbers = [int(code[len(area) :]) for code in known if code.startswith(area) and code[len(area) :].isdecimal()]
    return f"{area}{max(numbers, default=0) + 1}"
