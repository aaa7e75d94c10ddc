"""The desk's page and what is done on it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sidebyside.cover import actions
from sidebyside.cover.models import Away, CoverOffer, CoverRequest, SubstituteDay
from tests.web.cover.conftest import Desk

pytestmark = pytest.mark.django_db
OTHERS = ["mai", "emre", "jonas", "ines", "dara", "ana", "lena"]


def address(desk: Desk, page: str = "cover") -> str:
    return f"{reverse(page, args=[desk.school.pk])}?on={desk.on}"


@pytest.mark.parametrize("name", OTHERS)
def test_no_page_of_the_desk_is_for_others(desk: Desk, client, name: str) -> None:
    client.force_login(desk.staff.people[name])
    for page in ("cover", "cover_ledger", "cover_rules", "cover_sheet"):
        assert client.get(address(desk, page)).status_code == 403
    for page in ("cover_away", "cover_proposal", "cover_sending", "cover_substitutes", "cover_limits", "cover_rules"):
        assert client.post(reverse(page, args=[desk.school.pk])).status_code == 403
    assert not Away.objects.exists()


@pytest.mark.parametrize("name", OTHERS)
def test_no_act_of_the_desk_is_for_others(desk: Desk, client, name: str) -> None:
    request = desk.ask("ana", 0)
    offer = desk.choose(request, "chen")
    day = actions.add_substitute_day(
        desk.school, name="Rosa", begin=desk.moment(8), end=desk.moment(12), by=desk.olu, at=timezone.now()
    )
    client.force_login(desk.staff.people[name])
    for page in ("cover_lock", "cover_unlock", "cover_asking", "cover_withdrawal", "cover_yes", "cover_no"):
        assert client.post(reverse(page, args=[offer.pk])).status_code == 404
    refused = 403 if name == "ana" else 404
    assert client.post(reverse("cover_choice", args=[request.pk])).status_code == refused
    assert client.post(reverse("substitute_end", args=[day.pk])).status_code == 404
    offer.refresh_from_db()
    assert offer.is_alive
    assert offer.yes_at is None


def test_the_desk_goes_to_its_only_school_and_others_have_none(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    assert client.get(reverse("cover_start")).url == reverse("cover", args=[desk.school.pk])
    client.force_login(desk.ana)
    assert client.get(reverse("cover_start")).status_code == 403


def test_it_opens_on_today_and_nonsense_is_today(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    plain = client.get(reverse("cover", args=[desk.school.pk]))
    assert plain.context is None or plain.status_code == 200
    for wrong in ("x", "2026-99-99", "' OR 1"):
        page = client.get(reverse("cover", args=[desk.school.pk]), {"on": wrong})
        assert page.status_code == 200
        assert f'value="{timezone.localdate()}"' in page.content.decode()


def test_somebody_is_marked_away_by_her_name(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    sent = {"away-who": "ana sousa", "on": desk.on.isoformat()}
    answer = client.post(reverse("cover_away", args=[desk.school.pk]), sent)
    assert answer.status_code == 302
    absence = Away.objects.get()
    assert (absence.person, absence.begin, absence.end) == (
        desk.ana, desk.moment(0), desk.moment(0) + timedelta(days=1)
    )  # fmt: skip
    page = client.get(answer.url).content.decode()
    assert "2 lessons need somebody" in page
    assert "Ana Sousa" in page


def test_the_beginning_of_a_name_is_enough_where_it_is_one_persons(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    where = reverse("cover_away", args=[desk.school.pk])
    for wrong, sentence in (("Sousa", "Several people"), ("Weber", "Nobody of this name"), ("", "required")):
        answer = client.post(where, {"away-who": wrong, "on": desk.on.isoformat()})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    sent = {"away-who": "fisch", "away-begins": "09:00", "away-ends": "10:00", "on": desk.on.isoformat()}
    assert client.post(where, sent).status_code == 302
    assert Away.objects.get().begin == desk.moment(9)
    # Away all day covers it; within what is marked already, the rules say no, in place.
    again = client.post(where, sent)
    assert again.status_code == 422
    assert "marked away then already" in again.content.decode()


def test_the_desk_proposes_keeps_changes_sends_and_sees_why(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    desk.ask("ana", 0)
    desk.ask("ben", 0)
    client.post(reverse("cover_proposal", args=[desk.school.pk]), {"on": desk.on.isoformat()})
    page = client.get(address(desk)).content.decode()
    assert page.count("Proposed:") == 2
    kept = CoverOffer.objects.get(request__person=desk.ben)
    client.post(reverse("cover_lock", args=[kept.pk]))
    client.post(reverse("cover_proposal", args=[desk.school.pk]), {"on": desk.on.isoformat()})
    assert CoverOffer.objects.get(request__person=desk.ben).pk == kept.pk
    sent = client.post(reverse("cover_sending", args=[desk.school.pk]), {"on": desk.on.isoformat()}, follow=True)
    assert "2 colleagues were asked." in sent.content.decode()
    client.post(reverse("cover_withdrawal", args=[kept.pk]))
    kept.refresh_from_db()
    assert kept.withdrawn_at is not None


def test_why_a_lesson_stays_open_is_said_in_words(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    for name in ("chen", "lena", "olu"):
        actions.mark_away(
            desk.staff.people[name], school=desk.school, begin=desk.moment(8), end=desk.moment(9, 20), by=desk.olu,
            at=timezone.now(),
        )  # fmt: skip
    desk.ask("ana", 0)
    client.post(reverse("cover_proposal", args=[desk.school.pk]), {"on": desk.on.isoformat()})
    assert "No colleague who is present that day is free in this slot." in client.get(address(desk)).content.decode()


def test_it_says_professional_learning_and_no_more(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    desk.ask("ana", 0, notes="Ana visits Ben. Page 14.")
    page = client.get(address(desk)).content.decode()
    assert "professional learning" in page
    assert "visits" not in page
    sheet = client.get(address(desk, "cover_sheet")).content.decode()
    assert "professional" not in sheet
    assert "Page 14" not in sheet + page


def test_a_substitute_comes_and_does_not_come(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    where = reverse("cover_substitutes", args=[desk.school.pk])
    sent = {"substitute-name": "Rosa Klein", "substitute-begins": "08:00", "substitute-ends": "12:00"}
    assert client.post(where, sent | {"on": desk.on.isoformat(), "substitute-ends": "07:00"}).status_code == 422
    assert client.post(where, sent | {"on": desk.on.isoformat()}).status_code == 302
    assert "Rosa Klein" in client.get(address(desk)).content.decode()
    day = SubstituteDay.objects.get()
    assert (day.begin, day.end) == (desk.moment(8), desk.moment(12))
    client.post(reverse("substitute_end", args=[day.pk]))
    day.refresh_from_db()
    assert day.ended_at is not None


def test_she_comes_after_all(desk: Desk, client) -> None:
    absence = actions.mark_away(
        desk.ana, school=desk.school, begin=desk.moment(0), end=desk.moment(12), by=desk.olu, at=timezone.now()
    )
    client.force_login(desk.mai)
    assert client.post(reverse("away_end", args=[absence.pk])).status_code == 404
    client.force_login(desk.olu)
    back = client.post(reverse("away_end", args=[absence.pk]), {"on": desk.on.isoformat()})
    assert back.url == address(desk)
    assert not CoverRequest.objects.filter(cancelled_at=None).exists()


def test_the_page_takes_as_many_queries_with_three_as_with_one(
    desk: Desk, client, django_assert_max_num_queries
) -> None:

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address(desk)).status_code == 200
        return len(counted)

    client.force_login(desk.olu)
    day = {"begin": desk.moment(8), "end": desk.moment(14), "by": desk.olu, "at": timezone.now()}
    actions.add_substitute_day(desk.school, name="Rosa", **day)
    desk.choose(desk.ask("ana", 0), "chen")
    queries()
    with_one = queries()
    actions.add_substitute_day(desk.school, name="Ida", **day)
    desk.choose(desk.ask("ben", 0), "lena")
    desk.ask("lena", 0)
    actions.mark_away(desk.dara, school=desk.school, **day)
    assert queries() == with_one
    assert with_one <= 50


def test_the_sheet_shows_who_takes_what(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    desk.choose(desk.ask("ana", 0), "chen", agreed=True)
    desk.ask("ben", 0)
    page = client.get(address(desk, "cover_sheet")).content.decode()
    assert "By who takes it" in page
    assert page.count("Chen Sousa") == 2
    assert ">open<" in page


def test_the_ledger_is_in_the_order_of_names(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    desk.choose(desk.ask("ana", 0), "lena", agreed=True)
    page = client.get(reverse("cover_ledger", args=[desk.school.pk])).content.decode()
    names = [desk.lena.name, desk.ana.name, desk.ben.name, desk.chen.name]
    places = [page.index(name) for name in names]
    assert places == sorted(places)


def test_rules_and_limits(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    where = reverse("cover_rules", args=[desk.school.pk])
    assert client.post(where, {"most_a_day": "-1", "window": "term"}).status_code == 422
    assert client.post(where, {"most_a_day": "2", "window": "week"}).status_code == 302
    assert desk.school.cover_rules.most_a_day == 2
    limits = reverse("cover_limits", args=[desk.school.pk])
    sent = {"limit-who": desk.lena.name, "limit-most_a_week": "1"}
    assert client.post(limits, sent).status_code == 302
    assert "1 a week" in client.get(where).content.decode()
    assert client.post(limits, sent | {"limit-most_a_week": ""}).status_code == 302
    assert not desk.lena.cover_limits.exists()
    assert client.post(limits, sent | {"limit-who": "Weber"}).status_code == 422
