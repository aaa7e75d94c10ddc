"""Reflections on their pages: one's own first."""

import pytest
from django.test import Client
from django.urls import reverse

from sidebyside.journals.models import Entry
from tests.pairs import Pair

pytestmark = pytest.mark.django_db
QUIET = {"headers": {"X-Autosave": "1"}}


def at(ours: Pair) -> str:
    return reverse("reflection", args=[ours.cycle.pk])


def workspace(client: Client, ours: Pair) -> str:
    return client.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()


def test_the_other_reads_it_only_while_it_is_shared(ours: Pair, ana: Client, ben: Client) -> None:
    assert ben.post(at(ours), {"text": "MARK", "version": "0"}, **QUIET).status_code == 200
    assert "MARK" not in workspace(ana, ours)
    assert "MARK" not in ana.get(at(ours)).content.decode()
    entry = Entry.objects.get()
    ben.post(at(ours), {"text": "MARK", "version": str(entry.version), "share": "yes"})
    assert "MARK" in workspace(ana, ours)
    assert ana.post(reverse("take_back_entry", args=[entry.pk])).status_code == 403
    ben.post(reverse("take_back_entry", args=[entry.pk]))
    assert "MARK" not in workspace(ana, ours)


def test_is_saved_and_shared_in_one_act(ours: Pair, ana: Client, ben: Client) -> None:
    assert ben.post(at(ours), {"text": "MARK", "version": "0", "share": "yes"}).status_code == 302
    assert "MARK" in workspace(ana, ours)


def test_quiet_saving_never_shares(ours: Pair, ana: Client, ben: Client) -> None:
    ben.post(at(ours), {"text": "MARK", "version": "0", "share": "yes"}, **QUIET)
    assert Entry.objects.get().shared_at is None


def test_nothing_is_not_shared(ours: Pair, ben: Client) -> None:
    answer = ben.post(at(ours), {"text": " ", "version": "0", "share": "yes"})
    assert answer.status_code == 422
    assert not Entry.objects.filter(shared_at__isnull=False).exists()


def test_two_windows_of_one_author_lose_nothing(ours: Pair, ben: Client) -> None:
    ben.post(at(ours), {"text": "here", "version": "0"})
    answer = ben.post(at(ours), {"text": "there", "version": "0"})
    assert (answer.status_code, "here</p>" in answer.content.decode()) == (409, True)


def test_each_page_asks_in_the_last_stage(ours: Pair, ana: Client) -> None:
    assert 'id="reflection"' not in workspace(ana, ours)
    ana.post(reverse("stage", args=[ours.cycle.pk, "reflect"]))
    assert 'id="reflection"' in workspace(ana, ours)
