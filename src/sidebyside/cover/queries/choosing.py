"""What a cover desk looks at: the requests of a day with who takes them, and who could."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from sidebyside.base.signed import unsigned
from sidebyside.calendars.slots import Span
from sidebyside.cover.assignment import SENTENCES, Reason
from sidebyside.cover.models import Away, CoverLimit, CoverOffer, CoverRequest, SubstituteDay
from sidebyside.cover.queries.days import SchoolDay, State
from sidebyside.cover.queries.ledger import Counts, Limits, counts_of, ledger, limits_of, rules_of, window_of
from sidebyside.cover.queries.planning import Familiar, familiar_by_person, stands
from sidebyside.people.models import Person
from sidebyside.places.models import Role

ANSWER_PURPOSE = "cover offer"  # of the secret in the address of a mail
LONGEST_BACK = timedelta(days=28)  # how long what was covered for somebody stays on her page


@dataclass(frozen=True)
class Row:
    """A request as its desk, or whose lesson it is, is told of it.

    `state`: "open", "proposed", "kept", "asked", "taken". `declined` are those who said no, for the desk alone.
    """

    request: CoverRequest
    offer: CoverOffer | None
    declined: tuple[Person, ...] = ()

    @property
    def state(self) -> str:
        if self.offer is None:
            return "open"
        if self.offer.yes_at:
            return "taken"
        if self.offer.asked_at:
            return "asked"
        return "kept" if self.offer.locked_at else "proposed"

    @property
    def because(self) -> str:
        """Why the last proposal found nobody, as a text to look up; empty where there is nothing to say."""
        known = self.request.open_because in Reason.__members__.values()
        return SENTENCES[Reason(self.request.open_because)] if self.offer is None and known else ""

    @property
    def span(self) -> Span:
        """When somebody is needed."""
        return Span(self.request.begin, self.request.end)


def rows_of(requests: QuerySet[CoverRequest], offers: QuerySet[CoverOffer]) -> list[Row]:
    """These requests in the order of time, each with what became of it as far as `offers` (what the reader sees)
    tells. Three queries at most."""
    shown = offers.select_related("person", "substitute").order_by("pk")
    found = requests.select_related("person").prefetch_related(Prefetch("offers", queryset=shown))
    return [
        Row(
            request,
            next((offer for offer in request.offers.all() if offer.is_alive), None),
            tuple(offer.person for offer in request.offers.all() if offer.no_at and offer.person),
        )
        for request in found.order_by("begin", "end", "person__family_name", "pk")
    ]


def requests_on(requests: QuerySet[CoverRequest], school: int, on: date) -> QuerySet[CoverRequest]:
    """Of these, those of a school on a date that were not taken back."""
    return requests.filter(school=school, on=on, cancelled_at=None)


def away_on(absences: QuerySet[Away], day: SchoolDay) -> list[Away]:
    """Of these, who is away from that school on that day, in the order of names."""
    rows = absences.filter(school=day.school, ended_at=None, begin__lt=day.end, end__gt=day.begin)
    return list(rows.select_related("person").order_by("person__family_name", "person__given_name", "begin"))


def substitutes_on(days: QuerySet[SubstituteDay], school: int, on: date) -> list[SubstituteDay]:
    """Of these, who comes to a school on a date, with what she takes in `taken`. Two queries."""
    alive = CoverOffer.objects.filter(no_at=None, withdrawn_at=None).select_related("request").order_by("begin")
    rows = days.filter(school=school, on=on, ended_at=None).order_by("begin", "pk")
    return list(rows.prefetch_related(Prefetch("offers", queryset=alive, to_attr="taken")))


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a lesson, and what the desk looks at when it chooses. `reached` names the limit that
    allows no more."""

    person: Person
    familiar: bool
    counts: Counts
    limits: Limits
    reached: str
    strip: tuple[tuple[str, Span, State], ...]

    @property
    def is_in(self) -> bool:
        """Whether she has anything at school that day by the timetable."""
        return any(state is not State.NOT_IN for _name, _span, state in self.strip)

    @property
    def rank(self) -> tuple[object, ...]:
        """Who comes first: within the limits, familiar, with the fewest covers; then by name."""
        name = (self.person.family_name, self.person.given_name, self.person.pk)
        return bool(self.reached), not self.familiar, self.counts.window, *name


@dataclass(frozen=True)
class Choice:
    """Who could take a lesson: free colleagues who are in that day, school leaders, others who have no lessons that
    day, those who teach then (two classes together), substitutes; and who said no."""

    free: list[Candidate]
    leaders: list[Candidate]
    not_in: list[Candidate]
    teaching: list[Candidate]
    substitutes: list[SubstituteDay]
    declined: list[Person]

    @property
    def candidates(self) -> list[Candidate]:
        """Everybody who works at the school and could be asked."""
        return [*self.free, *self.leaders, *self.not_in, *self.teaching]


