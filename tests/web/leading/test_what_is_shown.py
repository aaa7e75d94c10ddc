"""A lower programme that keeps names to itself is heard from above, and no small number comes out by counting."""

import pytest
from django.urls import reverse

from sidebyside import policy
from sidebyside.cycles.models import Cycle
from sidebyside.materials.actions import begin_programme
from sidebyside.materials.models import Programme
from sidebyside.materials.queries import latest
from sidebyside.materials.showing import shown_to_leaders
from sidebyside.partnerships.models import Form, Member, Part, Partnership
from sidebyside.partnerships.queries import watchers
from sidebyside.people.models import Person
from sidebyside.places.actions import give_role
from sidebyside.places.models import Role
from sidebyside.summaries.questions_of_leaders import counts, named_partnerships


@pytest.fixture
def odd(world):
    """Somebody who leads Northshore and whom nobody knows by a partnership."""
    give_role(world.kofi, kind=Role.Kind.LEADER, place=world.northshore, by=world.ines, at=world.at)
    return world.kofi


def say(world, place, shown):
    """The programme of a place shows its leaders that partnerships exist, or does not; made where there is none."""
    if not Programme.objects.filter(place=place).exists():
        begin_programme(place, name="Own", by=world.ines, at=world.at)
    Programme.objects.filter(place=place).update(leaders_see_partnerships=shown)


def more(world, school, number, *, cycles=0):
    """So many more partnerships at a school, each with so many cycles."""
    for _each in range(number):
        pair = Partnership.objects.create(form=Form.PAIR, formed_at=world.at)
        for person, part in ((world.lena, Part.COACH), (world.mai, Part.PARTNER)):
            Member.objects.create(partnership=pair, person=person, part=part, school=school, joined_at=world.at)
        for number in range(cycles):
            Cycle.objects.create(
                partnership=pair,
                number=number + 1,
                template=latest("cycle", "short"),
                began_at=world.at,
                began_by=world.lena,
                ended_at=world.at,
                stage="x",
                stage_since=world.at,
            )


def named_by(person):
    """The partnerships she sees, by every way of asking."""
    rows = set(policy.seen(person, Partnership).exclude(pk__in=policy.standing(person).partnerships))
    assert rows == {each for each in Partnership.objects.filter(ended_at=None) if policy.sees(person, each)}
    assert rows == set(named_partnerships(policy.standing(person).shown_as_leader))
    for each in Partnership.objects.filter(ended_at=None):
        seeing = {w.person for w in watchers(each).leaders if w.sees_names}
        assert (person in seeing) == (each in rows), each
    return rows


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ({}, {"linden", "quay"}),
        ({"northshore": False}, set()),
        ({"quay": False}, {"linden"}),
        ({"harbour": False}, set()),
        ({"harbour": False, "linden": True}, {"linden"}),
        ({"northshore": False, "harbour": True, "linden": False}, {"quay"}),
        ({"harbour": False, "quay": True, "linden": False}, {"quay"}),
        ({"upland": False}, {"linden", "quay"}),
        ({"harbour": True, "quay": True}, {"linden", "quay"}),
    ],
)
@pytest.mark.parametrize("where", ["northshore", "harbour", "both"])
def test_the_nearest_programme_decides(world, said, seen, where):
    leader = Person.objects.create(given_name="Odd")
    for place in ("northshore", "harbour") if where == "both" else (where,):
        give_role(leader, kind=Role.Kind.LEADER, place=getattr(world, place), by=world.ines, at=world.at)
    for place, shown in said.items():
        say(world, getattr(world, place), shown)
    at_linden = {world.ana_and_ben, world.ana_and_chen, world.ana_and_noor}
    assert named_by(leader) == (at_linden if "linden" in seen else set()) | (
        {world.goran_and_hana} if "quay" in seen else set()
    )


def test_it_is_one_query_for_leaders_and_none_for_others(world, django_assert_num_queries):
    say(world, world.quay, False)
    leader, other = policy.standing(world.dara), policy.standing(world.ana)
    with django_assert_num_queries(1):
        assert leader.shown_as_leader.anywhere
        assert leader.shown_as_leader.whole
    with django_assert_num_queries(0):
        assert not other.shown_as_leader.anywhere


@pytest.mark.parametrize(
    ("at_linden", "at_quay", "told"),
    [(4, 1, None), (5, 0, None), (5, 4, None), (4, 5, None), (5, 5, 10), (20, 1, None)],
)
def test_what_the_names_do_not_tell_is_not_found_by_counting(world, client, odd, at_linden, at_quay, told):
    Partnership.objects.update(ended_at=world.at)
    say(world, world.quay, False)
    more(world, world.linden, at_linden, cycles=2)
    more(world, world.quay, at_quay, cycles=1)
    found = counts([world.northshore.pk], named=shown_to_leaders([world.northshore.pk]))
    assert found.partnerships == told
    assert found.cycles == (told and 2 * at_linden + at_quay)
    client.force_login(odd)
    page = client.get(reverse("leader")).content.decode()
    assert page.count("no number: ") == (0 if told else 2)
    assert f"<dd>{at_linden + at_quay}</dd>" not in page or told


def test_cycles_of_few_are_hidden_though_the_partnerships_are_many(world, odd):
    Partnership.objects.update(ended_at=world.at)
    say(world, world.quay, False)
    more(world, world.linden, 6, cycles=2)
    more(world, world.quay, 5)
    more(world, world.quay, 1, cycles=3)
    found = counts([world.northshore.pk], named=shown_to_leaders([world.northshore.pk]))
    assert (found.partnerships, found.cycles) == (12, None)


def test_where_all_or_none_is_named_the_sum_is_told(world):
    Partnership.objects.update(ended_at=world.at)
    more(world, world.linden, 4, cycles=1)
    more(world, world.quay, 1, cycles=1)
    places = [world.northshore.pk]
    for shown in (True, False):
        say(world, world.northshore, shown)
        assert counts(places, named=shown_to_leaders(places)).partnerships == 5


def test_names_stand_in_their_own_order(world, client):
    """Not in that of their making: the newest at the end would tell when they began."""
    Partnership.objects.update(ended_at=world.at)
    for given, family in (("Zoe", "Zz"), ("Ada", "Mm"), ("Bo", "Aa"), ("Abe", "Aa")):
        pair = Partnership.objects.create(form=Form.PAIR, formed_at=world.at)
        person = Person.objects.create(given_name=given, family_name=family)
        for member, part in ((world.ana, Part.COACH), (person, Part.PARTNER)):
            school = world.linden
            Member.objects.create(partnership=pair, person=member, part=part, school=school, joined_at=world.at)
    Person.objects.filter(pk=world.ana.pk).update(family_name="Nn")
    client.force_login(world.dara)
    page = client.get(reverse("leader")).content.decode().split('id="partnerships"')[1]
    names = sorted(("Zoe Zz", "Ada Mm", "Bo Aa", "Abe Aa"), key=page.index)
    assert names == ["Abe Aa", "Bo Aa", "Ada Mm", "Zoe Zz"]
