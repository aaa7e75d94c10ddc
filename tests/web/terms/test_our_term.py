"""The page on which a partnership finds what is proposed to it."""

import re

import pytest
from django.utils import timezone

from sidebyside.calendars.actions.appointments import make
from sidebyside.calendars.models import Appointment
from sidebyside.partnerships import actions as partnerships
from sidebyside.visits.models import PlannedVisit, TermPlan, Visit
from tests.page import Page

pytestmark = pytest.mark.django_db


def there(world):
    return f"/partnerships/{world.ana_and_ben.pk}/term/"


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return Page(response.content.decode()).text


def test_outsiders(world, client, proposed):
    one = proposed[0].pk
    acts = [f"/planned-visits/{one}/{act}/" for act in ("taking", "passing-over", "bringing-back")]
    of_partnership = [f"{there(world)}{act}/" for act in ("taking", "plans")]
    for who in (world.chen, world.lena, world.dara, world.olu, world.emre, world.fatima, world.ines, world.kofi):
        client.force_login(who)
        assert client.get(there(world)).status_code in (403, 404)
        assert [client.post(path).status_code for path in acts] == [404] * 3
        assert {client.post(path).status_code for path in of_partnership} <= {403, 404}
    client.logout()
    assert client.get(there(world)).status_code == 302
    assert {client.post(path).status_code for path in [*acts, *of_partnership]} == {302}
    assert not Visit.objects.exists()
    assert PlannedVisit.objects.filter(passed_over_at=None).count() == 3


def test_reading_acts_on_nothing(world, client, proposed):
    client.force_login(world.ana)
    for path in (f"{there(world)}taking/", f"/planned-visits/{proposed[0].pk}/taking/", f"{there(world)}plans/"):
        assert client.get(path).status_code == 405


def test_it_says_who_when_what_and_the_talks(world, client, proposed):
    client.force_login(world.ben)
    page = text(client.get(there(world)))
    assert "Ana visits you" in page
    assert "Nobody needs to cover." in page
    assert "Talk before" in page
    assert "Talk after" in page
    assert "Take all of them" in page
    assert "Week of" in page
    assert "Science" in page
    client.force_login(world.ana)
    assert "You visit Ben" in text(client.get(there(world)))


def test_take_one_and_rather_not_and_undo(world, client, proposed):
    client.force_login(world.ben)
    first, second = proposed
    answer = client.post(f"/planned-visits/{first.pk}/taking/", follow=True)
    assert "It is booked, with its talks." in text(answer)
    assert Visit.objects.get().begin == first.begin
    page = text(client.post(f"/planned-visits/{second.pk}/passing-over/", follow=True))
    assert "Undo" in page
    assert "Rather not" not in page
    page = text(client.post(f"/planned-visits/{second.pk}/bringing-back/", follow=True))
    assert "Rather not" in page
    assert "booked" in page
    again = client.post(f"/planned-visits/{first.pk}/taking/")
    assert "meanwhile" in text(again, 422)


def test_take_all_and_what_is_not_free_says_so_in_its_place(world, client, proposed):
    make(
        kind=Appointment.Kind.OWN, begin=proposed[1].begin, end=proposed[1].end, zone="UTC", people=[world.ana],
        by=world.ana, at=world.at,
    )  # fmt: skip
    client.force_login(world.ben)
    page = text(client.post(f"{there(world)}taking/"), 422)
    assert "1 visit is booked, with its talks." in page
    assert "Ana is not free" in page or re.search(r"Ana[^.]*not free|Ana[^.]*taken", page), page
    assert Visit.objects.count() == 1
    assert text(client.post(f"{there(world)}taking/"), 422)
    Appointment.objects.filter(kind=Appointment.Kind.OWN).delete()
    assert client.post(f"{there(world)}taking/").status_code == 302
    assert Visit.objects.count() == 2


def test_plan_for_ourselves(world, client, proposed, days):
    client.force_login(world.ana)
    term = Page(client.get(there(world)).content.decode())
    choices = [form for form in term.forms if form.action.endswith("/plans/")]
    assert choices
    assert not term.unlabelled()
    wrong = {"term": "other", "begin": "2026-13-01", "end": ""}
    assert "Something to put right" in text(client.post(f"{there(world)}plans/", wrong), 422)
    assert "Please choose a day." in text(client.post(f"{there(world)}plans/", {"term": "99999"}), 422)
    over = {"term": "other", "begin": "2020-01-01", "end": "2020-02-01"}
    assert "These days are over." in text(client.post(f"{there(world)}plans/", over), 422)
    good = {"term": "other", "begin": days["begin"].isoformat(), "end": days["end"].isoformat()}
    assert "2 visits are proposed." in text(client.post(f"{there(world)}plans/", good, follow=True))
    plan = TermPlan.objects.get(partnership=world.ana_and_ben)
    assert plan.made_by == world.ana
    put_away = f"/term-plans/{plan.pk}/removal/"
    for who in (world.chen, world.emre, world.dara):
        client.force_login(who)
        assert client.post(put_away).status_code == 404
    client.force_login(world.ben)
    assert client.post(put_away).status_code == 302
    assert "No calendar for your term yet" in text(client.get(there(world)))


def test_a_term_of_the_school_can_be_chosen(world, client):
    Visit.objects.all().delete()
    client.force_login(world.ben)
    page = client.get(there(world)).content.decode()
    assert "First term" in page
    assert "Second term" in page
    number = re.findall(r'name="term" value="(\d+)"', page)[1]
    assert client.post(f"{there(world)}plans/", {"term": number}).status_code == 302
    plan = TermPlan.objects.get(partnership=world.ana_and_ben)
    found = list(PlannedVisit.objects.filter(plan=plan))
    assert len(found) == 2
    assert all(plan.begin <= one.begin.date() <= plan.end for one in found)


def test_home_tells_it_and_the_workspace_leads_there(world, client, proposed):
    client.force_login(world.ben)
    home = client.get("/").content.decode()
    assert f'href="{there(world)}"' in home
    assert f'href="{there(world)}"' in client.get(f"/partnerships/{world.ana_and_ben.pk}/").content.decode()


def test_a_resting_partnership_has_nothing_to_plan(world, client):
    client.force_login(world.goran)
    page = text(client.get(f"/partnerships/{world.goran_and_hana.pk}/term/"))
    assert "Propose a calendar" not in page
    partnerships.end(world.goran_and_hana, by=world.goran, at=timezone.now())
    assert client.get(f"/partnerships/{world.goran_and_hana.pk}/term/").status_code == 200


def test_the_queries_do_not_grow_with_what_is_proposed(world, client, proposed, django_assert_max_num_queries):
    client.force_login(world.ben)
    one = proposed[0]
    for number in range(6):
        one.pk = None
        one.begin += timezone.timedelta(days=7 * number)
        one.end += timezone.timedelta(days=7 * number)
        one.save()
    client.get(there(world))
    with django_assert_max_num_queries(16):
        client.get(there(world))