def choice_for(request: CoverRequest, day: SchoolDay, substitutes: Sequence[SubstituteDay], *, at: datetime) -> Choice:
    """Who could take this lesson, best first. The number of queries does not depend on how many there are."""
    span = Span(request.begin, request.end)
    declined = list(Person.objects.filter(cover_offers__request=request, cover_offers__no_at__isnull=False).distinct())
    out = {person.pk for person in declined} | {request.person_id}
    rules = rules_of(day.school)
    counts = counts_of(rules, day.people, on=day.on, at=at, but=[request.pk])
    limits = limits_of(rules, day.people)
    familiar = familiar_by_person(day.timetables)
    leading = set(
        Role.objects.filter(
            person__in=day.people, ended_at=None, place__links_below__place=day.school,
            kind__in=(Role.Kind.LEADER, Role.Kind.COVER_DESK),
        ).values_list("person", flat=True)
    )  # fmt: skip

    def of(wanted: State, people: Iterable[int]) -> list[Candidate]:
        found = [
            Candidate(
                day.people[pk], familiar.get(pk, Familiar()).with_request(request), counts[pk], limits[pk],
                counts[pk].reached(limits[pk]), tuple(day.strip(pk, but=[request.pk])),
            )
            for pk in people
            if pk not in out and day.state(pk, span, but=[request.pk]) is wanted
        ]  # fmt: skip
        return sorted(found, key=lambda one: one.rank)

    return Choice(
        of(State.FREE, day.people),
        of(State.NOT_IN, leading),
        of(State.NOT_IN, day.people.keys() - leading),
        of(State.TEACHES, day.people),
        [one for one in substitutes if _has_time(one, request)],
        declined,
    )


def _has_time(substitute: SubstituteDay, request: CoverRequest) -> bool:
    inside = substitute.begin <= request.begin and request.end <= substitute.end
    taken: Collection[CoverOffer] = getattr(substitute, "taken", ())
    span = Span(request.begin, request.end)
    return inside and not any(
        stands(offer) and offer.request_id != request.pk and Span(offer.begin, offer.end).overlaps(span)
        for offer in taken
    )


def free_by_slot(day: SchoolDay) -> list[tuple[str, Span, list[Person]]]:
    """Who is free in each slot of the day, of those who teach on it."""
    return [
        (name, span, [person for pk, person in day.people.items() if day.state(pk, span) is State.FREE])
        for name, span in day.slots()
    ]


# For those who cover, and those who are covered


def to_take(offers: QuerySet[CoverOffer], person: int, *, at: datetime) -> list[CoverOffer]:
    """Of these, what somebody takes or was asked to take, and is not over."""
    rows = offers.filter(person=person, no_at=None, withdrawn_at=None, asked_at__isnull=False, end__gt=at)
    return list(rows.select_related("request__person", "request__school").order_by("begin", "pk"))


def thanked(offers: QuerySet[CoverOffer], person: int, *, at: datetime) -> list[CoverOffer]:
    """Of these, what somebody took in the last four weeks and was thanked for, the latest first."""
    rows = offers.filter(person=person, thanked_at__gt=at - LONGEST_BACK, no_at=None, withdrawn_at=None)
    return list(rows.select_related("request__person").order_by("-thanked_at"))


def limits_at(limits: QuerySet[CoverLimit], school: int) -> list[CoverLimit]:
    """Of these, those of a school, with the persons, in the order of their names."""
    rows = limits.filter(school=school).select_related("person")
    return list(rows.order_by("person__family_name", "person__given_name", "pk"))


def needed_by(requests: QuerySet[CoverRequest], person: int, *, at: datetime) -> QuerySet[CoverRequest]:
    """Of these, somebody's own lessons that need somebody or were taken, from four weeks ago on."""
    return requests.filter(person=person, cancelled_at=None, end__gt=at - LONGEST_BACK)


def absences_of(absences: QuerySet[Away], person: int, *, at: datetime) -> list[Away]:
    """Of these, when somebody is away, from now on."""
    return list(absences.filter(person=person, ended_at=None, end__gt=at).order_by("begin"))


@dataclass(frozen=True)
class Share:
    """What somebody gave and received in the time her school looks at, and the range of what others gave there.
    `least` and `most` are None where fewer than five could have given."""

    given: int
    received: int
    least: int | None
    most: int | None
    window: str


FEWEST = 5


def share_of(person: int, day: SchoolDay, *, at: datetime) -> Share:
    """How her covers stand beside those of her school, without anybody's name."""
    rules = rules_of(day.school)
    begin, end = window_of(rules, on=day.on)
    teaching = familiar_by_person(day.timetables).keys() & day.people.keys()
    lines = ledger(day.school, begin=begin, end=end, at=at, people={*teaching, person})
    given = [line.given for line in lines.values()]
    told = len(given) >= FEWEST
    return Share(
        lines[person].given, lines[person].received, min(given) if told else None, max(given) if told else None,
        rules.window,
    )  # fmt: skip


def offer_behind(secret: str) -> CoverOffer | None:
    """The offer for which a mail's address holds this secret, with all that the mail said; None for any other text."""
    number = unsigned(ANSWER_PURPOSE, secret)
    if number is None:
        return None
    rows = CoverOffer.objects.select_related("person", "request__person", "request__school")
    return rows.filter(pk=number, asked_at__isnull=False, person__isnull=False).first()
