"""The open lessons of a day as a problem for the solvers, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from sidebyside.calendars.models import Timetable, TimetableLesson
from sidebyside.calendars.slots import Span
from sidebyside.cover.assignment import Colleague, Lesson, Pair, Problem, Reason, assign
from sidebyside.cover.models import CoverOffer, CoverRequest, SubstituteDay
from sidebyside.cover.queries.days import SchoolDay, State
from sidebyside.cover.queries.ledger import Counts, Limits, counts_of, limits_of, rules_of
from sidebyside.cover.slices import Hours, Packing, Piece, pack


@dataclass(frozen=True)
class Plan:
    """Who could take which request (by id), what stays open and why. `seconds` is what the solvers took."""

    covers: dict[int, int]
    slices: dict[int, int]
    open: dict[int, Reason]
    proved: bool
    seconds: float = field(compare=False)


@dataclass(frozen=True, slots=True)
class Familiar:
    """What somebody teaches and whom, by the timetable."""

    subjects: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()

    def with_request(self, request: CoverRequest) -> bool:
        """Whether she teaches that subject or one of these classes."""
        return request.subject in self.subjects or not self.classes.isdisjoint(request.classes)


def familiar_by_person(timetables: Iterable[Timetable]) -> dict[int, Familiar]:
    """What each person teaches, and which classes, in these timetables as a whole. One query."""
    rows = TimetableLesson.objects.filter(
        period__timetable__in=[timetable.pk for timetable in timetables], teachers__person__isnull=False
    ).values_list("teachers__person", "subject", "classes")
    subjects: dict[int, set[str]] = {}
    classes: dict[int, set[str]] = {}
    for person, subject, of_classes in rows:
        subjects.setdefault(person, set()).update({subject} - {""})
        classes.setdefault(person, set()).update(of_classes)
    return {pk: Familiar(frozenset(subjects[pk]), frozenset(classes[pk])) for pk in subjects}


def stands(offer: CoverOffer | None) -> bool:
    """Whether an alive offer is more than a proposal: locked by the desk, asked, or accepted."""
    return offer is not None and bool(offer.locked_at or offer.asked_at or offer.yes_at)


def plan(
    day: SchoolDay,
    requests: Sequence[CoverRequest],
    *,
    at: datetime,
    substitutes_first: bool = False,
    others_too: bool = False,
) -> Plan:
    """Plan the open ones of these requests of a day anew; what is locked, asked or accepted stays as it is.

    Colleagues come first, and substitutes take what they leave open, or the other way round. With `others_too`
    substitutes take lessons that are no slice of 20 to 50 minutes as well. The number of queries is fixed.
    """
    began = time.perf_counter()
    offers = {
        offer.request_id: offer
        for offer in CoverOffer.objects.filter(request__in=requests, no_at=None, withdrawn_at=None)
    }
    waiting = [request for request in requests if not stands(offers.get(request.pk))]
    settled = [request for request in requests if stands(offers.get(request.pk))]
    days = hours_of(day)
    if substitutes_first:
        packing = _packed(waiting, days, others_too)
        waiting = [request for request in waiting if request.pk not in packing.taken]
    covers, still_open, proved = _assigned(day, waiting, settled, offers, at)
    if not substitutes_first:
        packing = _packed([request for request in waiting if request.pk in still_open], days, others_too)
        still_open = {pk: reason for pk, reason in still_open.items() if pk not in packing.taken}
    return Plan(covers, packing.taken, still_open, proved and packing.proved, time.perf_counter() - began)


def _packed(requests: Iterable[CoverRequest], hours: Sequence[Hours], others_too: bool) -> Packing:
    if not hours:
        return Packing({}, True)
    return pack([Piece(one.pk, Span(one.begin, one.end)) for one in requests], hours, others_too=others_too)


def hours_of(day: SchoolDay) -> list[Hours]:
    """When substitutes are there on that day, and what they take already (proposals left out). Two queries."""
    rows = SubstituteDay.objects.filter(school=day.school, on=day.on, ended_at=None).order_by("pk")
    taken: dict[int, list[Span]] = {}
    for offer in CoverOffer.objects.filter(substitute__in=rows, no_at=None, withdrawn_at=None):
        if stands(offer):
            taken.setdefault(offer.substitute_id or 0, []).append(Span(offer.begin, offer.end))
    return [Hours(row.pk, Span(row.begin, row.end), tuple(taken.get(row.pk, ()))) for row in rows]


def _assigned(
    day: SchoolDay,
    waiting: Sequence[CoverRequest],
    settled: Sequence[CoverRequest],
    offers: Mapping[int, CoverOffer],
    at: datetime,
) -> tuple[dict[int, int], dict[int, Reason], bool]:
    """Who covers which waiting request, and why the others stay open."""
    problem = problem_of(day, waiting, settled, offers, at=at)
    solution = assign(problem)
    asked = {request.pk for request in waiting}
    covers = {int(one.lesson.absent): int(one.cover) for one in solution.covers if int(one.lesson.absent) in asked}
    return covers, {int(one.lesson.absent): one.reason for one in solution.open}, solution.proved


def problem_of(
    day: SchoolDay,
    waiting: Sequence[CoverRequest],
    settled: Sequence[CoverRequest],
    offers: Mapping[int, CoverOffer],
    *,
    at: datetime,
) -> Problem:
    """The problem of a day: a slot is a time, a lesson's "absent" is the id of its request, names are ids.

    What colleagues were locked for, asked or said yes to is locked; what is settled otherwise is left out, and who
    does it is not free. Limits allow what is settled already. Whoever said no to a lesson is ruled out for it.
    """
    locked = {
        request.pk: offer.person_id
        for request in settled
        if (offer := offers[request.pk]).kind == CoverOffer.Kind.COLLEAGUE and offer.person_id in day.people
    }
    rows = [request for request in (*settled, *waiting) if request.pk in locked or not stands(offers.get(request.pk))]
    spans = {slot_of(request): Span(request.begin, request.end) for request in rows}
    present = [pk for pk in day.people if day.is_in(pk) or pk in locked.values()]
    rules = rules_of(day.school)
    counts, limits = counts_of(rules, present, on=day.on, at=at), limits_of(rules, present)
    familiar = familiar_by_person(day.timetables)
    colleagues = []
    for pk in present:
        hers = {slot_of(request) for request in settled if locked.get(request.pk) == pk}
        free = hers | {slot for slot, span in spans.items() if _could(day, pk, span, locked)}
        knows = familiar.get(pk, Familiar())
        most, so_far = _room(counts[pk], limits[pk], len(hers))
        colleagues.append(Colleague(str(pk), frozenset(free), most, so_far, knows.subjects, knows.classes))
    lessons = tuple(Lesson(slot_of(one), str(one.pk), one.subject, frozenset(one.classes), one.subject) for one in rows)
    declined = CoverOffer.objects.filter(request__in=waiting, no_at__isnull=False, person__in=present)
    by_pk = {request.pk: request for request in waiting}
    pairs = {(pk, person) for pk, person in declined.values_list("request", "person")}
    pairs |= {(request.pk, request.person_id) for request in waiting}
    return Problem(
        lessons,
        tuple(colleagues),
        frozenset(Pair(slot_of(one), str(one.pk), str(locked[one.pk])) for one in rows if one.pk in locked),
        frozenset(Pair(slot_of(by_pk[pk]), str(pk), str(person)) for pk, person in pairs),
        frozenset((one, other) for one, other in combinations(sorted(spans), 2) if spans[one].overlaps(spans[other])),
    )


def slot_of(request: CoverRequest) -> str:
    """The name of the time that a request takes."""
    return f"{request.begin.timestamp():.0f}-{request.end.timestamp():.0f}"


def _could(day: SchoolDay, person: int, span: Span, locked: Collection[int]) -> bool:
    """Whether she is free then, apart from the requests that are locked, and no other school has proposed her."""
    elsewhere = (offer for offer in day.offers.get(person, ()) if offer.request.school_id != day.school)
    proposed = any(not stands(offer) and Span(offer.begin, offer.end).overlaps(span) for offer in elsewhere)
    return not proposed and day.state(person, span, but=locked) is State.FREE


def _room(counts: Counts, limits: Limits, settled: int) -> tuple[int | None, int]:
    """How many covers somebody may have in the problem, what is settled among them, and how many she had before."""
    left = counts.left(limits)
    return None if left is None else left + settled, max(0, counts.window - settled)
