"""Calendars on their pages: what stands in mine, what others see of it, and what those who come do with it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.models import Appointment, Attendee, BusyTime, OutsideCalendar
from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.people.models import Person
from sidebyside.places.actions import give_role
from sidebyside.places.models import Role
from sidebyside.visits.models import CalendarRelease, Visit
from tests.page import Page
from tests.web.calendars.conftest import LONG, School

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def page(client: Client, name: str, *arguments, query: str = "", status: int = 200) -> Page:
    answer = client.get(reverse(name, args=arguments) + query)
    assert answer.status_code == status
    return Page(answer.content.decode())


def cover(school: School, begin: datetime, **state) -> CoverOffer:
    """Ben's lesson, for which Ana is asked."""
    request = CoverRequest.objects.create(
        school=school.pair.school, person=school.ben, on=begin.date(), begin=begin, end=begin + LONG, classes=["7A"],
        rooms=["12"], subject="Science", asked_at=begin,
    )  # fmt: skip
    return CoverOffer.objects.create(
        request=request, kind="colleague", person=school.ana, on=begin.date(), begin=begin, end=begin + LONG,
        proposed_at=begin, **{"asked_at": begin, **state},
    )  # fmt: skip


# Others see busy, and not what


@pytest.mark.parametrize("who", ["lena", "mai", "dara"])
def test_who_does_not_come_finds_no_appointment(school, signed_in, who):
    made = school.make(school.at(15))
    client = signed_in(getattr(school, who))
    for name in ("appointment", "appointment_move"):
        assert client.get(reverse(name, args=[made.pk])).status_code == 404
    for name in ("appointment_answer", "appointment_cancel", "series_end", "appointment_move"):
        assert client.post(reverse(name, args=[made.pk]), {"answer": "no"}).status_code == 404
    assert client.get(reverse("partnership_calendar", args=[school.pair.partnership.pk])).status_code in (403, 404)
    made.refresh_from_db()
    assert made.cancelled_at is None


def test_a_colleague_sees_when_she_is_busy_and_never_with_what(school, signed_in):
    school.make(school.at(10, 25), room="Cellar", kind="visit")
    verbs.make(
        kind="own", begin=school.at(16), end=school.at(17), zone="Europe/Lisbon", people=[school.ana], by=school.ana,
        at=timezone.now(),
    )  # fmt: skip
    text = page(signed_in(school.lena), "free_times", school.ana.pk).text
    for word in ("Ben", "Cellar", "Visit", "Mathematics", "7A", "Your own time"):
        assert word not in text
    for words in ("08:30 busy", "10:25 busy", "11:15 free", "16:00 to 17:00 busy"):
        assert words in text, words


def test_of_somebody_elsewhere_nothing_is_seen(school, signed_in):
    assert signed_in(school.mai).get(reverse("free_times", args=[school.ana.pk])).status_code in (403, 404)
    assert Client().get(reverse("free_times", args=[school.ana.pk])).status_code == 302
    assert Client().get(reverse("calendar")).status_code == 302


def test_a_leader_sees_that_they_meet_once_they_showed_her(school, signed_in):
    made, dara = school.make(school.at(15)), signed_in(school.dara)
    at = timezone.now()
    release = CalendarRelease.objects.create(partnership=school.pair.partnership, to=school.dara, by=school.ana, at=at)
    assert dara.get(reverse("appointment", args=[made.pk])).status_code == 404  # not all have agreed
    release.in_force_at = at
    release.save()
    # Where, who comes and who cancelled it stays with them; and they see that she looked.
    led = dara.get(reverse("appointment", args=[made.pk]))
    assert (led.status_code, led["Location"]) == (302, reverse("shown_calendar", args=[release.pk]))
    assert dara.get(led["Location"]).status_code == 200
    release.refresh_from_db()
    assert release.opened_at is not None
    assert dara.post(reverse("appointment_cancel", args=[made.pk])).status_code == 403
    assert dara.post(reverse("appointment_answer", args=[made.pk]), {"answer": "no"}).status_code == 404


