"""One visit on its page: answers, talks, what becomes of the lesson meanwhile, held and logged; and meetings."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.cover import actions as cover
from sidebyside.cover.models import CoverOffer
from sidebyside.cycles.models import Contact
from sidebyside.partnerships import actions as partnerships
from sidebyside.visits import actions
from sidebyside.visits.models import Meeting
from tests.visits import behind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def covered(world):
    return world.visits["ana_visits_ben_covered"]


def at(name, visit):
    return reverse(name, args=[visit.pk])


def words(client, who, address, status=200):
    client.force_login(who)
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def post(client, who, address, **values):
    client.force_login(who)
    return client.post(address, values)


def test_who_takes_the_lesson_is_named_to_whose_lesson_it_is(world, client, covered):
    assert "Somebody was asked" in words(client, world.ana, at("visit", covered))
    offer = CoverOffer.objects.get(request__visit_cover__visit=covered, withdrawn_at=None, no_at=None)
    cover.say_yes(offer, by=offer.person, at=timezone.now())
    assert f"{offer.person.name} takes the class." in words(client, world.ana, at("visit", covered))
    assert "Somebody takes the class." in words(client, world.ben, at("visit", covered))
    assert offer.person.name not in words(client, world.ben, at("visit", covered))


def test_cover_is_seen_to_in_another_way(world, client, covered):
    one = covered.covers.get()
    address = reverse("visit_cover", args=[one.pk])
    for wrong in ("", "request", "hope"):
        assert post(client, world.ben, address, answer=wrong).status_code == 409
    assert post(client, world.ben, address, answer="swap").status_code == 302
    assert "You swap between yourselves." in words(client, world.ana, at("visit", covered))
    assert not CoverOffer.objects.filter(request=one.request, withdrawn_at=None, no_at=None).exists()


def test_a_talk_moves_by_choice_and_by_hand_and_says_what_is_wrong(world, client, covered):
    address = at("visit_talk_after", covered)
    day = (covered.end + DAY).date().isoformat()
    wrong = (
        {"time": "nonsense"}, {"time": "by-hand"}, {"time": "", "begin": "17:00"},
        {"time": "", "on": day, "begin": "17:00", "end": "16:00"},
        {"time": "", "on": "9999-12-31", "begin": "23:00", "end": "23:59"},
        {"time": "", "on": "0001-01-01", "begin": "00:00", "end": "00:30"},
        {"time": "", "on": "2026-01-05", "begin": "17:00", "end": "17:30"},
    )  # fmt: skip
    for values in wrong:
        assert post(client, world.ana, address, **values).status_code == 422, values
    assert post(client, world.ana, address, time="", on=day, begin="17:00", end="17:30").status_code == 302
    found = Appointment.objects.get(meeting__visit=covered, kind="talk_after", cancelled_at=None)
    assert timezone.localtime(found.begin, timezone.get_fixed_timezone(0)).hour in (16, 17)
    assert post(client, world.ana, address, time="").status_code == 302
    assert "No talk after yet" in words(client, world.ana, at("visit", covered))


def test_one_tap_says_that_it_took_place_and_logs_it_once(world, client):
    behind.furnish(world)
    visit = world.ana_and_ben.visits.filter(held_at=None, end__lt=world.at).get()
    assert "Log it as well: observing, 45 minutes" in words(client, world.ben, at("visit", visit))
    assert post(client, world.ben, at("hold_visit", visit), log="yes").status_code == 302
    contact = Contact.objects.get(began_at=visit.begin)
    assert (contact.kinds, contact.minutes, contact.logged_by) == (["observing"], 45, world.ben)
    post(client, world.ana, at("log_visit", visit))
    post(client, world.ana, at("hold_visit", visit), log="yes")
    assert Contact.objects.filter(began_at=visit.begin).count() == 1
    page = words(client, world.ana, at("visit", visit))
    assert "It took place." in page
    assert "Log it" not in page


def test_a_visit_to_come_is_not_held(world, client, covered):
    assert post(client, world.ben, at("hold_visit", covered), log="yes").status_code == 409
    assert not Contact.objects.filter(began_at=covered.begin).exists()


def test_cancelled_it_stays_to_be_read_and_offers_nothing(world, client, covered):
    assert post(client, world.ben, at("cancel_visit", covered)).status_code == 302
    page = words(client, world.ana, at("visit", covered))
    assert "This visit was cancelled" in page
    assert "Choose another lesson" not in page
    assert "Another time" not in page


def test_who_has_left_still_reads_her_visit_and_changes_nothing(world, client, covered):
    partnerships.leave(world.ana_and_ben, by=world.ana, at=timezone.now())
    page = words(client, world.ana, at("visit", covered))
    assert "Those who were in this partnership" in page
    assert "Choose another lesson" not in page
    assert post(client, world.ana, at("cancel_visit", covered)).status_code == 403
    assert client.get(reverse("visits", args=[world.ana_and_ben.pk])).status_code in (403, 404)


def test_meetings_once_and_repeating(world, client):
    address = reverse("meet", args=[world.ana_and_ben.pk])
    day = (world.at + 20 * DAY).date().isoformat()
    values = {"on": day, "begin": "17:00", "end": "17:30", "weeks": "2", "times": "3", "room": "Library"}
    for wrong in ({"end": "16:00"}, {"weeks": "3"}, {"times": "99"}, {"on": "9999-12-31"}, {"room": "x" * 61}):
        assert post(client, world.ben, address, **{**values, **wrong}).status_code == 422, wrong
    assert post(client, world.ben, address, **values).status_code == 302
    rows = Meeting.objects.filter(partnership=world.ana_and_ben, visit=None)
    assert rows.count() == 3
    assert "Library" in words(client, world.ana, reverse("visits", args=[world.ana_and_ben.pk]))
    again = post(client, world.ana, address, **{**values, "weeks": "0"})
    assert again.status_code == 422
    assert "not free" in again.content.decode()


def test_the_workspace_shows_what_comes_and_leads_to_booking(world, client, covered):
    pair = world.ana_and_ben
    client.force_login(world.ben)
    page = client.get(reverse("workspace", args=[pair.pk])).content.decode()
    assert reverse("book_visit", args=[pair.pk]) in page
    assert reverse("visit", args=[world.visits["ana_visits_ben"].pk]) in page
    actions.say(world.visits["ana_visits_ben"], comes=False, by=world.ana, at=timezone.now())
    assert "Needs another time" in words(client, world.ben, reverse("workspace", args=[pair.pk]))
    assert Attendee.objects.filter(person=world.ben, answer="no").count() == 0


@pytest.mark.parametrize("name", ["ana", "ben"])
def test_the_workspace_takes_at_most_twenty_queries_and_the_visits_few(
    world, client, name, django_assert_max_num_queries
):
    client.force_login(getattr(world, name))
    address = reverse("workspace", args=[world.ana_and_ben.pk])
    client.get(address)
    with django_assert_max_num_queries(19):  # and one to the key store
        client.get(address)
    listed = reverse("visits", args=[world.ana_and_ben.pk])
    with django_assert_max_num_queries(14):
        client.get(listed)
