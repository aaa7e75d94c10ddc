"""The programme's pages, and the pages for everybody."""

import io
import re
from datetime import UTC, datetime

import pytest

from sidebyside import policy
from sidebyside.base.docstrings import as_sentence, extract_docstrings
from sidebyside.materials.models import PlaceGoal, Programme
from sidebyside.materials.queries import goals_of, templates_for
from sidebyside.materials.words import WORDS
from sidebyside.people.models import Person
from sidebyside.places.actions import give_role
from sidebyside.web.seeing.nouns import NOUNS, UNDER_THE_LAST

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def programme(world):
    return Programme.objects.get(place=world.northshore)


@pytest.mark.parametrize("who", ["ana", "dara", "emre", "kofi", "jonas"])
@pytest.mark.parametrize("deed", ["settings", "templates", "goals", "ending"])
def test_only_a_lead_changes_a_programme(client, world, programme, who, deed):
    client.force_login(getattr(world, who))
    assert client.post(f"/programmes/{programme.pk}/{deed}/", {"goal-text": "Mine"}).status_code == 403
    assert client.get(f"/programmes/{programme.pk}/words/").status_code == 403


def test_a_lead_of_a_lower_place_reads_the_programme_above(client, world, programme):
    give_role(world.lena, kind="lead", place=world.linden, by=world.ines, at=AT)
    client.force_login(world.lena)
    page = text(client.get("/programme/"))
    assert programme.name in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    assert client.post(f"/programmes/{programme.pk}/settings/", {}).status_code == 403


def test_who_leads_nothing_has_no_programme_page(client, world):
    client.force_login(world.ana)
    assert client.get("/programme/").status_code == 403
    client.force_login(world.kofi)
    assert "you name the first" in text(client.get("/programme/"))


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"settings-name": "", "settings-days_for_leavers": "60"},
        {"settings-name": "N", "settings-days_for_leavers": "-1"},
        {"settings-name": "N", "settings-days_for_leavers": "9" * 30},
        {"settings-name": "N\0", "settings-days_for_leavers": "60"},
        {"settings-name": "x" * 100_000, "settings-days_for_leavers": "60"},
    ],
)
def test_settings_that_cannot_be_are_said_in_place(client, world, programme, sent):
    client.force_login(world.ines)
    assert "Something to put right" in text(client.post(f"/programmes/{programme.pk}/settings/", sent), 422)
    programme.refresh_from_db()
    assert programme.days_for_leavers == 60


def test_settings_are_saved(client, world, programme):
    client.force_login(world.ines)
    client.post(
        f"/programmes/{programme.pk}/settings/", {"settings-name": "Colleagues", "settings-days_for_leavers": "30"}
    )
    programme.refresh_from_db()
    assert (programme.name, programme.days_for_leavers, programme.leaders_see_partnerships) == ("Colleagues", 30, False)


def test_words_are_looked_at_before_they_are_saved(client, world, programme):
    client.force_login(world.ines)
    address = f"/programmes/{programme.pk}/words/"
    sent = {"coach_one": "<i>guide</i>", "coach_many": "guides {coach}", "act": "look"}
    page = text(client.post(address, sent))
    assert "You are the &lt;i&gt;guide&lt;/i&gt;" in page
    assert "guides {coach}" in page
    programme.refresh_from_db()
    assert programme.words == {}
    assert client.post(address, {**sent, "act": "save"}).status_code == 302
    programme.refresh_from_db()
    assert programme.words == {"coach": ["<i>guide</i>", "guides {coach}"]}
    client.force_login(world.lena)
    page = text(client.get(f"/people/{world.ana.pk}/"))
    assert "&lt;i&gt;guide&lt;/i&gt;" in page


def test_half_a_word_is_put_right(client, world, programme):
    client.force_login(world.ines)
    page = text(client.post(f"/programmes/{programme.pk}/words/", {"coach_one": "guide"}), 422)
    assert "Write both forms" in page


def test_words_cost_one_query_and_only_where_they_are_used(world, django_assert_num_queries):
    from sidebyside.web.own_words import OwnWords

    world.ana.standing = policy.standing(world.ana)
    words = OwnWords(world.ana)
    with django_assert_num_queries(1):
        assert [words(key) for key in WORDS] == [word.singular for word in WORDS.values()]
    with django_assert_num_queries(0):
        assert OwnWords(None)("cycle", 2) == "cycles"
        assert OwnWords(None).role("lead") == "Programme lead"