def test_a_facilitator_knows_that_they_work_together_and_not_when(school, signed_in):
    give_role(school.lena, kind=Role.Kind.FACILITATOR, place=school.pair.school, by=None, at=timezone.now())
    school.make(school.at(15))
    client = signed_in(school.lena)
    assert client.get(reverse("partnership_calendar", args=[school.pair.partnership.pk])).status_code == 403


# Mine


@pytest.mark.parametrize("view", ["list", "week"])
def test_my_calendar_has_lessons_free_periods_appointments_and_cover(school, signed_in, view):
    school.make(school.at(15), kind="visit", room="Room 12")
    cover(school, school.at(11, 15), yes_at=timezone.now())
    calendar = OutsideCalendar.objects.create(person=school.ana, address="https://x.org/", added_at=timezone.now())
    BusyTime.objects.create(calendar=calendar, person=school.ana, begin=school.at(17), end=school.at(18))
    shown = page(signed_in(school.ana), "calendar", query=f"?view={view}&from={school.monday}")
    for words in ("Visit", school.ben.name, "Room 12", "Mathematics 7A", "free", "Cover: class 7A, room 12"):
        assert words in shown.text, words
    assert "Busy, by your other calendar" in shown.text
    assert "times of Lisbon" in shown.text
    assert reverse("appointment", args=[Appointment.objects.get().pk]) in shown.links


def test_what_is_declined_or_cancelled_or_somebody_elses_is_not_in_it(school, signed_in):
    declined = school.make(school.at(15))
    verbs.answer(declined.attendees.get(person=school.ben), answer="no", by=school.ben, at=timezone.now())
    cancelled = school.make(school.at(16), room="Gone")
    verbs.cancel(cancelled, by=school.ana, at=timezone.now())
    school.make(school.at(17), school.lena, school.dara, ours=False)
    shown = page(signed_in(school.ben), "calendar", query=f"?from={school.monday}")
    assert not [link for link in shown.links if link.startswith("/appointments/")]


def test_an_asked_cover_waits_and_a_proposed_one_is_not_shown(school, signed_in):
    cover(school, school.at(11, 15))
    cover(school, school.at(14, 0), asked_at=None)
    shown = page(signed_in(school.ana), "calendar", query=f"?from={school.monday}")
    assert shown.links.count(reverse("my_cover")) == 2  # in its day, and among what waits
    assert "Cover, if you say yes: class 7A, room 12" in shown.text
    assert "14:00" not in shown.text
    assert "waits for your answer" in shown.text


def test_another_zone_is_named(school, signed_in):
    school.make(school.at(15), zone="America/New_York")
    assert "in New York" in page(signed_in(school.ben), "calendar", query=f"?from={school.monday}").text


@pytest.mark.parametrize("query", ["?from=x", "?from=9999-99-99", "?from=0001-01-01", "?view=<b>", "?from=2026-13-01"])
def test_nonsense_in_the_address_is_today(school, signed_in, query):
    assert "today" in page(signed_in(school.ana), "calendar", query=query).text


@pytest.mark.parametrize("name", ["calendar", "partnership_calendar", "free_times"])
def test_the_same_queries_for_one_and_for_three(school, signed_in, name):
    client = signed_in(school.ana)
    arguments = {"partnership_calendar": [school.pair.partnership.pk], "free_times": [school.ben.pk]}.get(name, [])
    counts = []
    for turn in range(3):
        school.make(school.at(13 + turn))
        cover(school, school.at(13 + turn, 0, day=1), yes_at=timezone.now())
        with CaptureQueriesContext(connection) as found:
            page(client, name, *arguments, query=f"?from={school.monday}" if name == "calendar" else "")
        counts.append(len(found))
    assert counts[0] == counts[2]
    assert counts[0] <= 26


# One appointment


