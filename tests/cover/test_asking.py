"""Ask for cover and take it back."""

from datetime import timedelta

import pytest

from sidebyside.base import vault
from sidebyside.base.refusals import Refused
from sidebyside.cover import actions
from sidebyside.cover.models import CoverRequest
from tests.cover.conftest import AT, Staff, moment

pytestmark = pytest.mark.django_db


def test_what_the_timetable_says_is_copied_and_the_notes_are_sealed(staff: Staff) -> None:
    request = CoverRequest.objects.get(pk=staff.ask("ana", 0, notes="Page 14, the key is in the desk.").pk)
    assert (request.period, request.subject, request.classes, request.rooms) == ("1", "Maths", ["7a"], ["12"])
    assert (request.begin, request.end) == (moment(8, 30), moment(9, 15))
    assert isinstance(request.notes, vault.Sealed)
    assert b"Page" not in request.notes
    assert vault.opened([request], "notes")[0].notes == "Page 14, the key is in the desk."


def test_nobody_asks_twice_for_the_same_time(staff: Staff) -> None:
    staff.ask("ana", 0)
    with pytest.raises(Refused, match="already"):
        staff.ask("ana", 0)
    taught = staff.taught("ana", 0)
    with pytest.raises(Refused, match="already"):
        actions.ask(
            school=staff.school, person=staff.ana, taught=taught, begin=moment(8, 40), end=moment(9),
            notes="", by=staff.ana, at=AT,
        )  # fmt: skip


def test_only_her_own_lesson_within_its_time_and_not_when_it_is_over(staff: Staff) -> None:
    taught = staff.taught("ana", 0)
    asked = {"school": staff.school, "taught": taught, "notes": "", "by": staff.ana}
    with pytest.raises(Refused, match="not a lesson of"):
        actions.ask(person=staff.ben, begin=moment(8, 30), end=moment(9, 15), at=AT, **asked)
    with pytest.raises(Refused, match="within"):
        actions.ask(person=staff.ana, begin=moment(8), end=moment(9, 15), at=AT, **asked)
    with pytest.raises(Refused, match="over"):
        actions.ask(person=staff.ana, begin=moment(8, 30), end=moment(9, 15), at=AT + timedelta(hours=2), **asked)
    assert not CoverRequest.objects.exists()


def test_a_request_is_taken_back_once_and_may_be_made_again(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    actions.cancel(request, by=staff.ana, at=AT)
    actions.cancel(request, by=staff.olu, at=AT + timedelta(minutes=1))
    assert CoverRequest.objects.get(pk=request.pk).cancelled_by == staff.ana
    assert staff.ask("ana", 0).pk != request.pk


def test_notes_are_changed_and_left_empty(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    assert CoverRequest.objects.get(pk=request.pk).notes is None
    actions.change_notes(request, text="Page 15", by=staff.ana, at=AT)
    assert vault.opened([CoverRequest.objects.get(pk=request.pk)], "notes")[0].notes == "Page 15"
    actions.change_notes(request, text="  ", by=staff.ana, at=AT)
    assert CoverRequest.objects.get(pk=request.pk).notes is None
