"""Two who book the same colleague in the very same moment, on two connections: one is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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


@contextmanager
def while_planning(act: Callable[[], object], *, turns: int = 1) -> Iterator[list[bool]]:
    """Do this while a day is being planned: when the plan reads who knows which class. Says each time whether the
    plan was being made inside a transaction."""
    found: list[bool] = []

    def look(execute, sql, params, many, context):
        reads = 'FROM "calendars_timetablelesson"' in sql and '"classes"' in sql and '"rooms"' not in sql
        if reads and len(found) < turns:
            found.append(connections["default"].in_atomic_block)
            act()
        return execute(sql, params, many, context)

    with connections["default"].execute_wrapper(look):
        yield found


def test_a_day_is_planned_outside_of_what_writes(staff: Staff) -> None:
    staff.ask("ana", 0)
    with while_planning(lambda: None) as inside:
        assert actions.propose(staff.school, on=ON, by=staff.olu, at=AT).found == 1
    assert inside == [False]


def test_the_desk_chooses_while_another_plans(staff: Staff) -> None:
    first, second = staff.ask("ana", 0), staff.ask("ben", 0)
    with while_planning(chooses(staff, second, "chen")):
        proposal = actions.propose(staff.school, on=ON, by=staff.olu, at=AT)
    assert (proposal.found, proposal.open) == (1, 0)
    offers = CoverOffer.objects.filter(no_at=None, withdrawn_at=None)
    assert offers.get(request=second).person == staff.chen
    assert offers.get(request=first).person != staff.chen


def test_a_lesson_is_called_off_or_she_goes_home_while_a_day_is_planned(staff: Staff) -> None:
    first, second = staff.ask("ana", 0), staff.ask("ana", 1)
    with while_planning(lambda: actions.cancel(again(second), by=staff.ana, at=AT)):
        assert actions.propose(staff.school, on=ON, by=staff.olu, at=AT).found == 1
    assert CoverOffer.objects.get().request == first
    gone = CoverOffer.objects.get().person
    hours = {"begin": moment(8), "end": moment(12)}
    with while_planning(lambda: actions.mark_away(gone, school=staff.school, by=gone, at=AT, **hours)):
        actions.propose(staff.school, on=ON, by=staff.olu, at=AT)
    assert CoverOffer.objects.get(request=first, withdrawn_at=None).person != gone


def test_a_day_that_changes_all_the_while_is_not_planned(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    names = iter(("chen", "lena", "chen"))
    staff.ask("ben", 0)
    again_and_again = while_planning(lambda: chooses(staff, request, next(names))(), turns=3)
    with again_and_again as planned, pytest.raises(Refused, match="in the same moment"):
        actions.propose(staff.school, on=ON, by=staff.olu, at=AT)
    assert len(planned) == 3
    assert CoverOffer.objects.filter(no_at=None, withdrawn_at=None).count() == 1


def test_she_says_yes_while_the_desk_takes_it_back(staff: Staff) -> None:
    offer = actions.choose(staff.ask("ana", 0), kind=Kind.COLLEAGUE, person=staff.lena, by=staff.olu, at=AT)
    actions.send(offer, by=staff.olu, at=AT)
    at_once(
        lambda: actions.say_yes(CoverOffer.objects.get(pk=offer.pk), by=staff.lena, at=AT),
        lambda: actions.withdraw(CoverOffer.objects.get(pk=offer.pk), by=staff.olu, at=AT),
    )
    offer.refresh_from_db()
    assert offer.withdrawn_at == AT
