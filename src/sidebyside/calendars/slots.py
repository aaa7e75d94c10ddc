"""Which lessons of a colleague could be visited: where the observer is free anyway first, then the least cover.

Pure. Times are aware; `end` of a span is outside of it, so that spans which only meet do not overlap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A time from `begin` up to `end`."""

    begin: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded up; nothing for a span that ends before it begins."""
        return max(0, -int((self.begin - self.end) // timedelta(minutes=1)))

    def overlaps(self, other: Span) -> bool:
        """Whether both have some time in common; a span without length has none."""
        return max(self.begin, other.begin) < min(self.end, other.end)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson on one day: its key, who teach it, when, and what the school calls the period and the room."""

    key: str
    teachers: frozenset[str]
    span: Span
    period: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A lesson of the observer that needs cover: for how many minutes, and who is free for all of them, by name."""

    lesson: Lesson
    minutes: int
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A lesson that could be visited, what needs cover for it, and the minutes of that together."""

    lesson: Lesson
    needs: tuple[Need, ...]
    minutes: int
    wished_free: bool

    @property
    def coverable(self) -> bool:
        """Whether for each lesson that needs cover somebody is free."""
        return all(need.by for need in self.needs)


def slots(
    lessons: Iterable[Lesson],
    *,
    observed: str,
    observer: str,
    busy: Mapping[str, Sequence[Span]],
    kept_free: Mapping[str, Sequence[Span]],
    colleagues: Collection[str],
) -> list[Slot]:
    """The lessons of `observed` that `observer` could visit, best first.

    `lessons` are all lessons of the school in the time in question. `busy` are the other engagements of each person,
    `kept_free` the free times that each wants for herself: nobody covers then, and a visit then comes after others of
    its kind. Left out are lessons without length, those the observer teaches herself, and those in which one of the
    two is busy otherwise. A lesson counts for cover with the minutes of it that the visit takes, since the observer
    is away for these; who covers is free for them and is neither of the two.

    Order: no cover needed; cover to be had for all; cover missing. Within each: outside kept times, then fewest
    minutes, then most people to choose from for the scarcest lesson, then earliest, then by key.
    """
    every = sorted(
        (one for one in lessons if one.span.minutes), key=lambda one: (one.span.begin, one.span.end, one.key)
    )
    taught: dict[str, list[Lesson]] = {}
    for lesson in every:
        for teacher in lesson.teachers:
            taught.setdefault(teacher, []).append(lesson)
    able = sorted(set(colleagues) - {observed, observer})

    def engaged(person: str, span: Span) -> bool:
        return any(span.overlaps(other) for other in busy.get(person, ()))

    def could_cover(person: str, span: Span) -> bool:
        return not (
            engaged(person, span)
            or any(span.overlaps(other) for other in kept_free.get(person, ()))
            or any(span.overlaps(other.span) for other in taught.get(person, ()))
        )

    found = []
    for lesson in taught.get(observed, ()) if observed != observer else ():
        if observer in lesson.teachers or engaged(observer, lesson.span) or engaged(observed, lesson.span):
            continue
        needs = []
        for own in taught.get(observer, ()):
            if own.span.overlaps(lesson.span):
                part = Span(max(own.span.begin, lesson.span.begin), min(own.span.end, lesson.span.end))
                by = tuple(one for one in able if one not in own.teachers and could_cover(one, part))
                # A second teacher of the lesson stays with the class: then no cover is needed.
                if not own.teachers - {observer, observed}:
                    needs.append(Need(own, part.minutes, by))
        wished = any(lesson.span.overlaps(other) for other in kept_free.get(observer, ()))
        found.append(Slot(lesson, tuple(needs), sum(need.minutes for need in needs), wished))
    return sorted(found, key=rank)


def rank(slot: Slot) -> tuple[object, ...]:
    """The place of a slot in the order that `slots` promises."""
    kind = 0 if not slot.needs else 1 if slot.coverable else 2
    scarcest = min((len(need.by) for need in slot.needs), default=0)
    begin = slot.lesson.span.begin
    return kind, slot.wished_free, slot.minutes, -scarcest, begin, slot.lesson.key
