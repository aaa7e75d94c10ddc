"""How cover adds up: limits, and how much each colleague gave and received in the time that the school looks at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from sidebyside.calendars.queries import terms_at
from sidebyside.cover.models import CoverLimit, CoverOffer, CoverRequest, CoverRules
from sidebyside.cover.queries.engagements import STANDS

Dates = tuple[date, date]
WITHOUT_TERM = timedelta(weeks=12)
# A swap is given back by the other: it is nobody's load.
COUNTS = ~Q(kind=CoverOffer.Kind.SWAP)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most covers of one person; None where any number is allowed."""

    day: int | None = None
    week: int | None = None
    term: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Covers of one person: on the day, in its week, in its term, and in the time that the school looks at."""

    day: int = 0
    week: int = 0
    term: int = 0
    window: int = 0

    def left(self, limits: Limits) -> int | None:
        """How many more the limits allow on that day; None for any number."""
        pairs = ((limits.day, self.day), (limits.week, self.week), (limits.term, self.term))
        return min((max(0, most - had) for most, had in pairs if most is not None), default=None)

    def reached(self, limits: Limits) -> str:
        """Which limit allows no more: "day", "week" or "term"; empty where none does."""
        for name in ("day", "week", "term"):
            most = getattr(limits, name)
            if most is not None and getattr(self, name) >= most:
                return name
        return ""


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the ledger: lessons of others she took, and lessons of hers that others took."""

    person: int
    given: int
    received: int


def rules_of(school: int) -> CoverRules:
    """The rules of a school; where none were set, new ones without limits that are not kept."""
    found = CoverRules.objects.filter(school=school).first()
    return found or CoverRules(school_id=school)


def limits_of(rules: CoverRules, people: Collection[int]) -> dict[int, Limits]:
    """The limits that hold for these persons: their own, and where these say nothing the school's. One query."""
    school = Limits(rules.most_a_day, rules.most_a_week, rules.most_a_term)
    found = dict.fromkeys(people, school)
    for own in CoverLimit.objects.filter(school=rules.school_id, person__in=people):
        found[own.person_id] = Limits(
            *(
                mine if mine is not None else theirs
                for mine, theirs in (
                    (own.most_a_day, school.day),
                    (own.most_a_week, school.week),
                    (own.most_a_term, school.term),
                )
            )
        )
    return found


def week_of(on: date) -> Dates:
    """Monday and Sunday of its week."""
    monday = on - timedelta(days=on.weekday())
    return monday, monday + timedelta(days=6)


def term_of(school: int, on: date) -> Dates:
    """First and last day of the term at a school; where it has said none, the twelve weeks up to that day."""
    term = next(iter(terms_at(school, begin=on, end=on)), None)
    return (term.begin, term.end) if term else (on - WITHOUT_TERM + timedelta(days=1), on)


def window_of(rules: CoverRules, *, on: date) -> Dates:
    """First and last day of the time over which a school counts covers, as seen from a day."""
    if rules.window == CoverRules.Window.WEEK:
        return week_of(on)
    if rules.window == CoverRules.Window.FOUR_WEEKS:
        return on - timedelta(days=27), on
    if rules.window == CoverRules.Window.YEAR:
        return on - timedelta(days=364), on
    return term_of(rules.school_id, on)


def covers_given(school: int, *, at: datetime) -> Q:
    """Which offers of a school are covers that count: who said yes, and who is asked or kept for a lesson to come."""
    return COUNTS & STANDS & Q(request__school=school) & (Q(yes_at__isnull=False) | Q(end__gt=at))


def counts_of(
    rules: CoverRules, people: Collection[int], *, on: date, at: datetime, but: Collection[int] = ()
) -> dict[int, Counts]:
    """The covers of these persons as seen from a day; swaps are left out, and requests of the ids in `but`. One query,
    and a few for the terms."""
    stretches = {
        "day": (on, on),
        "week": week_of(on),
        "term": term_of(rules.school_id, on),
        "window": window_of(rules, on=on),
    }
    first, last = (pick(pair[at] for pair in stretches.values()) for at, pick in ((0, min), (1, max)))
    offers = (
        CoverOffer.objects.filter(covers_given(rules.school_id, at=at), person__in=people, on__range=(first, last))
        .exclude(request__in=but)
        .order_by()
    )
    numbers = {name: Count("pk", filter=Q(on__range=pair)) for name, pair in stretches.items()}
    found = dict.fromkeys(people, Counts())
    for person, *values in offers.values_list("person").annotate(**numbers):
        found[person] = Counts(*values)
    return found


def ledger(
    school: int, *, begin: date, end: date, at: datetime, people: Collection[int] | None = None
) -> dict[int, Line]:
    """What each person gave and received at a school from `begin` to `end`, both included; swaps are left out. With
    `people` these alone, all of them. Who neither gave nor received is missing otherwise. Two queries."""
    offers = CoverOffer.objects.filter(covers_given(school, at=at), person__isnull=False, on__range=(begin, end))
    taken = CoverOffer.objects.filter(COUNTS, yes_at__isnull=False, no_at=None, withdrawn_at=None)
    requests = CoverRequest.objects.filter(
        school=school, cancelled_at=None, on__range=(begin, end), pk__in=taken.values("request")
    )
    if people is not None:
        offers, requests = offers.filter(person__in=people), requests.filter(person__in=people)
    given = dict(offers.order_by().values_list("person").annotate(number=Count("pk")))
    received = dict(requests.order_by().values_list("person").annotate(number=Count("pk")))
    who = set(people) if people is not None else given.keys() | received.keys()
    return {pk: Line(pk, given.get(pk, 0), received.get(pk, 0)) for pk in who}
