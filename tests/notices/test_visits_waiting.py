"""What home says about visits and meetings: to whom, until when, and never to anybody else."""

from datetime import UTC, datetime, timedelta

import pytest

from sidebyside import policy
from sidebyside.calendars.actions.appointments import answer
from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.calendars.slots import Span
from sidebyside.cover import actions as cover
from sidebyside.cover.models import CoverOffer
from sidebyside.notices.coming import coming_in
from sidebyside.notices.queries import home
from sidebyside.partnerships import actions as partnerships
from sidebyside.visits import actions
from sidebyside.visits.models import Visit

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KINDS = (
    "visit_lost", "visit_cover_open", "visit_invitation", "meeting_invitation", "meeting_declined", "visit_over",
)  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_is_booked_yet(world):
    for visit in world.visits.values():
        actions.cancel(visit, by=world.ana, at=world.at)


def told(person, at):
    return home(person, policy.standing(person), at=at)


def items(person, at):
    return [item for item in told(person, at).waiting if item.kind in KINDS]


def kinds(person, at):
    return [item.kind for item in items(person, at)]


def evening(world, days):
    """After school, some days from now."""
    return (world.at + days * DAY).replace(hour=19, minute=0, second=0, microsecond=0)


def booked(world, days=10, **more):
    """Ana visits a lesson of Ben's, by hand, booked by Ben."""
    begin = evening(world, days)
    more = {"by": world.ben, "at": world.at, **more}
    return actions.book(
        world.ana_and_ben,
        observed=world.ben,
        observer=world.ana,
        lesson=_span(begin),
        talk_after=_span(begin + HOUR),
        **more,
    )


def _span(begin):
    return Span(begin, begin + timedelta(minutes=45))


def says(person, appointment, what, at):
    answer(Attendee.objects.get(appointment=appointment, person=person), answer=what, by=person, at=at)


def part(visit, kind="visit"):
    return Appointment.objects.get(meeting__visit=visit, kind=kind, cancelled_at=None)


def test_a_visit_asks_once_whoever_did_not_book_it_until_she_answered_all_parts(world):
    visit = booked(world)
    [item] = items(world.ana, world.at)
    assert (item.kind, item.about, item.who.name, item.at) == (
        "visit_invitation",
        visit.pk,
        world.ben.name,
        visit.begin,
    )
    assert items(world.ben, world.at) == []
    says(world.ana, part(visit), "yes", world.at)
    assert kinds(world.ana, world.at) == ["visit_invitation"]
    actions.say(visit, comes=True, by=world.ana, at=world.at)
    assert items(world.ana, world.at) == []


def test_who_cannot_come_is_told_to_the_other_with_a_name_and_to_her_without(world):
    visit = booked(world)
    actions.say(visit, comes=False, by=world.ana, at=world.at)
    [item] = items(world.ben, world.at)
    assert (item.kind, item.about, item.who.name) == ("visit_lost", visit.pk, world.ana.name)
    [mine] = items(world.ana, world.at)
    assert (mine.kind, mine.who) == ("visit_lost", None)
    actions.cancel(visit, by=world.ben, at=world.at)
    assert items(world.ben, world.at) == items(world.ana, world.at) == []


def test_nobody_else_is_told_anything(world):
    actions.say(booked(world), comes=False, by=world.ana, at=world.at)
    begin = evening(world, 1)
    actions.meet(world.ana_and_ben, begin=begin, end=begin + HOUR, by=world.ana, at=world.at)
    for name, person in world.people.items():
        if name not in ("ana", "ben"):
            assert items(person, world.at) == [], name


def test_a_meeting_asks_the_others_and_a_series_asks_once(world):
    begin = evening(world, 8)
    rule = "FREQ=WEEKLY;INTERVAL=1;COUNT=4"
    rows = actions.meet(world.ana_and_ben, begin=begin, end=begin + HOUR, rule=rule, by=world.ana, at=world.at)
    [item] = items(world.ben, world.at)
    assert (item.kind, item.about, item.who.name) == ("meeting_invitation", rows[0].appointment_id, world.ana.name)
    says(world.ben, rows[0].appointment, "no", world.at)
    assert [one.about for one in items(world.ben, world.at)] == [rows[1].appointment_id]
    [declined] = items(world.ana, world.at)
    assert (declined.kind, declined.about, declined.who.name) == (
        "meeting_declined", rows[0].appointment_id, world.ben.name
    )  # fmt: skip


