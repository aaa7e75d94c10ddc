"""One lesson: the desk chooses, the one who is asked answers, whose lesson it is writes notes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sidebyside.calendars.models import KeptFree, Term
from sidebyside.cover import actions
from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.people.models import Person
from tests.web.cover.conftest import Desk

pytestmark = pytest.mark.django_db


def page_of(client, request: CoverRequest) -> str:
    answer = client.get(reverse("cover_request", args=[request.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["mai", "emre", "jonas", "ines", "dara", "ben", "chen"])
def test_a_lesson_is_nobody_elses_business(desk: Desk, client, name: str) -> None:
    """Chen is proposed and kept, and was not asked: she does not see it yet."""
    request = desk.ask("ana", 0)
    desk.choose(request, "chen", send=False)
    client.force_login(desk.staff.people[name])
    assert client.get(reverse("cover_request", args=[request.pk])).status_code == 404
    for page in ("cover_choice", "cover_notes", "cover_cancellation"):
        assert client.post(reverse(page, args=[request.pk]), {"notes-text": "x"}).status_code == 404
    request.refresh_from_db()
    assert request.cancelled_at is None
    assert request.notes is None


def test_the_choice_shows_the_ledger_limits_and_the_day_of_each(desk: Desk, client) -> None:
    rules = {"most_a_day": 1, "most_a_week": None, "most_a_term": None, "window": "week"}
    actions.set_rules(desk.school, by=desk.olu, at=timezone.now(), **rules)
    desk.choose(desk.ask("ana", 1), "lena", agreed=True)
    client.force_login(desk.olu)
    page = page_of(client, desk.ask("ben", 0))
    assert page.index("Chen Sousa") < page.index("Lena Fischer")
    assert "1 cover this week, 1 that day" in page
    assert "as many covers as allowed on that day" in page
    assert "Even beyond the limit" in page
    assert "free" in page
    # Ana teaches then; Dara leads the school and has no lessons.
    assert 'value="together-' in page
    assert f'value="administrator-{desk.dara.pk}"' in page


def test_who_keeps_a_period_free_is_not_named_as_such(desk: Desk, client) -> None:
    KeptFree.objects.create(person=desk.lena, period=desk.staff.timetable.periods.get(day=0, position=0))
    client.force_login(desk.olu)
    page = page_of(client, desk.ask("ana", 0))
    assert "Lena Fischer" not in page
    page = client.get(f"{reverse('cover', args=[desk.school.pk])}?on={desk.on}").content.decode()
    assert "kept" not in page.lower().replace("kept for it", "")


@pytest.mark.parametrize(("act", "state"), [("ask", (True, False)), ("agreed", (True, True)), ("keep", (False, False))])
def test_the_desk_asks_notes_an_agreement_or_keeps(desk: Desk, client, act: str, state: tuple[bool, bool]) -> None:
    request = desk.ask("ana", 0)
    client.force_login(desk.olu)
    sent = {"who": f"colleague-{desk.lena.pk}", "act": act}
    assert client.post(reverse("cover_choice", args=[request.pk]), sent).status_code == 302
    offer = CoverOffer.objects.get()
    assert offer.person == desk.lena
    assert (offer.asked_at is not None, offer.yes_at is not None) == state


def test_a_swap_is_a_swap(desk: Desk, client) -> None:
    client.force_login(desk.olu)
    sent = {"who": f"colleague-{desk.lena.pk}", "act": "agreed", "swap": "on"}
    client.post(reverse("cover_choice", args=[desk.ask("ana", 0).pk]), sent)
    assert CoverOffer.objects.get().kind == CoverOffer.Kind.SWAP


def test_nobody_outside_the_choice_can_be_taken(desk: Desk, client) -> None:
    request = desk.ask("ana", 0)
    client.force_login(desk.olu)
    for who in (f"colleague-{desk.mai.pk}", f"colleague-{desk.ana.pk}", f"substitute-{desk.lena.pk}", "x", ""):
        assert client.post(reverse("cover_choice", args=[request.pk]), {"who": who, "act": "ask"}).status_code == 422
    assert not CoverOffer.objects.exists()


def test_another_desk_was_quicker(desk: Desk, client) -> None:
    """The page was open before; what it says is true when the button is pressed."""
    request, other = desk.ask("ana", 0), desk.ask("ben", 0)
    client.force_login(desk.olu)
    page_of(client, request)
    desk.choose(other, "lena")
    answer = client.post(reverse("cover_choice", args=[request.pk]), {"who": f"colleague-{desk.lena.pk}", "act": "ask"})
    assert answer.status_code == 422


def test_who_is_asked_sees_the_lesson_and_its_notes_and_answers(desk: Desk, client) -> None:
    request = desk.ask("ana", 0, notes="Page 14, the key is in the desk.")
    offer = desk.choose(request, "chen")
    client.force_login(desk.chen)
    page = page_of(client, request)
    assert "Page 14" in page
    assert "professional" not in page
    assert "Page 14" in client.get(reverse("my_cover")).content.decode()
    client.post(reverse("cover_yes", args=[offer.pk]))
    offer.refresh_from_db()
    assert offer.yes_at is not None
    client.post(reverse("cover_no", args=[offer.pk]))
    offer.refresh_from_db()
    assert offer.no_at is not None
    assert client.get(reverse("cover_request", args=[request.pk])).status_code == 404
    assert client.post(reverse("cover_yes", args=[offer.pk])).status_code == 403


def test_whose_lesson_it_is_does_not_see_who_was_asked_or_said_no(desk: Desk, client) -> None:
    request = desk.ask("ana", 0)
    first = desk.choose(request, "chen")
    client.force_login(desk.ana)
    assert "Chen" not in page_of(client, request)
    actions.say_no(first, by=desk.chen, at=timezone.now())
    second = desk.choose(request, "lena")
    assert "Chen" not in page_of(client, request)
    assert "Lena" not in page_of(client, request)
    actions.say_yes(second, by=desk.lena, at=timezone.now())
    assert "<bdi>Lena Fischer</bdi> takes it" in page_of(client, request)
    assert "<bdi>Lena Fischer</bdi> takes it" in client.get(reverse("my_cover")).content.decode()


def test_she_writes_notes_and_takes_her_request_back(desk: Desk, client) -> None:
    request = desk.ask("ana", 0)
    offer = desk.choose(request, "chen", agreed=True)
    client.force_login(desk.ana)
    client.post(reverse("cover_notes", args=[request.pk]), {"notes-text": "Page 15"})
    assert "Page 15" in page_of(client, request)
    client.post(reverse("cover_cancellation", args=[request.pk]))
    offer.refresh_from_db()
    assert offer.withdrawn_at is not None
    assert "needs no cover any more" in page_of(client, request)


def test_thanks_reach_who_took_the_lesson(desk: Desk, client) -> None:
    offer = desk.choose(desk.ask("ana", 0), "chen", agreed=True)
    client.force_login(desk.chen)
    assert client.post(reverse("cover_thanks", args=[offer.pk])).status_code == 403
    client.force_login(desk.ana)
    client.post(reverse("cover_thanks", args=[offer.pk]))
    client.force_login(desk.chen)
    assert "thanks you" in client.get(reverse("my_cover")).content.decode()


def test_she_marks_herself_away_and_comes_after_all(desk: Desk, client) -> None:
    client.force_login(desk.ana)
    where = reverse("my_away")
    assert client.post(where, {"away-first": ""}).status_code == 422
    assert client.post(where, {"away-first": desk.on.isoformat()}).status_code == 302
    absence = desk.ana.away.get()
    assert absence.requests.count() == 2
    page = client.get(reverse("my_cover")).content.decode()
    assert page.count("The cover desk looks for somebody.") >= 2
    client.post(reverse("away_end", args=[absence.pk]))
    absence.refresh_from_db()
    assert absence.ended_by == desk.ana


def test_her_own_figure_stands_beside_a_range_and_nobody_is_named(desk: Desk, client) -> None:
    term = {"begin": desk.on - timedelta(days=30), "end": desk.on + timedelta(days=30)}
    Term.objects.create(place=desk.school, name="Autumn", **term)
    desk.choose(desk.ask("ana", 0), "chen", agreed=True)
    client.force_login(desk.lena)
    page = client.get(reverse("my_cover")).content.decode()
    assert "You took 0 lessons of others" in page
    assert "between 0 and 1" in page
    assert "Chen" not in page


def test_who_works_at_no_school_has_a_page_too(desk: Desk, client) -> None:
    client.force_login(Person.objects.create(given_name="Kofi", email="kofi@example.org"))
    assert client.get(reverse("my_cover")).status_code == 200
    assert client.post(reverse("my_away"), {"away-first": desk.on.isoformat()}).status_code in (302, 422)


def test_pages_take_as_many_queries_for_three_as_for_one(desk: Desk, client) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    mine = reverse("my_cover")
    # One lesson asked of Lena and one of hers to be covered, with notes; then three of each.
    first = desk.ask("ana", 0, notes="One")
    desk.choose(first, "lena")
    desk.ask("lena", 0, notes="Mine")
    client.force_login(desk.lena)
    queries(mine)
    with_one = queries(mine)
    desk.choose(desk.ask("ana", 1, notes="Two"), "lena", agreed=True)
    desk.choose(desk.staff.ask("ben", 0, on=desk.on + timedelta(days=1), at=timezone.now()), "lena", agreed=True)
    for days in (1, 2):
        desk.staff.ask("lena", 0, on=desk.on + timedelta(days=days), at=timezone.now())
    assert queries(mine) == with_one
    client.force_login(desk.olu)
    assert queries(reverse("cover_request", args=[first.pk])) <= 50


def test_home_says_that_she_is_asked_until_she_answers(desk: Desk, client) -> None:
    client.force_login(desk.chen)
    request = desk.ask("ana", 0)
    kept = desk.choose(request, "chen", send=False)
    assert "take a lesson" not in client.get("/").content.decode()
    actions.send(kept, by=desk.olu, at=timezone.now())
    page = client.get("/").content.decode()
    assert "asks whether you can take a lesson" in page
    assert reverse("cover_request", args=[request.pk]) in page
    client.post(reverse("cover_yes", args=[kept.pk]))
    assert "take a lesson" not in client.get("/").content.decode()


def test_home_tells_the_desk_what_needs_somebody_and_nobody_else(desk: Desk, client) -> None:
    def lines(name: str) -> bool:
        client.force_login(desk.staff.people[name])
        return "needs somebody" in client.get("/").content.decode()

    request = desk.ask("ana", 0)
    assert [name for name in ("olu", "dara", "mai", "emre", "ines") if lines(name)] == ["olu"]
    desk.choose(request, "chen")
    assert not lines("olu")