def test_who_comes_answers_and_is_shown_with_her_answer(school, signed_in):
    made = school.make(school.at(15))
    ben = signed_in(school.ben)
    assert [form.buttons for form in page(ben, "appointment", made.pk).forms if "answer" in form.action]
    answer = ben.post(reverse("appointment_answer", args=[made.pk]), {"answer": "perhaps"})
    assert answer.status_code == 302
    assert "perhaps" in page(signed_in(school.ana), "appointment", made.pk).text
    assert Attendee.objects.get(person=school.ben).answer == "perhaps"


def test_nonsense_is_no_answer(school, signed_in):
    made = school.make(school.at(15))
    for said in ("", "asked", "maybe"):
        assert (
            signed_in(school.ben).post(reverse("appointment_answer", args=[made.pk]), {"answer": said}).status_code
            == 404
        )
    assert Attendee.objects.get(person=school.ben).answer == "asked"


def moved(school, **more):
    return {"on": school.monday.isoformat(), "begins": "16:00", "ends": "16:30", "room": "13", **more}


def test_a_partner_moves_it(school, signed_in):
    made = school.make(school.at(15))
    answer = signed_in(school.ben).post(reverse("appointment_move", args=[made.pk]), moved(school))
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.begin, made.end, made.room) == (school.at(16), school.at(16, 30), "13")


def test_it_is_not_moved_to_where_somebody_is_not_free(school, signed_in):
    made = school.make(school.at(15))
    school.make(school.at(16), school.ana, school.lena, ours=False, room="Cellar")
    answer = signed_in(school.ben).post(reverse("appointment_move", args=[made.pk]), moved(school))
    assert answer.status_code == 422
    text = Page(answer.content.decode()).text
    assert f"{school.ana.given_name} is not free" in text
    assert "Cellar" not in text


@pytest.mark.parametrize("wrong", [{"ends": "15:00"}, {"on": ""}, {"begins": "x"}, {"on": "0001-01-01"}])
def test_a_time_that_is_none_is_shown_in_place(school, signed_in, wrong):
    made = school.make(school.at(15))
    assert (
        signed_in(school.ben).post(reverse("appointment_move", args=[made.pk]), moved(school, **wrong)).status_code
        == 422
    )


def test_a_proposed_time_is_shown_and_taken_over(school, signed_in):
    made = school.make(school.at(15))
    times = school.at(16, 5), school.at(16, 50)
    attendee = made.attendees.get(person=school.ben)
    verbs.answer(attendee, answer="perhaps", by=school.ben, at=timezone.now(), proposed=times)
    ana = signed_in(school.ana)
    shown = page(ana, "appointment", made.pk)
    assert "would rather come on" in shown.text
    [link] = [link for link in shown.links if "proposed=" in link]
    form = Page(ana.get(link).content.decode()).forms
    values = {field.name: field.value for one in form for field in one.fields}
    assert (values["begins"], values["ends"]) == ("16:05", "16:50")


def test_a_partner_cancels_it_and_it_stays_to_be_looked_up(school, signed_in):
    made = school.make(school.at(15))
    assert signed_in(school.ben).post(reverse("appointment_cancel", args=[made.pk])).status_code == 302
    shown = page(signed_in(school.ana), "appointment", made.pk)
    assert "cancelled it" in shown.text
    assert not [form for form in shown.forms if "appointment" in form.action]


@pytest.mark.parametrize("kind", ["talk_before", "visit", "talk_after"])
def test_a_part_of_a_visit_is_not_torn_from_it(school, signed_in, kind):
    made = school.make(school.at(15), kind=kind)
    visit = Visit.objects.create(
        partnership=school.pair.partnership, observed=school.ben, observer=school.ana, begin=made.begin, end=made.end,
        booked_at=made.made_at, booked_by=school.ben, changed_at=made.made_at,
    )  # fmt: skip
    made.meeting.visit = visit
    made.meeting.save()
    client = signed_in(school.ben)
    assert client.get(reverse("appointment_move", args=[made.pk])).status_code == 404
    assert client.post(reverse("appointment_cancel", args=[made.pk])).status_code == 404
    assert reverse("visit", args=[visit.pk]) in page(client, "appointment", made.pk).links


