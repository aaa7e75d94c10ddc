"""Roles counted below a place, posts, and what it is to leave."""

from datetime import UTC, date, datetime

import pytest

from sidebyside import policy
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.people.models import Ownership, Person
from sidebyside.places.actions import (
    add_place,
    close_place,
    end_post,
    end_role,
    give_post,
    give_role,
    mark_left,
    set_room,
)
from sidebyside.places.models import Post, Role

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
DAY = date(2026, 9, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour():
    return add_place(kind="district", name="Harbour", parent=None, by=None, at=AT)


@pytest.fixture
def linden(harbour):
    return add_place(kind="school", name="Linden", parent=harbour, by=None, at=AT)


@pytest.fixture
def quay(harbour):
    return add_place(kind="school", name="Quay", parent=harbour, by=None, at=AT)


@pytest.fixture
def ana():
    return Person.objects.create(given_name="Ana")


def test_what_is_no_role_is_refused(ana, linden):
    for kind in ("principal", "", "lead\0"):
        with pytest.raises(Refused, match="no role"):
            give_role(ana, kind=kind, place=linden, by=None, at=AT)


@pytest.mark.parametrize("room", [-1, 21, 10**9])
def test_room_is_a_small_number(ana, linden, room):
    with pytest.raises(Refused, match="from 0 to 20"):
        give_role(ana, kind="coach", place=linden, by=None, at=AT, room_for=room)


def test_nobody_gets_a_role_at_a_closed_place_or_after_leaving(ana, linden, quay):
    close_place(linden, by=None, at=AT)
    with pytest.raises(Refused, match="closed"):
        give_role(ana, kind="coach", place=linden, by=None, at=AT)
    end_post(give_post(ana, place=quay, from_date=DAY), on=DAY, at=AT)
    with pytest.raises(Refused, match="has left"):
        give_role(ana, kind="coach", place=quay, by=None, at=AT)


def test_a_role_given_twice_is_one_role(ana, linden):
    assert give_role(ana, kind="coach", place=linden, by=None, at=AT) == give_role(
        ana, kind="coach", place=linden, by=None, at=AT
    )
    assert Event.objects.filter(kind="role.given").count() == 1


def test_a_person_holds_many_roles_and_they_count_below(ana, harbour, linden):
    ben = Person.objects.create(given_name="Ben")
    give_post(ben, place=linden, from_date=DAY)
    for kind in ("leader", "facilitator", "cover_desk"):
        give_role(ana, kind=kind, place=harbour, by=None, at=AT)
    assert policy.standing(ana).kinds == {"leader", "facilitator", "cover_desk"}
    assert policy.sees(ana, ben)


def test_an_ended_role_counts_no_more_and_ends_once(ana, linden):
    role = give_role(ana, kind="coach", place=linden, by=None, at=AT)
    assert end_role(role, by=ana, at=AT)
    assert not end_role(role, by=ana, at=AT)
    assert policy.standing(ana).kinds == set()
    assert Event.objects.filter(kind="role.ended").count() == 1


def test_only_a_coach_has_room(ana, linden):
    role = give_role(ana, kind="coach", place=linden, by=None, at=AT)
    assert set_room(role, room_for=0, by=ana, at=AT).room_for == 0
    with pytest.raises(Refused):
        set_room(give_role(ana, kind="leader", place=linden, by=None, at=AT), room_for=3, by=ana, at=AT)


def test_a_post_cannot_end_before_it_began_or_begin_at_a_closed_place(ana, linden):
    post = give_post(ana, place=linden, from_date=DAY)
    with pytest.raises(Refused, match="before it began"):
        end_post(post, on=date(2026, 8, 1), at=AT)
    close_place(linden, by=None, at=AT)
    with pytest.raises(Refused, match="closed"):
        give_post(Person.objects.create(given_name="Ben"), place=linden, from_date=DAY)


def test_a_post_given_twice_is_one_post(ana, linden):
    assert give_post(ana, place=linden, from_date=DAY) == give_post(ana, place=linden, from_date=DAY)


def test_leaving_is_the_end_of_the_last_post(ana, linden, quay):
    first, second = (give_post(ana, place=place, from_date=DAY) for place in (linden, quay))
    role = give_role(ana, kind="coach", place=linden, by=None, at=AT)
    end_post(first, on=DAY, at=AT)
    ana.refresh_from_db()
    assert ana.left_at is None
    end_post(second, on=DAY, at=AT)
    end_post(second, on=DAY, at=AT)
    ana.refresh_from_db()
    role.refresh_from_db()
    assert (ana.left_at, role.ended_at) == (AT, AT)
    assert Event.objects.filter(kind="person.left", about_id=ana.pk).count() == 1


def test_a_new_post_brings_back_who_had_left_without_her_roles(ana, linden):
    end_post(give_post(ana, place=linden, from_date=DAY), on=DAY, at=AT)
    give_post(ana, place=linden, from_date=DAY)
    ana.refresh_from_db()
    assert ana.left_at is None
    assert Event.objects.filter(kind="person.returned").count() == 1
    assert Post.objects.count() == 2


def test_an_owner_does_not_leave_by_losing_a_post(ana, linden):
    Ownership.objects.create(person=ana, made_at=AT)
    end_post(give_post(ana, place=linden, from_date=DAY), on=DAY, at=AT)
    ana.refresh_from_db()
    assert ana.left_at is None


def test_marking_many_as_left_takes_only_those_without_a_post(ana, linden):
    ben = Person.objects.create(given_name="Ben")
    give_post(ben, place=linden, from_date=DAY)
    give_role(ana, kind="coach", place=linden, by=None, at=AT)
    assert mark_left([ana.pk, ben.pk], by=None, at=AT) == [ana.pk]
    assert mark_left([ana.pk, ben.pk], by=None, at=AT) == []
    assert not Role.objects.filter(person=ana, ended_at=None).exists()