def test_goals_are_added_once_removed_and_put_back(client, world, programme):
    client.force_login(world.ines)
    address = f"/programmes/{programme.pk}/goals/"
    before = len(goals_of(world.northshore))
    for _ in range(2):
        client.post(address, {"goal-text": "Every pupil <b>speaks</b>", "once": "m"})
    assert len(goals_of(world.northshore)) == before + 1
    goal = PlaceGoal.objects.get(text="Every pupil <b>speaks</b>")
    assert "<b>speaks" not in text(client.get("/programme/"))
    assert "on the list already" in text(client.post(address, {"goal-text": goal.text}), 422)
    page = text(client.post(f"/place-goals/{goal.pk}/removal/", follow=True))
    assert f"/place-goals/{goal.pk}/restoration/" in page
    assert len(goals_of(world.northshore)) == before
    client.post(f"/place-goals/{goal.pk}/restoration/")
    assert len(goals_of(world.northshore)) == before + 1
    client.force_login(world.ana)
    assert client.post(f"/place-goals/{goal.pk}/removal/").status_code == 403


def test_a_programme_chooses_its_cycles(client, world, programme):
    client.force_login(world.ines)
    address = f"/programmes/{programme.pk}/templates/"
    assert "at least one" in text(client.post(address, {}), 422)
    assert client.post(address, {"templates-slugs": ["short"]}).status_code == 302
    assert [version.material.slug for version in templates_for(world.linden)] == ["short"]
    assert client.post(address, {"templates-slugs": ["no-such"]}).status_code == 422


def test_a_lower_place_begins_its_own_and_gives_it_up(client, world, programme):
    client.force_login(world.ines)
    address = f"/places/{world.linden.pk}/programme/"
    assert programme.name in text(client.get(address))
    assert client.post(address, {"name": ""}).status_code == 422
    page = text(client.post(address, {"name": "Linden together", "once": "n"}, follow=True))
    assert "Linden together" in page
    assert client.post(address, {"name": "Again"}).status_code == 422
    own = Programme.objects.get(place=world.linden)
    assert "Linden together" in text(client.get("/programme/"))
    client.post(f"/programmes/{own.pk}/ending/")
    assert not Programme.objects.filter(pk=own.pk).exists()
    assert client.post(f"/programmes/{programme.pk}/ending/").status_code == 409


def test_words_are_found_for_who_has_a_role_and_no_post(client, world):
    stranger = Person.objects.create(given_name="Guest")
    give_role(stranger, kind="evaluator", place=world.linden, by=world.ines, at=AT)
    client.force_login(stranger)
    assert "Places" in text(client.get("/places/"))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/seeing/", "/help/", "/about/"])
def test_pages_for_everybody_need_no_sign_in(client, address):
    text(client.get(address))


@pytest.mark.django_db
def test_who_can_see_what_names_every_kind_of_record(client):
    page = re.sub(r"\s+", " ", text(client.get("/seeing/")))
    shown = {policy.SIGHTS[model] for model, _ in NOUNS} | {policy.SIGHTS[model] for model in UNDER_THE_LAST}
    missing = {model.__name__ for model, rule in policy.SIGHTS.items() if rule not in shown}
    # Each of these goes with a record that is named.
    parts = {"CalendarConsent", "Consent", "Member", "PlanRelease", "Seat", "Series", "Signature"}
    assert missing == parts | {"Period", "SpecialDay", "TimetableLesson", "TimetableTeacher"}
    assert "A coach&#39;s scratch note is seen by that coach alone." in page


@pytest.mark.django_db
def test_about_names_licence_and_version(client):
    page = text(client.get("/about/"))
    assert "AGPL-3.0-or-later" in page
    assert re.search(r"version \d+\.\d+", page)


def test_every_rule_that_is_shown_goes_to_the_translators():
    with open(policy.__file__, "rb") as file:
        found = {text for _, _, text, _ in extract_docstrings(file, {}, (), {"decorators": "sight"})}
    assert {as_sentence(rule) for rule in policy.SIGHTS.values()} == found


def test_a_file_without_such_functions_has_no_sentences():
    source = io.BytesIO(b'@sight\ndef a():\n    """Bare."""\n\n@other(1)\ndef b():\n    """Other."""\n')
    assert list(extract_docstrings(source, {}, (), {"decorators": "sight"})) == []
