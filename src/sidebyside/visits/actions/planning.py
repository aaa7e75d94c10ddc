"""Propose a calendar for a term: for all partnerships of a school at once, or for one by itself.

The search takes seconds and holds no transaction: what it needs is read before, what it found is written after, and
whoever takes a part of it is asked again whether the time is still free.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.marking import N_
from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import Term
from sidebyside.calendars.queries import schools_of, zone_at
from sidebyside.calendars.slots import Span
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members, with_members
from sidebyside.people.models import Person
from sidebyside.places.models import Place
from sidebyside.visits.actions.parts import must_go_on
from sidebyside.visits.gathering import Gathered, Pairing, Stretch, gather
from sidebyside.visits.models import PlannedVisit, TermPlan
from sidebyside.visits.planning_queries import cover_at, earlier_plans, going_at, is_overtaken, pairings_of
from sidebyside.visits.talks import MINUTES
from sidebyside.visits.term_plan import Aim, Plan, Talk, propose

LONGEST = timedelta(weeks=30)
TALK = timedelta(minutes=MINUTES)
DAY = timedelta(days=1)


# For a school


@transaction.atomic
def ask_for_plan(
    school: Place, *, begin: date, end: date, by: Person, at: datetime, term: Term | None = None
) -> TermPlan:
    """Write down that a calendar is wanted for all partnerships of a school; `carry_out` then makes it.

    Raises Refused where the days are over, in the wrong order, or more than 30 weeks.
    """
    _check_days(school.pk, begin, end, at=at)
    plan = TermPlan.objects.create(school=school, term=term, begin=begin, end=end, made_at=at, made_by=by)
    record("term_plan.asked", plan, by=by, at=at)
    return plan


def carry_out(plan: TermPlan, *, at: datetime) -> None:
    """Make the calendar that was asked for: each partnership gets its part of it as a proposal. What earlier plans for
    the same days proposed and nobody took goes. Where nothing can be planned, `numbers["why"]` has the sentence, as
    a text to look up. Call it outside of a transaction."""
    stretch = _stretch(plan, at=at)
    planned = going_at(plan.school, begin=plan.begin, end=plan.end, at=at)
    counts = {"elsewhere": planned.elsewhere, "by_themselves": planned.by_themselves}
    try:
        if not planned.partnerships:
            raise Refused(N_("No partnership of this school waits for a calendar."))
        _fill(plan, stretch, planned.partnerships, counts, at=at)
    except Refused as refused:
        found = TermPlan.objects.filter(pk=plan.pk)
        found.update(numbers={**counts, "state": "refused", "why": refused.sentence})


def carry_out_asked(*, plan: int, at: datetime) -> None:
    """As `carry_out`, by the plan's id: for `base.later.at_leisure`."""
    found = TermPlan.objects.filter(pk=plan, put_away_at=None, numbers={}).select_related("school").first()
    if found is not None:
        carry_out(found, at=at)


def plan_term(school: Place, *, begin: date, end: date, by: Person, at: datetime, term: Term | None = None) -> TermPlan:
    """Propose a calendar from `begin` to `end`, both included, to every partnership under way whose members all work
    at this school: for each visit a talk before and a talk after (see `visits.term_plan`).

    What a partnership has booked counts; one that made a calendar for itself keeps it. Seconds for a large school.
    Raises Refused as `ask_for_plan`, and where nothing can be planned.
    """
    plan = ask_for_plan(school, begin=begin, end=end, by=by, at=at, term=term)
    carry_out(plan, at=at)
    plan.refresh_from_db()
    if plan.numbers.get("state") == "refused":
        raise Refused(_(plan.numbers["why"]))
    return plan


# For one partnership


def plan_ours(partnership: Partnership, *, begin: date, end: date, by: Person, at: datetime) -> TermPlan:
    """Propose a calendar to one partnership, which its member asks for. What was proposed to it for these days and
    not taken goes, also what a plan of the school proposed.

    Raises Refused where it rests or has ended, `by` is not in it, the days are wrong, and where nothing can be planned.
    """
    with transaction.atomic():
        must_go_on(partnership, by)
    ours = with_members(Partnership.objects.filter(pk=partnership.pk)).get()
    people = [member.person_id for member in current_members(ours)]
    schools = schools_of(people)
    school = schools.get(by.pk) or next(iter(schools.values()), None)
    if school is None:
        raise Refused(_("None of you works at a school that is known here."))
    _check_days(school, begin, end, at=at)
    plan = TermPlan(school_id=school, partnership=partnership, begin=begin, end=end, made_at=at, made_by=by)
    stretch = _stretch(plan, at=at)
    # Colleagues of one school cover for its own teachers: for a partnership of several schools nobody is asked to.
    same = set(schools.values()) == {school} and len(schools) == len(people)
    try:
        pairings, found, gathered = _search([ours], stretch, colleagues=cover_at(school) if same else [], at=at)
    except Refused as refused:
        raise Refused(_(refused.sentence)) from None
    with transaction.atomic():
        must_go_on(partnership, by)
        plan.numbers = _numbers([ours], pairings, gathered, found)
        plan.save(force_insert=True)
        _replace(plan, at=at)
        _write(plan, gathered, found)
        record("term_plan.made", plan, by=by, at=at, partnership=partnership.pk)
    return plan


@transaction.atomic
def put_away(plan: TermPlan, *, by: Person, at: datetime) -> None:
    """Put a plan away: what nobody took of it goes, what was taken stays booked. Put away already: nothing happens."""
    if TermPlan.objects.filter(pk=plan.pk, put_away_at=None).update(put_away_at=at):
        _drop_open(plan)
        record("term_plan.put_away", plan, by=by, at=at, partnership=plan.partnership_id)


