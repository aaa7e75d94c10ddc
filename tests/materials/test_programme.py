"""Programmes, words in force, a place's goals, and the materials that ship."""

from datetime import UTC, datetime

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.materials import queries
from sidebyside.materials.actions import (
    add_goal,
    begin_programme,
    change_settings,
    end_programme,
    load_shipped,
    offer_templates,
    remove_goal,
    rename_words,
    restore_goal,
)
from sidebyside.materials.models import MaterialVersion
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, close_place

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return add_place(kind="region", name="Northshore", parent=None, by=None, at=AT)


@pytest.fixture
def school(region):
    return add_place(kind="school", name="Linden", parent=region, by=None, at=AT)


@pytest.fixture
def ines():
    return Person.objects.create(given_name="Inês")


@pytest.fixture
def programme(region, ines):
    return begin_programme(region, name="Side by Side", by=ines, at=AT)


@pytest.mark.parametrize("words", [("a", ""), ("", "b"), ("x" * 41, "y"), ("a\0", "b"), ("\ud800", "b")])
def test_half_a_word_or_one_that_cannot_be_kept_is_refused(programme, ines, words):
    with pytest.raises(Refused):
        rename_words(programme, words={"coach": words}, by=ines, at=AT)


def test_a_word_that_is_none_of_ours_is_refused(programme, ines):
    with pytest.raises(Refused):
        rename_words(programme, words={"principal": ("boss", "bosses")}, by=ines, at=AT)


def test_a_place_owns_one_programme_and_a_closed_one_none(programme, region, school):
    with pytest.raises(Refused, match="already"):
        begin_programme(region, name="Again", by=None, at=AT)
    close_place(school, by=None, at=AT)
    with pytest.raises(Refused, match="closed"):
        begin_programme(school, name="Ours", by=None, at=AT)


def test_words_are_in_force_below_until_a_lower_place_owns_its_own(programme, school, ines):
    assert queries.words_for([school.pk]) == {}
    rename_words(programme, words={"coach": ("guide", "guides"), "cycle": ("", "")}, by=ines, at=AT)
    assert queries.words_for([school.pk]) == {"coach": ("guide", "guides")}
    own = begin_programme(school, name="Linden", by=ines, at=AT)
    assert queries.words_for([school.pk]) == {"coach": ("guide", "guides")}
    rename_words(own, words={"coach": ("friend", "friends")}, by=ines, at=AT)
    assert queries.words_for([school.pk, programme.place_id])["coach"] == ("friend", "friends")
    assert queries.words_for([programme.place_id])["coach"] == ("guide", "guides")
    end_programme(own, by=ines, at=AT)
    assert queries.words_for([school.pk])["coach"] == ("guide", "guides")


def test_the_only_programme_stays(programme, ines):
    with pytest.raises(Refused, match="has to stay"):
        end_programme(programme, by=ines, at=AT)


def test_nothing_is_in_force_nowhere(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queries.words_for([]) == {}


@pytest.mark.parametrize("days", [-1, 731, 10**9])
def test_days_for_leavers_are_few(programme, ines, days):
    with pytest.raises(Refused, match="days"):
        change_settings(programme, name="N", leaders_see_partnerships=True, days_for_leavers=days, by=ines, at=AT)


def test_a_short_list_of_goals_stays_short_and_without_doubles(region, ines):
    for number in range(12):
        goal = add_goal(region, text=f"Goal {number}", by=ines, at=AT)
    with pytest.raises(Refused, match="short list"):
        add_goal(region, text="One more", by=ines, at=AT)
    remove_goal(goal, by=ines, at=AT)
    with pytest.raises(Refused, match="already"):
        add_goal(region, text=" Goal  3 ", by=ines, at=AT)
    assert len(queries.goals_of(region)) == 11
    restore_goal(goal, by=ines, at=AT)
    assert len(queries.goals_of(region)) == 12


def test_goals_come_from_a_place_and_all_above_it(region, school, ines):
    above = add_goal(region, text="Reading", by=ines, at=AT)
    here = add_goal(school, text="Talk", by=ines, at=AT)
    assert set(queries.goals_for([school.pk])) == {above, here}
    assert set(queries.goals_for([region.pk])) == {above}


def test_shipped_materials_come_once_and_cost_one_query_after(django_assert_num_queries):
    assert load_shipped(AT) == MaterialVersion.objects.count() > 3
    with django_assert_num_queries(3):  # one question, between a savepoint and its release
        assert load_shipped(AT) == 0


def test_a_changed_text_makes_a_new_version_and_keeps_the_old():
    load_shipped(AT)
    version = queries.latest("cycle", "five_stages")
    MaterialVersion.objects.filter(pk=version.pk).update(body={**version.body, "title": "As it was"})
    assert load_shipped(AT) == 1
    newer = queries.latest("cycle", "five_stages")
    assert newer.number == version.number + 1
    version.refresh_from_db()
    assert queries.template(version).title == "As it was"
    assert queries.template(newer).title == "Five stages"


def test_templates_are_offered_as_the_programme_chose(programme, school, ines):
    load_shipped(AT)
    slugs = [version.material.slug for version in queries.templates_for(school)]
    assert slugs[0] == "five_stages"
    assert {"short", "two_observations"} <= set(slugs)
    offer_templates(programme, slugs=["short", "no-such"], by=ines, at=AT)
    assert [version.material.slug for version in queries.templates_for(school)] == ["short"]
    with pytest.raises(Refused, match="at least one"):
        offer_templates(programme, slugs=["no-such"], by=ines, at=AT)
    assert len(queries.templates_for(None)) == len(slugs)


def test_a_template_has_its_stages():
    load_shipped(AT)
    stages = queries.template(queries.latest("cycle", "five_stages")).stages
    assert [stage.slug for stage in stages] == ["assess", "set_goals", "prepare", "implement", "reflect"]


def test_shipped_content_is_read_once():
    assert queries.content("leader_words") is queries.content("leader_words")
    assert queries.content("cycles", "short").slug == "short"
    assert "errand" in {kind.code for kind in queries.kinds_of_help() if not kind.counts_as_coaching}
    with pytest.raises(KeyError):
        queries.content("__class__")
