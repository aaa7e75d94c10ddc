"""When two people could talk before and after a visit: in a period both have free, else around their lessons.

Pure. Times are aware; `end` of a span is outside of it. A school day is a date on which the school has periods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sidebyside.calendars.slots import Span

MINUTES = 20
DAYS_BEFORE = 2
DAYS_AFTER = 3

Kind = Literal["free", "beside", "break", "before", "after"]


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """A date with its periods, each with its name."""

    on: date
    periods: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class TalkTime:
    """A time for a talk: in a period both have free (`period` is its name), in a break, before or after school; or
    right beside the visit, where nothing is known of the day."""

    span: Span
    kind: Kind
    period: str = ""


def times_before(
    visit: Span,
    *,
    days: Iterable[SchoolDay],
    busy: Sequence[Span],
    since: datetime,
    minutes: int = MINUTES,
    school_days: int = DAYS_BEFORE,
) -> list[TalkTime]:
    """When the two could talk before a visit: on its day or on the `school_days` school days before it, never before
    `since`. `busy` are the times at which one of the two cannot. Periods both have free come first, then other times;
    within each the nearest to the visit first."""
    known = sorted(days, key=lambda day: day.on)
    own = _index(known, visit)
    near = known[max(0, own - school_days) : own + 1] if own is not None else []
    beside = Span(visit.begin - timedelta(minutes=minutes), visit.begin)
    found = _possible(near, beside, busy, minutes, latest=True)
    found = [one for one in found if one.span.end <= visit.begin and one.span.begin >= since]
    return _ranked(found, lambda one: visit.begin - one.span.end)


def times_after(
    visit: Span,
    *,
    days: Iterable[SchoolDay],
    busy: Sequence[Span],
    since: datetime,
    minutes: int = MINUTES,
    school_days: int = DAYS_AFTER,
) -> list[TalkTime]:
    """As `times_before`, after the visit: on its day or on the `school_days` school days after it."""
    known = sorted(days, key=lambda day: day.on)
    own = _index(known, visit)
    near = known[own : own + school_days + 1] if own is not None else []
    beside = Span(visit.end, visit.end + timedelta(minutes=minutes))
    found = _possible(near, beside, busy, minutes, latest=False)
    found = [one for one in found if one.span.begin >= visit.end and one.span.begin >= since]
    return _ranked(found, lambda one: one.span.begin - visit.end)


def _index(days: Sequence[SchoolDay], visit: Span) -> int | None:
    """Which of these days the visit lies on, by their periods; else the last day that ended before it."""
    found = [at for at, day in enumerate(days) if day.periods and day.periods[0][1].begin <= visit.end]
    return found[-1] if found else None


def _possible(
    days: Sequence[SchoolDay], beside: Span, busy: Sequence[Span], minutes: int, *, latest: bool
) -> list[TalkTime]:
    found = [one for day in days for one in _of_day(day, minutes, latest=latest)]
    if not any(day.periods for day in days):
        found.append(TalkTime(beside, "beside"))
    return [one for one in found if not any(one.span.overlaps(other) for other in busy)]


def _of_day(day: SchoolDay, minutes: int, *, latest: bool) -> Iterator[TalkTime]:
    """Each place of a day that has room for a talk; at the end of a free period where `latest`, else at its begin."""
    length = timedelta(minutes=minutes)
    periods = sorted(day.periods, key=lambda one: (one[1].begin, one[1].end))
    reached = None
    for name, span in periods:
        if reached is None:
            yield TalkTime(Span(span.begin - length, span.begin), "before")
        elif span.begin - reached >= length:
            gap = Span(span.begin - length, span.begin) if latest else Span(reached, reached + length)
            yield TalkTime(gap, "break")
        if span.end - span.begin >= length:
            room = Span(span.end - length, span.end) if latest else Span(span.begin, span.begin + length)
            yield TalkTime(room, "free", name)
        reached = span.end if reached is None else max(reached, span.end)
    if reached is not None:
        yield TalkTime(Span(reached, reached + length), "after")


def _ranked(found: Iterable[TalkTime], distance: Callable[[TalkTime], timedelta]) -> list[TalkTime]:
    unique = {one.span: one for one in sorted(found, key=lambda one: one.kind != "free", reverse=True)}
    return sorted(unique.values(), key=lambda one: (one.kind != "free", distance(one), one.span.begin))
