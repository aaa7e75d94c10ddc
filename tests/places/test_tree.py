"""The tree of places keeps its closure true, and refuses what would break it."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.places.actions import add_place, close_place, move_place, rebuild_links, rename_place, reopen_place
from sidebyside.places.models import Link, Place

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 8, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def place(name, parent=None, kind="district"):
    return add_place(kind=kind, name=name, parent=parent, by=None, at=AT)


def closure():
    return set(Link.objects.values_list("above", "place", "depth"))


@pytest.fixture
def tree():
    region = place("Northshore", kind="region")
    harbour = place("Harbour", region)
    upland = place("Upland", region)
    school = place("Linden School", harbour, "school")
    faculty = place("Science", school, "faculty")
    return region, harbour, upland, school, faculty


@pytest.mark.parametrize("name", ["", "   ", "\0", "Lin\0den", "\ud800", "x" * 201, "x" * 100_001])
def test_a_name_that_cannot_be_kept_is_refused(name):
    with pytest.raises(Refused):
        place(name)
    assert not Place.objects.exists()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "America", "Europe/Lis\0bon", "x" * 5000])
def test_a_time_zone_that_is_none_is_refused(zone):
    with pytest.raises(Refused):
        add_place(kind="region", name="North", parent=None, by=None, at=AT, time_zone=zone)


def test_a_place_cannot_be_moved_below_itself(tree):
    region, harbour, _, _, faculty = tree
    before = closure()
    for target in (harbour, faculty):
        with pytest.raises(Refused, match="below itself"):
            move_place(harbour, parent=target, by=None, at=AT)
    assert closure() == before


@pytest.mark.parametrize(
    ("kind", "below"), [("country", "region"), ("school", "school"), ("school", "faculty"), ("faculty", "faculty")]
)
def test_a_place_fits_below_its_parent(kind, below):
    parent = place("Above", kind=below)
    with pytest.raises(Refused):
        place("Below", parent, kind)


def test_what_is_no_kind_is_refused():
    with pytest.raises(Refused):
        place("Moon", kind="moon")


def test_the_same_name_twice_is_refused_until_the_first_is_closed(tree):
    _, harbour, _, school, _ = tree
    with pytest.raises(Refused, match="already"):
        place("Linden  School ", harbour, "school")
    close_place(school, by=None, at=AT)
    assert place("Linden School", harbour, "school").pk != school.pk


def test_adding_links_a_place_to_all_above_it(tree):
    region, harbour, _, school, faculty = tree
    assert set(Link.objects.filter(place=faculty).values_list("above", "depth")) == {
        (faculty.pk, 0),
        (school.pk, 1),
        (harbour.pk, 2),
        (region.pk, 3),
    }


def test_moving_takes_along_all_that_lies_below(tree):
    region, harbour, upland, school, faculty = tree
    move_place(school, parent=upland, by=None, at=AT)
    assert set(Link.objects.filter(place=faculty).values_list("above", flat=True)) == {
        faculty.pk,
        school.pk,
        upland.pk,
        region.pk,
    }
    assert not Link.objects.filter(above=harbour).exclude(place=harbour).exists()
    event = Event.objects.get(kind="place.moved")
    assert event.particulars == {"parent": upland.pk, "former": harbour.pk}


def test_moving_to_where_it_is_changes_nothing(tree):
    _, harbour, _, school, _ = tree
    move_place(school, parent=harbour, by=None, at=AT)
    assert not Event.objects.filter(kind="place.moved").exists()


def test_closing_closes_what_is_open_below_and_reopening_brings_just_that_back(tree):
    _, harbour, _, school, faculty = tree
    assert close_place(faculty, by=None, at=AT) == 1
    assert close_place(harbour, by=None, at=LATER) == 2
    assert close_place(harbour, by=None, at=LATER) == 0
    with pytest.raises(Refused, match="closed"):
        place("Art", school, "faculty")
    school.refresh_from_db()
    with pytest.raises(Refused, match="above this one is closed"):
        reopen_place(school, by=None, at=LATER)
    assert reopen_place(harbour, by=None, at=LATER) == 2
    assert set(Place.objects.exclude(closed_at=None)) == {faculty}


def test_nothing_moves_below_a_closed_place(tree):
    _, _, upland, school, _ = tree
    close_place(upland, by=None, at=AT)
    with pytest.raises(Refused, match="closed"):
        move_place(school, parent=upland, by=None, at=AT)


def test_renaming_keeps_a_name_as_it_is_written(tree):
    school = rename_place(tree[3], name="<b>مدرسة</b>  Nº 1", by=None, at=AT, time_zone="Europe/Lisbon")
    assert (school.name, school.time_zone) == ("<b>مدرسة</b> Nº 1", "Europe/Lisbon")
    with pytest.raises(Refused, match="already"):
        rename_place(tree[1], name="Upland", by=None, at=AT)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parents=st.lists(st.integers(0, 100), min_size=1, max_size=9),
    moves=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=6),
)
def test_the_kept_closure_equals_the_rebuilt_one(parents, moves):
    Place.objects.update(parent=None)
    Link.objects.all().delete()
    Place.objects.all().delete()
    places = []
    for number, parent in enumerate(parents):
        places.append(place(f"P{number}", places[parent % len(places)] if places and parent % 4 else None))
    for what, to in moves:
        try:
            move_place(places[what % len(places)], parent=places[to % len(places)], by=None, at=AT)
        except Refused:
            continue
    kept = closure()
    assert rebuild_links() == len(kept)
    assert closure() == kept


def test_a_circle_in_the_database_is_refused_when_rebuilding():
    one, two = place("One"), place("Two")
    Place.objects.filter(pk=one.pk).update(parent=two)
    Place.objects.filter(pk=two.pk).update(parent=one)
    with pytest.raises(Refused, match="circle"):
        rebuild_links()


def test_three_thousand_places_are_linked_with_few_queries(django_assert_max_num_queries):
    root = Place.objects.create(kind="region", name="Root")
    districts = Place.objects.bulk_create(Place(kind="district", name=f"D{n}", parent=root) for n in range(100))
    Place.objects.bulk_create(Place(kind="school", name=f"S{n}", parent=districts[n % 100]) for n in range(2900))
    with django_assert_max_num_queries(40):
        assert rebuild_links() == 1 + 100 * 2 + 2900 * 3