# How it is made


def _check_days(school: int, begin: date, end: date, *, at: datetime) -> None:
    today = timezone.localtime(at, zone_at(school)).date()
    if end < begin:
        raise Refused(_("The last day must come after the first."))
    if end <= today:
        raise Refused(_("These days are over."))
    if end - begin > LONGEST:
        raise Refused(_("A calendar is for 30 weeks at most."))


def _stretch(plan: TermPlan, *, at: datetime) -> Stretch:
    zone = zone_at(plan.school_id)
    # From tomorrow on: nobody is asked to talk before a visit within the hour.
    tomorrow = timezone.localtime(at, zone).date() + DAY
    return Stretch(plan.school_id, max(plan.begin, tomorrow), plan.end, zone, plan.begin)


def _search(
    partnerships: Sequence[Partnership], stretch: Stretch, *, colleagues: Sequence[int], at: datetime
) -> tuple[list[Pairing], Plan, Gathered]:
    pairings = pairings_of(partnerships, stretch)
    if not pairings:
        raise Refused(N_("All visits of these weeks are booked already."))
    gathered = gather(pairings, stretch, colleagues=colleagues, at=at)
    return pairings, propose(gathered.problem), gathered


def _fill(
    plan: TermPlan, stretch: Stretch, partnerships: Sequence[Partnership], counts: dict[str, int], *, at: datetime
) -> None:
    pairings, found, gathered = _search(partnerships, stretch, colleagues=cover_at(plan.school_id), at=at)
    numbers = {**counts, **_numbers(partnerships, pairings, gathered, found)}
    with transaction.atomic():
        if not TermPlan.objects.filter(pk=plan.pk, put_away_at=None).update(numbers=numbers):
            return
        if is_overtaken(plan):
            TermPlan.objects.filter(pk=plan.pk).update(put_away_at=at)
            return
        _replace(plan, at=at)
        _write(plan, gathered, found)
        record("term_plan.made", plan, by=plan.made_by, at=at)


def _replace(plan: TermPlan, *, at: datetime) -> None:
    """Put earlier plans for these days away; where a partnership plans for itself, also what its school proposed."""
    for earlier in earlier_plans(plan):
        TermPlan.objects.filter(pk=earlier.pk).update(put_away_at=at)
        _drop_open(earlier)
    if plan.partnership_id is not None:
        theirs = PlannedVisit.objects.filter(partnership=plan.partnership_id, plan__partnership=None)
        theirs = theirs.filter(plan__begin__lte=plan.end, plan__end__gte=plan.begin)
        theirs.filter(taken_at=None, passed_over_at=None).delete()


def _drop_open(plan: TermPlan) -> None:
    # What was passed over stays, so that it is not proposed again.
    PlannedVisit.objects.filter(plan=plan, taken_at=None, passed_over_at=None).delete()


def _write(plan: TermPlan, gathered: Gathered, found: Plan) -> None:
    """Write the visits that were found. Two members of a partnership see the same rows."""
    PlannedVisit.objects.bulk_create(
        PlannedVisit(
            plan=plan,
            partnership_id=int(one.partnership.partition("-")[0]),
            observed_id=int(one.observed),
            observer_id=int(one.observer),
            lesson_id=int(one.lesson.key.partition("-")[0]),
            begin=gathered.spans[one.lesson.slot].begin,
            end=gathered.spans[one.lesson.slot].end,
            # Talks are short: before the visit at the end of a free period, after it at its beginning.
            talk_before=_talk(gathered, one.before, latest=True).begin,
            talk_after=_talk(gathered, one.after, latest=False).begin,
            talk_minutes=MINUTES,
            minutes_to_cover=one.cover.minutes if one.cover else 0,
        )
        for one in found.visits
    )


def _talk(gathered: Gathered, talk: Talk, *, latest: bool) -> Span:
    span = gathered.spans[talk.slot]
    return Span(span.end - TALK, span.end) if latest else Span(span.begin, span.begin + TALK)


def _numbers(
    partnerships: Sequence[Partnership], pairings: Sequence[Pairing], gathered: Gathered, found: Plan
) -> dict[str, object]:
    """What is kept of a plan beside its proposals: counts, and how good it is. Never who."""
    week_of = gathered.problem.weeks
    monday = dict(zip(sorted(set(week_of.values())), gathered.mondays, strict=True))
    visits = Counter(week_of[one.lesson.slot.day] for one in found.visits)
    covers = Counter(week_of[one.lesson.slot.day] for one in found.visits if one.cover)
    main = [one for one in found.reached if one.aim in (Aim.OPEN, Aim.COVER)]
    return {
        "state": "made",
        "partnerships": len(partnerships),
        "wanted": sum(one.of_first + one.of_second for one in pairings),
        "visits": len(found.visits),
        "covers": sum(covers.values()),
        "minutes": sum(one.cover.minutes for one in found.visits if one.cover),
        "weeks": [[on.isoformat(), visits[week], covers[week]] for week, on in monday.items()],
        "open": dict(Counter(one.reason.value for one in found.open)),
        "cover_desk": bool(gathered.problem.colleagues),
        # No plan places more visits, or as many with fewer minutes to cover; or by at most so many per cent.
        "best": all(one.value == one.bound for one in main),
        "proved": found.proved,
        "per_cent": math.ceil(100 * max(one.gap for one in main)),
    }