def test_it_is_not_moved_into_a_lesson_of_one_of_them(school, signed_in):
    made = school.make(school.at(15))
    values = moved(school, begins="09:30", ends="10:00")  # Ana teaches
    answer = signed_in(school.ben).post(reverse("appointment_move", args=[made.pk]), values)
    assert answer.status_code == 422
    assert f"{school.ana.short_name} teaches at that time." in Page(answer.content.decode()).text
    values = moved(school, begins="11:15", ends="12:00")
    assert signed_in(school.ben).post(reverse("appointment_move", args=[made.pk]), values).status_code == 302


def test_a_series_ends_from_one_of_its_times(school, signed_in):
    rule = f"FREQ=WEEKLY;INTERVAL=1;UNTIL={school.monday + 3 * WEEK:%Y%m%d}"
    client = signed_in(school.ana)
    values = {"on": school.monday.isoformat(), "begins": "16:00", "ends": "17:00", "repeat": "weekly"}
    client.post(reverse("own_time"), {**values, "until": (school.monday + 3 * WEEK).isoformat()})
    rows = list(Appointment.objects.order_by("begin"))
    assert (len(rows), rows[0].series.rule) == (4, rule)
    assert client.post(reverse("series_end", args=[rows[2].pk])).status_code == 302
    assert Appointment.objects.filter(cancelled_at=None).count() == 2


# Time of one's own


def test_own_time_is_hers_alone(school, signed_in):
    client = signed_in(school.ana)
    values = {"on": school.monday.isoformat(), "begins": "15:00", "ends": "16:00", "repeat": "once"}
    assert client.post(reverse("own_time"), values).status_code == 302
    made = Appointment.objects.get()
    assert (made.kind, made.begin, made.zone) == ("own", school.at(15), "Europe/Lisbon")
    assert "Your own time" in page(client, "calendar", query=f"?from={school.monday}").text
    for other in (school.ben, school.lena):
        assert signed_in(other).get(reverse("appointment", args=[made.pk])).status_code == 404
    assert "15:00 to 16:00 busy" in page(signed_in(school.ben), "free_times", school.ana.pk).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": "14:00"},
        {"repeat": "weekly"},
        {"repeat": "weekly", "until": "2020-01-01"},
        {"repeat": "daily"},
        {"on": "2020-01-01"},
    ],
)
def test_own_time_that_is_none_is_refused(school, signed_in, wrong):
    values = {"on": school.monday.isoformat(), "begins": "15:00", "ends": "16:00", "repeat": "once", **wrong}
    assert signed_in(school.ana).post(reverse("own_time"), values).status_code == 422
    assert not Appointment.objects.exists()


# The partnership's


def test_the_partnership_sees_when_it_meets_and_when_all_are_free(school, signed_in):
    school.make(school.at(15), room="Library")
    shown = page(signed_in(school.ben), "partnership_calendar", school.pair.partnership.pk)
    assert "Library" in shown.text
    monday = shown.text[shown.text.index("When all of you are free") :]
    assert "11:15 –12:00" in monday
    assert "08:30 –09:15" not in monday.split("Tuesday")[0]


def test_who_left_a_partnership_finds_its_calendar_no_more(school, signed_in):
    client = signed_in(school.ben)
    member = school.pair.partnership.members.get(person=school.ben)
    member.left_at = timezone.now()
    member.save()
    assert client.get(reverse("partnership_calendar", args=[school.pair.partnership.pk])).status_code in (403, 404)


def test_a_page_says_who_sees_it(school, signed_in):
    made = school.make(school.at(15))
    client = signed_in(school.ana)
    for shown in (page(client, "appointment", made.pk), page(client, "calendar"), page(client, "connections")):
        assert "Who can see this:" in shown.text
    assert Person.objects.count() >= 5
