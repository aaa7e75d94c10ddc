"""Questions about plans of a term: whom a plan is for, how often who visits whom, what is proposed and still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from sidebyside.calendars.models import Term
from sidebyside.calendars.queries import terms_at, zone_at
from sidebyside.cover.queries import people_at_school
from sidebyside.cycles.queries import running, template_of
from sidebyside.partnerships.models import Form, Member, Part, Partnership
from sidebyside.partnerships.queries import current_members, with_members
from sidebyside.places.models import Place, Role
from sidebyside.places.queries import ids_above, ids_below
from sidebyside.visits.gathering import Pairing, Stretch
from sidebyside.visits.models import PlannedVisit, TermPlan, Visit

EACH = 2  # visits to each, where the cycle says no number
AHEAD = timedelta(weeks=40)  # terms that begin later are not offered yet

# Proposed, and nobody has said yes or no to it.
OPEN = Q(taken_at=None, passed_over_at=None, plan__put_away_at=None)


@dataclass(frozen=True)
class Planned:
    """Whom a plan of a school is for. `elsewhere`: partnerships with a member of another school; `by_themselves`:
    those that made a calendar for themselves, which stays."""

    partnerships: list[Partnership]
    elsewhere: int
    by_themselves: int


def going_at(school: Place, *, begin: date, end: date, at: datetime) -> Planned:
    """The partnerships under way whose members all work at a school, for a plan of these days, with members. A few
    queries, whatever their number."""
    here = people_at_school(school.pk)
    inside = Member.objects.filter(left_at=None, person__in=here).values("partnership")
    rows = with_members(Partnership.objects.filter(pk__in=inside, ended_at=None, rested_at=None).order_by("pk"))
    paused = {pk for pk, cycle in running(rows).items() if cycle.paused_at is not None}
    going = [one for one in rows if one.pk not in paused]
    together = [one for one in going if all(member.person_id in here for member in current_members(one))]
    own = PlannedVisit.objects.filter(OPEN, begin__gt=at, plan__begin__lte=end, plan__end__gte=begin)
    theirs = set(own.filter(plan__partnership__isnull=False).values_list("partnership", flat=True))
    chosen = [one for one in together if one.pk not in theirs]
    return Planned(chosen, len(going) - len(together), len(together) - len(chosen))


def pairings_of(partnerships: Sequence[Partnership], stretch: Stretch) -> list[Pairing]:
    """Who visits whom how often in each of these partnerships, as its cycle says: in a reciprocal one each is visited
    so many times, in others each partner by the coach. What they have booked in that time is counted; where nothing
    is left to plan, the two are not among them. Three queries."""
    cycles = running(partnerships)
    booked = _booked([one.pk for one in partnerships], stretch)
    found = []
    for one in partnerships:
        cycle = cycles.get(one.pk)
        chosen = template_of(cycle) if cycle else None
        number = (chosen.observations_per_teacher if chosen else 0) or EACH
        both_ways = chosen.reciprocal if chosen else False
        for first, second, of_first, of_second in _who_visits(one, number, both_ways=both_ways):
            left = Pairing(
                one.pk,
                first,
                second,
                max(0, of_first - booked[one.pk, first, second]),
                max(0, of_second - booked[one.pk, second, first]),
            )
            if left.of_first or left.of_second:
                found.append(left)
    return found


def _who_visits(partnership: Partnership, number: int, *, both_ways: bool) -> Iterator[tuple[int, int, int, int]]:
    """The first, the second, visits to the first, visits to the second. More than two who visit each other do so in a
    ring, so that each is visited as often as in a pair and by both neighbours."""
    members = current_members(partnership)
    people = [member.person_id for member in members]
    coaches = [member.person_id for member in members if member.part == Part.COACH]
    if partnership.form == Form.PEERS or not coaches or (both_ways and len(people) > 2):
        if len(people) == 2:
            yield people[0], people[1], number, number
        elif len(people) > 2:
            for one, following in [*pairwise(people), (people[-1], people[0])]:
                yield one, following, number // 2, number - number // 2
        return
    for coach in coaches[:1]:
        for partner in people:
            if partner != coach:
                yield partner, coach, number, number if both_ways else 0


def _booked(partnerships: Collection[int], stretch: Stretch) -> Counter[tuple[int, int, int]]:
    """The visits these partnerships booked in that time, by partnership, observed and observer."""
    rows = Visit.objects.filter(
        partnership__in=partnerships, cancelled_at=None, begin__gte=stretch.first_of_term, begin__lt=stretch.last
    )
    return Counter(rows.values_list("partnership", "observed", "observer"))


def schools_to_plan(places: Iterable[int]) -> list[Place]:
    """The schools at or below these places where somebody is in a partnership, by name; 50 at most. One query."""
    inside = Member.objects.filter(left_at=None, partnership__ended_at=None, school__kind=Place.Kind.SCHOOL)
    below = Place.objects.filter(pk__in=ids_below(places), closed_at=None)
    return list(below.filter(pk__in=inside.values("school")).order_by("name", "pk")[:50])


def cover_at(school: int) -> list[int]:
    """Who could cover at a school, by id: everybody there, where somebody arranges cover; else nobody. Two queries."""
    desk = Role.objects.filter(kind=Role.Kind.COVER_DESK, ended_at=None, place__in=ids_above([school]))
    return list(people_at_school(school)) if desk.exists() else []


def terms_to_plan(school: int, *, at: datetime) -> list[Term]:
    """The terms of a school that are not over, the running one first."""
    today = timezone.localtime(at, zone_at(school)).date()
    return terms_at(school, begin=today, end=today + AHEAD)


# What is proposed


def open_proposals(planned: QuerySet[PlannedVisit], partnership: Partnership, *, at: datetime) -> list[PlannedVisit]:
    """Of these, what is proposed to a partnership and to come, in the order of time, each with all it names. What
    names somebody who is no longer in it is left out. One query."""
    inside = Member.objects.filter(partnership=partnership, left_at=None).values("person")
    rows = planned.filter(OPEN, partnership=partnership, begin__gt=at, observed__in=inside, observer__in=inside)
    wanted = ("lesson__period__timetable", "plan", "partnership", "observed", "observer")
    return list(rows.select_related(*wanted).order_by("begin", "pk"))


def booked_visits(visits: QuerySet[Visit], partnership: Partnership, *, begin: datetime) -> list[Visit]:
    """Of these, the visits that a partnership booked, from `begin` on, in the order of time, each with its meetings'
    appointments."""
    rows = visits.filter(partnership=partnership, cancelled_at=None, begin__gte=begin)
    rows = rows.select_related("observed", "observer")
    return list(rows.prefetch_related("meetings__appointment").order_by("begin", "pk"))


def plans_of_school(plans: QuerySet[TermPlan], school: Place) -> list[TermPlan]:
    """Of these, the plans for a school that were not put away, the latest first."""
    return list(plans.filter(school=school, partnership=None, put_away_at=None).select_related("term").order_by("-pk"))


def own_plan(plans: QuerySet[TermPlan], partnership: Partnership) -> TermPlan | None:
    """Of these, the last plan that a partnership made for itself."""
    return plans.filter(partnership=partnership, put_away_at=None).order_by("-pk").first()


def earlier_plans(plan: TermPlan) -> QuerySet[TermPlan]:
    """The plans of the same kind for the same days that came before, not put away."""
    rows = TermPlan.objects.filter(partnership=plan.partnership_id, put_away_at=None, pk__lt=plan.pk)
    return rows.filter(school=plan.school_id, begin__lte=plan.end, end__gte=plan.begin)


def is_overtaken(plan: TermPlan) -> bool:
    """Whether a later plan of the same kind for the same days was made meanwhile."""
    rows = TermPlan.objects.filter(partnership=plan.partnership_id, put_away_at=None, numbers__state="made")
    return rows.filter(pk__gt=plan.pk, school=plan.school_id, begin__lte=plan.end, end__gte=plan.begin).exists()


def taken_numbers(plans: Iterable[TermPlan]) -> dict[int, int]:
    """How many visits of each of these plans were taken, by its id. One query."""
    rows = PlannedVisit.objects.filter(plan__in=list(plans), taken_at__isnull=False)
    return Counter(rows.values_list(F("plan"), flat=True))
