"""The proposal of a day: the best there is, what the desk keeps stays, and why something is open."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import TimetableLesson
from sidebyside.cover import actions
from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.cover.queries import ledger, plan, school_day, window_of
from sidebyside.cover.queries.ledger import rules_of
from tests.cover.conftest import AT, ON, Staff, moment

pytestmark = pytest.mark.django_db
Kind = CoverOffer.Kind


def propose(staff: Staff, **others: object) -> actions.Proposal:
    return actions.propose(staff.school, on=ON, by=staff.olu, at=AT, **others)


def taken(staff: Staff) -> dict[tuple[str, str], str]:
    """Who takes which lesson: (whose, period) to name."""
    alive = CoverOffer.objects.filter(no_at=None, withdrawn_at=None).select_related("request__person", "person")
    return {
        (offer.request.person.given_name.lower(), offer.request.period): offer.person.given_name.lower()
        if offer.person
        else "substitute"
        for offer in alive
    }


def reasons(staff: Staff) -> dict[tuple[str, str], str]:
    rows = CoverRequest.objects.filter(cancelled_at=None).exclude(open_because="").select_related("person")
    return {(row.person.given_name.lower(), row.period): row.open_because for row in rows}


def test_who_teaches_the_subject_or_knows_the_class_comes_first(staff: Staff) -> None:
    staff.ask("ana", 0)
    proposal = propose(staff)
    # Chen teaches mathematics, and 7a; Lena and Olu are free too.
    assert taken(staff) == {("ana", "1"): "chen"}
    assert (proposal.found, proposal.open, proposal.proved) == (1, 0, True)


def test_the_ledger_evens_out(staff: Staff) -> None:
    staff.ask("ben", 0)
    # Nobody else teaches physics or knows 8a; Chen has had two, Olu one.
    TimetableLesson.objects.filter(event="olu1").update(classes=["9c"])
    for number, name in enumerate(("chen", "chen", "olu")):
        request = staff.ask("lena", 0, on=ON - timedelta(days=7 * number + 7), at=AT - timedelta(days=40))
        CoverOffer.objects.create(
            request=request, kind=Kind.COLLEAGUE, person=staff.people[name], on=request.on, begin=request.begin,
            end=request.end, proposed_at=AT, asked_at=AT, yes_at=AT,
        )  # fmt: skip
    assert propose(staff).found == 1
    assert taken(staff)["ben", "1"] == "lena"


def test_what_is_locked_asked_or_accepted_stays_when_all_is_planned_anew(staff: Staff) -> None:
    first, second = staff.ask("ana", 0), staff.ask("ben", 0)
    actions.choose(first, kind=Kind.COLLEAGUE, person=staff.lena, by=staff.olu, at=AT)
    propose(staff)
    assert taken(staff)["ana", "1"] == "lena"
    kept = CoverOffer.objects.get(request=second)
    propose(staff)
    again = CoverOffer.objects.get(request=second)
    assert again.pk != kept.pk
    assert again.person_id == kept.person_id
    actions.send_out(staff.school, on=ON, by=staff.olu, at=AT)
    actions.say_yes(again, by=again.person, at=AT)
    propose(staff)
    assert CoverOffer.objects.get(request=second).pk == again.pk
    assert CoverOffer.objects.count() == 2


def test_a_no_is_not_asked_again_and_the_reason_is_kept(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    for _turn in range(3):
        propose(staff)
        actions.send_out(staff.school, on=ON, by=staff.olu, at=AT)
        offer = CoverOffer.objects.get(request=request, no_at=None)
        actions.say_no(offer, by=offer.person, at=AT)
    assert propose(staff).open == 1
    assert reasons(staff) == {("ana", "1"): "all_declined"}


def test_why_lessons_stay_open(staff: Staff) -> None:
    for name in ("chen", "lena", "olu"):
        actions.mark_away(
            staff.people[name], school=staff.school, begin=moment(8), end=moment(9, 20), by=staff.olu, at=AT
        )
    staff.ask("ana", 0)
    assert propose(staff).open == 1
    assert reasons(staff) == {("ana", "1"): "nobody_free"}


def test_limits_leave_a_lesson_open(staff: Staff) -> None:
    rules = {"most_a_day": 0, "most_a_week": None, "most_a_term": None, "window": "term"}
    actions.set_rules(staff.school, by=staff.olu, at=AT, **rules)
    staff.ask("ana", 0)
    propose(staff)
    assert reasons(staff) == {("ana", "1"): "at_limit"}
    actions.set_rules(staff.school, by=staff.olu, at=AT, **(rules | {"most_a_day": 1}))
    propose(staff)
    assert reasons(staff) == {}


def test_parts_that_overlap_go_to_different_people(staff: Staff) -> None:
    actions.mark_away(staff.ana, school=staff.school, begin=moment(8, 45), end=moment(9, 5), by=staff.olu, at=AT)
    actions.mark_away(staff.ben, school=staff.school, begin=moment(9), end=moment(9, 15), by=staff.olu, at=AT)
    actions.mark_away(staff.chen, school=staff.school, begin=moment(0), end=moment(9, 16), by=staff.olu, at=AT)
    propose(staff)
    found = taken(staff)
    assert found.keys() == {("ana", "1"), ("ben", "1")}
    assert len(set(found.values())) == 2


def test_substitutes_first_or_colleagues_first(staff: Staff) -> None:
    staff.ask("ana", 0)
    staff.ask("ana", 1)
    actions.add_substitute_day(staff.school, name="Rosa", begin=moment(8), end=moment(13), by=staff.olu, at=AT)
    propose(staff)
    assert "substitute" not in taken(staff).values()
    propose(staff, substitutes_first=True)
    assert list(taken(staff).values()) == ["substitute", "substitute"]


def test_a_substitute_takes_what_colleagues_leave_open(staff: Staff) -> None:
    rules = {"most_a_day": 0, "most_a_week": None, "most_a_term": None, "window": "term"}
    actions.set_rules(staff.school, by=staff.olu, at=AT, **rules)
    staff.ask("ana", 0)
    staff.ask("ben", 0)
    actions.add_substitute_day(staff.school, name="Rosa", begin=moment(8), end=moment(13), by=staff.olu, at=AT)
    propose(staff)
    assert list(taken(staff).values()) == ["substitute"]
    assert list(reasons(staff).values()) == ["at_limit"]


def test_a_day_without_requests_is_planned_too(staff: Staff) -> None:
    proposal = propose(staff)
    assert (proposal.found, proposal.open, proposal.proved) == (0, 0, True)


def test_the_number_of_queries_does_not_grow(staff: Staff) -> None:
    def queries() -> int:
        requests = list(CoverRequest.objects.filter(cancelled_at=None))
        with CaptureQueriesContext(
            connection,
        ) as counted:
            plan(school_day(staff.school.pk, ON), requests, at=AT)
        return len(counted)

    staff.ask("ana", 0)
    with_one = queries()
    for name, number in (("ana", 1), ("ben", 0), ("lena", 0)):
        staff.ask(name, number)
    assert queries() == with_one


def test_the_ledger_counts_what_was_given_and_received_without_swaps(staff: Staff) -> None:
    given = {"kind": Kind.COLLEAGUE, "person": staff.chen, "by": staff.olu, "at": AT}
    for request, kind in ((staff.ask("ana", 0), Kind.COLLEAGUE), (staff.ask("lena", 0), Kind.SWAP)):
        person = staff.chen if kind == Kind.COLLEAGUE else staff.dara
        offer = actions.choose(request, **(given | {"kind": kind, "person": person}))
        actions.send(offer, by=staff.olu, at=AT, agreed=True)
    begin, end = window_of(rules_of(staff.school.pk), on=ON)
    lines = ledger(staff.school.pk, begin=begin, end=end, at=AT)
    assert {pk: (line.given, line.received) for pk, line in lines.items()} == {
        staff.chen.pk: (1, 0),
        staff.ana.pk: (0, 1),
    }


def test_who_was_asked_and_never_answered_gave_nothing_once_it_is_over(staff: Staff) -> None:
    offer = actions.choose(staff.ask("ana", 0), kind=Kind.COLLEAGUE, person=staff.chen, by=staff.olu, at=AT)
    actions.send(offer, by=staff.olu, at=AT)
    dates = {"begin": ON, "end": ON}
    assert ledger(staff.school.pk, at=AT, **dates)[staff.chen.pk].given == 1
    assert ledger(staff.school.pk, at=moment(9, 15), **dates) == {}


@pytest.mark.parametrize(("window", "first"), [("week", -3), ("four_weeks", -27), ("year", -364), ("term", -83)])
def test_the_window_of_the_schools_choice(staff: Staff, window: str, first: int) -> None:
    rules = {"most_a_day": None, "most_a_week": None, "most_a_term": None}
    actions.set_rules(staff.school, by=staff.olu, at=AT, window=window, **rules)
    assert window_of(rules_of(staff.school.pk), on=ON)[0] == ON + timedelta(days=first)


def test_rules_out_of_bounds_are_refused(staff: Staff) -> None:
    rules = {"most_a_day": None, "most_a_week": None, "most_a_term": None, "window": "term"}
    for wrong in ({"most_a_day": -1}, {"most_a_term": 1001}, {"window": "ever"}):
        with pytest.raises(Refused):
            actions.set_rules(staff.school, by=staff.olu, at=AT, **(rules | wrong))
