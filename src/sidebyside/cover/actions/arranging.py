"""How a school arranges cover: its rules, limits of single persons, substitutes from outside, the day's proposal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.marking import N_
from sidebyside.base.refusals import Refused
from sidebyside.base.text import required
from sidebyside.calendars.models import BookedDay
from sidebyside.calendars.queries import zone_at
from sidebyside.cover.actions.holding import hold_requests, take_back
from sidebyside.cover.assignment import CoverRefused
from sidebyside.cover.models import CoverLimit, CoverOffer, CoverRequest, CoverRules, SubstituteDay
from sidebyside.cover.queries import Plan, plan, school_day, stands
from sidebyside.people.models import Person
from sidebyside.places.models import Place

LONGEST_NAME = 150
HIGHEST_LIMIT = 1_000
MOST_TURNS = 3  # so often a day is planned while others change it
AT_ONCE = N_("Somebody else was arranging cover in the same moment. Propose again.")


@dataclass(frozen=True)
class Proposal:
    """What a planning found, in numbers. `proved`: nothing is better. `seconds` is what the solvers took."""

    found: int
    open: int
    proved: bool
    seconds: float


@dataclass(frozen=True)
class _Before:
    """What a plan is made from, as far as a desk changes it: read before the plan and once more after it."""

    requests: list[CoverRequest]
    needed: set[tuple[int, datetime, datetime]]
    answers: set[tuple[int, datetime | None, datetime | None]]
    substitutes: set[tuple[int, datetime, datetime]]


def propose(
    school: Place, *, on: date, by: Person, at: datetime, substitutes_first: bool = False, others_too: bool = False
) -> Proposal:
    """Propose somebody for every open lesson of a day. Earlier proposals that nobody kept or sent go; what is locked,
    asked or accepted stays. Why a lesson stays open is kept with its request.

    The plan is made outside of the transaction that writes it down, so that nobody waits for the solvers; where what
    it was made from has changed meanwhile, it is made again. Raises Refused for a day beyond the bounds of the solver,
    and where others arrange cover all the while.
    """
    for _turn in range(MOST_TURNS):
        before, days = _before(school, on, at=at), _booked(on)
        try:
            day = school_day(school.pk, on)
            found = plan(day, before.requests, at=at, substitutes_first=substitutes_first, others_too=others_too)
        except CoverRefused as refused:
            raise Refused(_("That is too much to plan at once: plan a part of it by hand.")) from refused
        with transaction.atomic():
            hold_requests(one.pk for one in before.requests)
            now, today = _before(school, on, at=at), _booked(on, found.covers.values())
            same = (now.needed, now.answers, now.substitutes) == (before.needed, before.answers, before.substitutes)
            if same and all(days.get(person) == version for person, version in today.items()):
                _write(found, now.requests, by=by, at=at)
                proposal = Proposal(len(found.covers) + len(found.slices), len(found.open), found.proved, found.seconds)
                record("cover.proposed", school, by=by, at=at, found=proposal.found, open=proposal.open)
                return proposal
    raise Refused(_(AT_ONCE))


def _before(school: Place, on: date, *, at: datetime) -> _Before:
    """Three queries."""
    rows = CoverRequest.objects.filter(school=school, on=on, cancelled_at=None, end__gt=at)
    requests = sorted(rows.select_related("person"), key=lambda one: (one.begin, one.end, one.pk))
    answers = CoverOffer.objects.filter(request__in=requests).exclude(locked_at=None, asked_at=None, yes_at=None)
    there = SubstituteDay.objects.filter(school=school, on=on, ended_at=None)
    return _Before(
        requests,
        {(one.pk, one.begin, one.end) for one in requests},
        set(answers.values_list("pk", "no_at", "withdrawn_at")),
        set(there.values_list("pk", "begin", "end")),
    )


def _booked(on: date, people: Iterable[int] | None = None) -> dict[int, int]:
    """How often somebody was booked for that day, by person: another number says that she was meanwhile. One query."""
    rows = BookedDay.objects.filter(on=on)
    rows = rows if people is None else rows.filter(person__in=list(people))
    return dict(rows.values_list("person", "version"))


def _write(found: Plan, requests: list[CoverRequest], *, by: Person, at: datetime) -> None:
    alive = CoverOffer.objects.filter(request__in=requests, no_at=None, withdrawn_at=None)
    alive.filter(locked_at=None, asked_at=None, yes_at=None).delete()
    offers = [
        CoverOffer(
            request=request, on=request.on, begin=request.begin, end=request.end, proposed_at=at, proposed_by=by,
            kind=CoverOffer.Kind.SUBSTITUTE if request.pk in found.slices else CoverOffer.Kind.COLLEAGUE,
            person_id=found.covers.get(request.pk), substitute_id=found.slices.get(request.pk),
        )
        for request in requests
        if request.pk in found.covers or request.pk in found.slices
    ]  # fmt: skip
    try:
        with transaction.atomic():
            CoverOffer.objects.bulk_create(offers)
    except IntegrityError:
        raise Refused(_(AT_ONCE)) from None
    for request in requests:
        reason = found.open[request.pk].value if request.pk in found.open else ""
        if reason != request.open_because:
            request.open_because = reason
            request.save(update_fields=["open_because"])
            if reason and request.away_id is None:
                record("cover.stays_open", request, by=by, at=at, person=request.person_id)


@transaction.atomic
def add_substitute_day(
    school: Place, *, name: str, begin: datetime, end: datetime, by: Person, at: datetime
) -> SubstituteDay:
    """Somebody from outside comes on one day, from `begin` to `end`. Raises Refused for times that are over, the
    wrong way round or on two days, and without a name."""
    if end <= begin:
        raise Refused(_("The end comes before the beginning."))
    if end <= at:
        raise Refused(_("This time is over."))
    zone = zone_at(school.pk)
    on = begin.astimezone(zone).date()
    if end.astimezone(zone).date() != on:
        raise Refused(_("A substitute comes for one day at a time."))
    made = SubstituteDay.objects.create(
        school=school, name=required(name, longest=LONGEST_NAME), on=on, begin=begin, end=end, made_at=at, made_by=by
    )
    record("substitute.added", made, by=by, at=at)
    return made


@transaction.atomic
def end_substitute_day(day: SubstituteDay, *, by: Person, at: datetime) -> None:
    """A substitute does not come: what she was to take and is not over is open again."""
    offers = CoverOffer.objects.filter(substitute=day, no_at=None, withdrawn_at=None, end__gt=at).order_by("request")
    hold_requests(offers.values_list("request", flat=True))
    if not SubstituteDay.objects.filter(pk=day.pk, ended_at=None).update(ended_at=at, ended_by=by):
        return
    for offer in offers:
        if stands(offer):
            take_back(offer, by=by, at=at, told=True)
        else:
            offer.delete()
    record("substitute.ended", day, by=by, at=at)


def _limit(number: int | None) -> int | None:
    if number is not None and not 0 <= number <= HIGHEST_LIMIT:
        raise Refused(_("A limit is a number from 0 to 1,000."))
    return number


@transaction.atomic
def set_rules(
    school: Place,
    *,
    most_a_day: int | None,
    most_a_week: int | None,
    most_a_term: int | None,
    window: str,
    by: Person,
    at: datetime,
) -> CoverRules:
    """Say how many covers a person may have at this school (None: any number) and over which time they are counted.

    Raises Refused for a number out of bounds and for a time that is none of `CoverRules.Window`.
    """
    if window not in CoverRules.Window.values:
        raise Refused(_("Choose over which time covers are counted."))
    day, week, term = map(_limit, (most_a_day, most_a_week, most_a_term))
    values = {
        "most_a_day": day, "most_a_week": week, "most_a_term": term, "window": window, "changed_at": at,
        "changed_by": by,
    }  # fmt: skip
    rules, _is_new = CoverRules.objects.update_or_create(school=school, defaults=values)
    record("cover_rules.set", rules, by=by, at=at)
    return rules


@transaction.atomic
def set_limit(
    person: Person,
    *,
    school: Place,
    most_a_day: int | None,
    most_a_week: int | None,
    most_a_term: int | None,
    by: Person,
    at: datetime,
) -> CoverLimit | None:
    """Set other limits for one person than her school's; where one is None, the school's holds, and with all three
    None nothing of her own is kept. Raises Refused for a number out of bounds."""
    numbers = tuple(map(_limit, (most_a_day, most_a_week, most_a_term)))
    if not any(number is not None for number in numbers):
        for own in CoverLimit.objects.filter(person=person, school=school):
            record("cover_limit.ended", own, by=by, at=at, person=person.pk)
            own.delete()
        return None
    day, week, term = numbers
    values = {"most_a_day": day, "most_a_week": week, "most_a_term": term, "changed_at": at, "changed_by": by}
    made, _is_new = CoverLimit.objects.update_or_create(person=person, school=school, defaults=values)
    record("cover_limit.set", made, by=by, at=at, person=person.pk)
    return made