def test_cover_that_stays_open_is_told_the_day_before_and_not_when_somebody_takes_it(world):
    visit = world.visits["ana_visits_ben_covered"]
    visit = actions.book(
        world.ana_and_ben, observed=world.ben, observer=world.ana, lesson=f"{visit.lesson_id}-{visit.begin:%Y%m%d}",
        by=world.ben, at=world.at,
    )  # fmt: skip
    for person in (world.ana, world.ben):
        assert "visit_cover_open" not in kinds(person, visit.begin - 2 * DAY)
        assert "visit_cover_open" in kinds(person, visit.begin - DAY)
    request = visit.covers.get().request
    cover.choose(request, kind=CoverOffer.Kind.COLLEAGUE, person=world.lena, by=world.olu, at=world.at)
    cover.send_out(world.linden, on=request.on, by=world.olu, at=world.at)
    assert "visit_cover_open" in kinds(world.ben, visit.begin - DAY)
    actions.set_talk(visit, kind="talk_after", span=_span(visit.end + 10 * HOUR), by=world.ben, at=world.at)
    says(world.ana, part(visit, "talk_after"), "no", world.at)  # a talk alone that lost its time changes nothing here
    assert "visit_cover_open" in kinds(world.ben, visit.begin - DAY)
    cover.say_yes(CoverOffer.objects.get(request=request, withdrawn_at=None), by=world.lena, at=world.at)
    assert "visit_cover_open" not in kinds(world.ben, visit.begin - DAY)


def test_a_visit_that_lies_behind_asks_for_two_weeks_whether_it_took_place(world):
    visit = booked(world)
    after = visit.end + timedelta(minutes=1)
    assert "visit_over" in kinds(world.ben, after)
    assert "visit_over" not in kinds(world.ben, after + 14 * DAY)
    actions.hold(visit, by=world.ana, at=after)
    assert "visit_over" not in kinds(world.ben, after)


# What is next


def test_the_nearest_appointment_is_next_unless_her_step_comes_first(world):
    visit = booked(world, days=1)
    found = told(world.ben, world.at).next
    assert (found.kind, found.coming.visit, found.coming.observed) == ("coming", visit.pk, world.ben.pk)
    actions.cancel(visit, by=world.ben, at=world.at)
    assert told(world.ben, world.at).next.kind == "step"
    booked(world, days=10)
    assert told(world.ben, world.at).next.kind == "step"


def test_what_she_declined_or_what_is_of_others_is_not_next_for_her(world):
    begin = evening(world, 1)
    [meeting] = actions.meet(world.ana_and_ben, begin=begin, end=begin + HOUR, by=world.ana, at=world.at)
    assert told(world.ben, world.at).next.coming.pk == meeting.appointment_id
    assert told(world.lena, world.at).next is None
    says(world.ben, meeting.appointment, "no", world.at)
    assert told(world.ben, world.at).next.kind == "step"
    assert told(world.ana, world.at).next.kind == "coming"


def test_a_workspace_shows_what_comes_one_of_each_series_films_and_what_needs_a_time(world):
    standing = policy.standing(world.ana)
    pair = world.ana_and_ben
    begin = datetime(2031, 1, 7, 19, tzinfo=UTC)
    rule = "FREQ=WEEKLY;INTERVAL=1;COUNT=4"
    actions.meet(pair, begin=begin, end=begin + HOUR, rule=rule, by=world.ana, at=world.at)
    actions.say(booked(world, days=3), comes=False, by=world.ana, at=world.at)
    film = booked(world, days=5, way=Visit.Way.VIDEO)
    there = booked(world, days=7)
    found = coming_in(standing, pair.pk, at=world.at)
    assert [(one.kind, one.needs_time) for one in found] == [
        ("visit", True), ("visit", False), ("talk_after", False), ("visit", False), ("talk_after", False),
        ("meeting", False),
    ]  # fmt: skip
    assert [one.visit for one in found[1:4]] == [film.pk, film.pk, there.pk]
    assert coming_in(standing, world.ana_and_chen.pk, at=world.at) == []
    assert coming_in(policy.standing(world.lena), pair.pk, at=world.at) == []
    partnerships.end(pair, by=world.ana, at=world.at)
    assert coming_in(policy.standing(world.ana), pair.pk, at=world.at) == []
