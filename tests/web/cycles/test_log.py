"""Logging a contact in a few taps, and putting it right."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sidebyside.cycles import actions
from sidebyside.cycles.models import Contact
from tests.pairs import Pair

pytestmark = pytest.mark.django_db
GOOD = {"kinds": ["training", "observing"], "minutes": "45", "day": "today"}


def log(client: Client, ours: Pair, **changes):
    sent = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return client.post(reverse("contacts", args=[ours.partnership.pk]), sent)


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": "0"}, {"minutes": "-1"}, {"minutes": "10000"}, {"minutes": "abc"}, {"minutes": "1e2"},
        {"minutes": None}, {"minutes": "9" * 5000}, {"other_minutes": "601"}, {"kinds": []}, {"kinds": ["lunch"]},
        {"kinds": ["training", "\0"]}, {"day": "tomorrow"}, {"other_day": "2999-01-01"}, {"other_day": "yesterday"},
        {"other_day": "0000-00-00"},
    ],
    ids=str,
)  # fmt: skip
def test_refuses_with_a_sentence_and_keeps_what_was_chosen(ours: Pair, ana: Client, changes: dict) -> None:
    answer = log(ana, ours, **changes)
    assert answer.status_code == 422
    assert "Something to put right" in answer.content.decode()
    assert not Contact.objects.exists()
    if "kinds" not in changes:
        assert 'id="kind-observing" checked' in answer.content.decode()


def test_today_has_just_ended_and_yesterday_was_at_this_hour(ours: Pair, ana: Client) -> None:
    before = timezone.now()
    assert log(ana, ours).status_code == log(ana, ours, day="yesterday").status_code == 302
    today, yesterday = Contact.objects.order_by("pk")
    assert timedelta(0) <= today.began_at - (before - timedelta(minutes=45)) < timedelta(minutes=1)
    assert timedelta(0) <= yesterday.began_at - (before - timedelta(days=1)) < timedelta(minutes=1)
    assert (today.kinds, today.minutes, today.logged_by) == (["observing", "training"], 45, ours.coach)


def test_another_length_or_day_wins(ours: Pair, ben: Client) -> None:
    day = timezone.localdate() - timedelta(days=9)
    log(ben, ours, other_minutes="7", other_day=day.isoformat())
    found = Contact.objects.get()
    assert (found.minutes, timezone.localtime(found.began_at).date()) == (7, day)


def test_a_form_sent_twice_logs_once(ours: Pair, ana: Client) -> None:
    assert log(ana, ours, once="mark-1").status_code == log(ana, ours, once="mark-1").status_code == 302
    assert Contact.objects.count() == 1


def test_is_preset_to_her_last_kinds_and_length(ours: Pair, ana: Client, ben: Client) -> None:
    log(ana, ours, kinds=["modelling"], minutes=None, other_minutes="37")
    page = ana.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()
    assert 'id="kind-modelling" checked' in page
    assert 'id="minutes-37" checked' in page
    assert page.count(" checked") == 3


def test_the_other_puts_it_right_and_both_read_so(ours: Pair, ana: Client, ben: Client) -> None:
    log(ana, ours)
    contact = Contact.objects.get()
    began = timezone.localtime(contact.began_at).strftime("%Y-%m-%dT%H:%M")
    sent = {"kinds": ["reflecting"], "minutes": "45", "began_at": began}
    page = reverse("contact", args=[contact.pk])
    assert ben.post(page, sent | {"minutes": "0"}).status_code == 422
    assert ben.post(page, sent).status_code == 302
    contact.refresh_from_db()
    assert (contact.kinds, contact.corrected_by) == (["reflecting"], ours.partner)
    text = ana.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()
    assert "put right by <bdi>Ben</bdi>" in text


def test_two_entries_for_one_talk_are_offered_as_one(ours: Pair, ana: Client, ben: Client) -> None:
    log(ana, ours)
    log(ben, ours, kinds=["reflecting"], minutes="50")
    page = ana.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()
    assert "One talk or two?" in page
    one, other = Contact.objects.order_by("pk")
    ana.post(reverse("join_contacts", args=[one.pk]), {"other": other.pk})
    kept = Contact.objects.get(removed_at=None)
    assert (kept.kinds, kept.minutes) == (["observing", "reflecting", "training"], 50)
    assert "One talk or two?" not in ana.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()
    assert ana.post(reverse("join_contacts", args=[one.pk]), {"other": "x"}).status_code == 404
    assert ana.post(reverse("join_contacts", args=[one.pk]), {"other": other.pk}).status_code == 409


def test_two_talks_stay_two(ours: Pair, ana: Client, ben: Client) -> None:
    log(ana, ours)
    log(ben, ours)
    ana.post(reverse("keep_contacts_apart", args=[Contact.objects.latest("pk").pk]))
    assert "One talk or two?" not in ana.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()
    assert Contact.objects.filter(removed_at=None).count() == 2


def test_an_errand_is_said_not_to_count(ours: Pair, ana: Client) -> None:
    log(ana, ours, kinds=["errand"])
    assert "not counted as coaching" in ana.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()


def test_history_holds_the_whole_log_at_one_number_of_queries(
    ours: Pair, ana: Client, django_assert_max_num_queries
) -> None:
    for number in range(60):
        actions.log_contact(
            ours.partnership, kinds=["informal"], minutes=number + 1, began_at=timezone.now(), by=ours.coach,
            at=timezone.now(),
        )  # fmt: skip
    with django_assert_max_num_queries(12):
        first = ana.get(reverse("history", args=[ours.partnership.pk])).content.decode()
    second = ana.get(reverse("history", args=[ours.partnership.pk]) + "?page=2").content.decode()
    assert (first.count('class="log__row'), second.count('class="log__row')) == (50, 10)
