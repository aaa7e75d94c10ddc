"""Not this time: nothing is left that could tell who said it, to anybody."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Form, Part, Partnership, Proposal, Seat
from sidebyside.people.models import Person
from tests.partnerships.conftest import AT, School

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def asked(school: School) -> Proposal:
    seats = [(school.ben, Part.PEER), (school.chen, Part.PEER), (school.lena, Part.PEER)]
    return actions.propose(by=school.ben, form=Form.PEERS, seats=seats, at=AT)


def rows_naming(person: int, *, of: str = "partnerships") -> list[str]:
    """Every row of the domain, and every event, that holds a person's id as a reference."""
    found = []
    for model in apps.get_app_config(of).get_models():
        names = [field.attname for field in model._meta.fields if field.related_model is Person]
        for row in model._default_manager.all():
            found += [f"{name} of {row}" for name in names if getattr(row, name) == person]
            if str(person) in getattr(row, "people", "").split("-"):
                found.append(f"key of {row}")
    return found


def test_rows_naming_finds_what_could_leak(school: School):
    asked(school)
    assert len(rows_naming(school.chen.pk)) == 2


def test_declining_leaves_no_row_that_names_who_was_asked(school: School):
    proposal = asked(school)
    actions.accept(proposal, by=school.lena, at=AT)
    before = set(Event.objects.values_list("pk", flat=True))
    actions.decline(proposal, by=school.chen, at=AT)
    assert rows_naming(school.chen.pk) == []
    assert rows_naming(school.lena.pk) == []
    events = Event.objects.exclude(pk__in=before)
    assert [(event.kind, event.by, event.particulars) for event in events] == [("proposal.closed", None, {})]


def test_no_event_of_a_declined_proposal_names_anybody_but_who_asked(school: School):
    proposal = asked(school)
    actions.accept(proposal, by=school.lena, at=AT)
    actions.decline(proposal, by=school.chen, at=AT)
    events = Event.objects.filter(about="proposal", about_id=proposal.pk)
    assert {event.by for event in events} == {school.ben.pk, None}
    assert not any(json.dumps(event.particulars) != "{}" for event in events)


def test_a_decline_leaves_the_same_event_as_taking_back(school: School):
    actions.decline(asked(school), by=school.chen, at=AT)
    Proposal.objects.all().delete()
    actions.withdraw(asked(school), by=school.ben, at=AT)
    closed = Event.objects.filter(kind="proposal.closed").values("by", "particulars", "partnership_id", "about")
    assert closed[0] == closed[1]


def test_a_decline_and_a_leaver_leave_the_same_rows(school: School):
    def rows_left() -> list:
        names = ("form", "joining", "closed_at", "formed_at", "people", "seats")
        events = Event.objects.filter(kind="proposal.closed").values_list("by", "at", "particulars", "partnership_id")
        left = [list(Proposal.objects.values_list(*names)), list(events)]
        Proposal.objects.all().delete()
        Event.objects.all().delete()
        return left

    actions.decline(asked(school), by=school.chen, at=AT)
    declined = rows_left()
    asked(school)
    actions.rest_after_leaving(Event(kind="person.left", about="person", about_id=school.chen.pk, at=AT))
    assert rows_left() == declined
    assert declined[0] == [("peers", None, AT, None, "", None)]


def test_what_is_not_put_away_goes_after_fourteen_days(school: School):
    actions.decline(asked(school), by=school.chen, at=AT)
    assert actions.forget_closed(at=AT + timedelta(days=13)) == 0
    assert actions.forget_closed(at=AT + timedelta(days=14)) == 1
    assert not Proposal.objects.exists()


def test_what_is_open_or_formed_does_not_go(school: School):
    school.pair()
    asked(school)
    assert actions.forget_closed(at=AT + timedelta(days=400)) == 0


def test_put_away_nothing_is_left_of_it(school: School):
    proposal = asked(school)
    actions.decline(proposal, by=school.chen, at=AT)
    events = Event.objects.count()
    actions.withdraw(proposal, by=school.ben, at=AT)
    assert not Proposal.objects.exists()
    assert Event.objects.count() == events


def test_the_inviter_keeps_only_that_it_closed(school: School):
    proposal = asked(school)
    actions.decline(proposal, by=school.chen, at=AT)
    row = json.loads(serializers.serialize("json", Proposal.objects.all()))[0]["fields"]
    assert row["by"] == school.ben.pk
    assert row["people"] == ""
    assert row["closed_at"] is not None


def test_a_declined_proposal_is_closed_for_all(school: School):
    proposal = asked(school)
    actions.decline(proposal, by=school.chen, at=AT)
    for person in (school.chen, school.lena):
        with pytest.raises(Refused, match="no longer open"):
            actions.accept(proposal, by=person, at=AT)
        with pytest.raises(Refused, match="no longer open"):
            actions.decline(proposal, by=person, at=AT)
    assert not Partnership.objects.exists()
    assert not Seat.objects.exists()


def test_the_same_people_may_be_asked_again(school: School):
    actions.decline(asked(school), by=school.chen, at=AT)
    assert asked(school).is_open
