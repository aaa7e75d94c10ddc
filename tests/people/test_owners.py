"""There is always an owner, and there should be two."""

from datetime import UTC, datetime

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.people import actions, queries
from sidebyside.people.models import FirstRun, Ownership, Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def ada():
    return actions.begin_ownership(given_name="Ada", family_name="", email="Ada@Example.org ", at=NOW)


def own(person):
    return Ownership.objects.get(person=person, ended_at=None)


def test_an_empty_installation_has_one_link_at_a_time():
    assert queries.is_empty()
    first, second = actions.open_first_run(at=NOW), actions.open_first_run(at=NOW)
    assert not queries.first_run_is_open(first)
    assert queries.first_run_is_open(second)
    assert second not in str(list(FirstRun.objects.values()))


def test_the_first_run_link_is_used_up():
    secret = actions.open_first_run(at=NOW)
    actions.use_first_run(secret, at=NOW)
    with pytest.raises(Refused):
        actions.use_first_run(secret, at=NOW)
    assert not queries.first_run_is_open(secret)


def test_no_first_run_once_there_was_an_owner(ada):
    with pytest.raises(Refused):
        actions.open_first_run(at=NOW)
    assert not queries.is_empty()


def test_an_address_is_kept_in_small_letters(ada):
    assert ada.email == "ada@example.org"


def test_the_last_owner_stays(ada):
    with pytest.raises(Refused, match="last owner"):
        actions.end_ownership(own(ada), by=ada, at=NOW)
    assert queries.owners_missing() == 1


def test_of_two_one_may_go_and_then_no_more(ada):
    bo = actions.name_owner(email="bo@example.org", given_name="Bo", family_name="", by=ada, at=NOW).person
    assert queries.owners_missing() == 0
    first = own(ada)
    actions.end_ownership(first, by=bo, at=NOW)
    assert not queries.owns(ada)
    with pytest.raises(Refused, match="no longer"):
        actions.end_ownership(first, by=bo, at=NOW)
    with pytest.raises(Refused, match="last owner"):
        actions.end_ownership(own(bo), by=bo, at=NOW)


def test_somebody_known_becomes_owner_and_keeps_her_name(ada):
    cleo = Person.objects.create(given_name="Cleo", email="cleo@example.org")
    made = actions.name_owner(email="CLEO@example.org", given_name="Other", family_name="Name", by=ada, at=NOW)
    assert made.person == cleo
    assert Person.objects.get(pk=cleo.pk).name == "Cleo"
    again = actions.name_owner(email="cleo@example.org", given_name="x", family_name="", by=ada, at=NOW)
    assert again == made


def test_who_has_left_becomes_no_owner(ada):
    Person.objects.create(given_name="Di", email="di@example.org", left_at=NOW)
    with pytest.raises(Refused):
        actions.name_owner(email="di@example.org", given_name="Di", family_name="", by=ada, at=NOW)


@pytest.mark.parametrize("name", ["", " ", "\0", "\ud800", "x" * 151])
def test_a_name_that_cannot_be_kept_is_refused(ada, name):
    with pytest.raises(Refused):
        actions.name_owner(email="eve@example.org", given_name=name, family_name="", by=ada, at=NOW)
    assert not Person.objects.filter(email="eve@example.org").exists()


# What she settles about herself


@pytest.mark.parametrize(
    "change",
    [
        {"given_name": ""},
        {"given_name": "\0"},
        {"family_name": "\ud800"},
        {"about": "x" * 501},
        {"language": "xx"},
        {"theme": "pink"},
    ],
)
def test_a_profile_that_cannot_be_kept_is_refused(ada, change):
    whole = {"given_name": "Ada", "family_name": "", "language": "", "theme": "dark", "about": ""}
    with pytest.raises(Refused):
        actions.change_profile(ada, **{**whole, **change}, by=ada, at=NOW)
    assert Person.objects.get().theme == "system"


def test_direction_marks_and_emoji_stay(ada):
    words = {"given_name": "‏ليلى", "family_name": "🙂", "language": "en", "theme": "dark", "about": "a\r\nb"}
    actions.change_profile(ada, **words, by=ada, at=NOW)
    kept = Person.objects.get()
    assert (kept.given_name, kept.family_name, kept.about) == ("‏ليلى", "🙂", "a\nb")


def test_signing_out_everywhere_changes_what_a_session_must_carry(ada):
    before = ada.get_session_auth_hash()
    actions.sign_out_everywhere(ada, by=ada, at=NOW)
    after = Person.objects.get().get_session_auth_hash()
    assert len({before, after}) == 2
    actions.set_password(ada, new="four words in a row", by=ada, at=NOW)
    assert Person.objects.get().get_session_auth_hash() not in (before, after)


def test_people_of_a_roster_have_no_password(ada):
    assert not ada.has_password
    assert not ada.check_password("")
    actions.set_password(ada, new="four words in a row", by=ada, at=NOW)
    assert Person.objects.get().has_password
