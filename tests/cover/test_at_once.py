"""Two who book the same colleague in the very same moment, on two connections: one is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from sidebyside.base.refusals import Refused
from sidebyside.cover import actions
from sidebyside.cover.models import CoverOffer, CoverRequest
from tests.cover.conftest import AT, ON, Staff, moment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])
Kind = CoverOffer.Kind


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What becomes of these acts done together: what each returned, or why it could not be."""
    start = Barrier(len(acts))

    def attempt(act: Callable[[], object]) -> object:
        try:
            start.wait(timeout=20)
            return act()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(attempt, acts))


def refusals(found: list[object]) -> list[str]:
    return [one.sentence for one in found if isinstance(one, Refused)]


def again(request: CoverRequest) -> CoverRequest:
    """The request as another page reads it."""
    return CoverRequest.objects.get(pk=request.pk)


def chooses(staff: Staff, request: CoverRequest, name: str) -> Callable[[], object]:
    return lambda: actions.choose(again(request), kind=Kind.COLLEAGUE, person=staff.people[name], by=staff.olu, at=AT)


def alive(name: str) -> int:
    return CoverOffer.objects.filter(person__given_name=name, no_at=None, withdrawn_at=None).count()


@pytest.mark.parametrize("_turn", range(3))
def test_two_desks_give_the_same_colleague_two_lessons_at_the_same_time(staff: Staff, _turn: int) -> None:
    first, second = staff.ask("ana", 0), staff.ask("ben", 0)
    found = at_once(chooses(staff, first, "lena"), chooses(staff, second, "lena"))
    assert refusals(found) == ["Lena Fischer was just given another lesson at that time."]
    assert alive("Lena") == 1


def test_two_lessons_that_overlap_without_being_the_same(staff: Staff) -> None:
    first = staff.ask("ana", 0)
    part = actions.ask(
        school=staff.school, person=staff.ben, taught=staff.taught("ben", 0), begin=moment(9), end=moment(9, 15),
        notes="", by=staff.ben, at=AT,
    )  # fmt: skip
    found = at_once(chooses(staff, first, "lena"), chooses(staff, part, "lena"))
    assert refusals(found) == ["Lena Fischer was just given another lesson at that time."]


def test_two_desks_choose_two_colleagues_for_one_lesson(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    at_once(chooses(staff, request, "lena"), chooses(staff, request, "chen"))
    assert CoverOffer.objects.filter(request=request, no_at=None, withdrawn_at=None).count() == 1


def test_she_is_marked_away_while_she_is_given_a_lesson(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    found = at_once(
        chooses(staff, request, "lena"),
        lambda: actions.mark_away(
            staff.lena, school=staff.school, begin=moment(8), end=moment(12), by=staff.lena, at=AT
        ),
    )
    assert alive("Lena") == 0
    assert refusals(found) in ([], ["Lena Fischer is away then."])


def test_two_desks_send_out_the_same_day(staff: Staff) -> None:
    for name in ("ana", "ben"):
        staff.ask(name, 0)
    actions.propose(staff.school, on=ON, by=staff.olu, at=AT)
    found = at_once(*[lambda: actions.send_out(staff.school, on=ON, by=staff.olu, at=AT)] * 2)
    assert sorted(number for number, _faults in found) == [0, 2]
    assert all(faults == [] for _number, faults in found)


def test_two_desks_propose_the_same_day(staff: Staff) -> None:
    for name in ("ana", "ben", "chen"):
        staff.ask(name, 0)
    at_once(*[lambda: actions.propose(staff.school, on=ON, by=staff.olu, at=AT)] * 2)
    assert CoverOffer.objects.filter(no_at=None, withdrawn_at=None).count() == 3


def test_she_says_yes_while_the_desk_takes_it_back(staff: Staff) -> None:
    offer = actions.choose(staff.ask("ana", 0), kind=Kind.COLLEAGUE, person=staff.lena, by=staff.olu, at=AT)
    actions.send(offer, by=staff.olu, at=AT)
    at_once(
        lambda: actions.say_yes(CoverOffer.objects.get(pk=offer.pk), by=staff.lena, at=AT),
        lambda: actions.withdraw(CoverOffer.objects.get(pk=offer.pk), by=staff.olu, at=AT),
    )
    offer.refresh_from_db()
    assert offer.withdrawn_at == AT
