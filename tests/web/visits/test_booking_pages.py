"""Booking a visit through its pages: choose, confirm, one act; and everything that is not allowed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from sidebyside.calendars.actions.appointments import make
from sidebyside.calendars.models import Appointment, KeptFree, Period, TimetableTeacher
from sidebyside.calendars.slots import Span
from sidebyside.cover.models import CoverRequest
from sidebyside.partnerships import actions as partnerships
from sidebyside.places.models import Role
from sidebyside.visits import actions
from sidebyside.visits.models import Visit
from sidebyside.visits.queries import lessons_to_visit
from tests.page import Page

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_is_booked_yet(world):
    for visit in world.visits.values():
        actions.cancel(visit, by=world.ana, at=world.at)
    Visit.objects.all().delete()


def new(world, **query):
    return reverse("book_visit", args=[world.ana_and_ben.pk], query=query)


def look(client, who, address, status=200):
    client.force_login(who)
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def choices(world, *, covered=False):
    begin = world.at.date() + DAY
    every = lessons_to_visit(
        observed=world.ben, observer=world.ana, begin=begin, end=begin + 14 * DAY, at=world.at + DAY
    ).found  # fmt: skip
    return [one for one in every if bool(one.to_cover) == covered]


def form_of(page, name="talk_before"):
    return next(form for form in Page(page).forms if name in form.names)


def sent(page, **more):
    """What the browser would send of the confirmation."""
    found = {}
    for one in form_of(page).fields:
        if one.kind == "radio" and "checked" not in one.attributes:
            continue
        found[one.name] = one.value
    return {**found, **more}


def confirm(client, world, choice, who=None, **more):
    who = who or world.ben
    address = new(world, observed=world.ben.pk, observer=world.ana.pk, lesson=choice.lesson.key)
    page = look(client, who, address)
    return client.post(new(world), sent(page, **more))


# What is not allowed


def test_outsiders_find_nothing_at_any_of_the_addresses(world, client):
    visit = actions.book(
        world.ana_and_ben, observed=world.ben, observer=world.ana, lesson=choices(world, covered=True)[0].lesson.key,
        by=world.ben, at=world.at,
    )  # fmt: skip
    cover = visit.covers.get()
    pages = ("visit", "rebook_visit", "visit_talk_before", "visit_talk_after")
    acts = ("visit_answer", "hold_visit", "log_visit", "cancel_visit")
    gets = [reverse(name, args=[world.ana_and_ben.pk]) for name in ("visits", "book_visit", "meet")]
    gets += [reverse(name, args=[visit.pk]) for name in pages]
    posts = [*gets[1:], *(reverse(name, args=[visit.pk]) for name in acts), reverse("visit_cover", args=[cover.pk])]
    for name in ("chen", "dara", "emre", "fatima", "ines", "kofi", "mai", "olu", "jonas", "lena", "noor"):
        client.force_login(world.people[name])
        for address in gets:
            assert client.get(address).status_code in (403, 404), (name, address)
        for address in posts:
            assert client.post(address, {"answer": "no"}).status_code in (403, 404, 405), (name, address)
    visit.refresh_from_db()
    assert (visit.is_open, visit.unsettled_at) == (True, None)


def test_the_cover_desk_sees_the_lesson_and_nothing_of_the_visit(world, client):
    choice = choices(world, covered=True)[0]
    visit = actions.book(
        world.ana_and_ben, observed=world.ben, observer=world.ana, lesson=choice.lesson.key, by=world.ben, at=world.at
    )
    request = visit.covers.get().request
    page = look(client, world.olu, reverse("cover_request", args=[request.pk]))
    assert request.subject in page
    day = look(client, world.olu, reverse("cover", args=[world.linden.pk]) + f"?day={request.on}")
    for shown in (page, day):
        assert "visit" not in re.sub(r"<[^>]*>", " ", shown).lower()
        assert f"/visits/{visit.pk}/" not in shown


def test_a_lesson_of_somebody_else_a_past_one_and_nonsense_are_refused_in_place(world, client):
    client.force_login(world.ben)
    wrong = ["nonsense", "1-20261399", f"{choices(world)[0].lesson.lesson}-20200101", "9" * 40]
    for key in wrong:
        answer = client.get(new(world, observed=world.ben.pk, observer=world.ana.pk, lesson=key))
        assert answer.status_code == 422, key
        assert "Please choose another" in answer.content.decode()
        assert client.post(new(world), {"lesson": key}).status_code == 422
    past = {"on": (world.at - 3 * DAY).date().isoformat(), "begin": "09:00", "end": "09:30"}
    page = look(client, world.ben, new(world, **past))
    answer = client.post(new(world), sent(page))
    assert answer.status_code == 422
    assert "This time is over." in answer.content.decode()
    assert not Visit.objects.exists()


def test_ids_of_others_in_the_address_choose_nobody_else(world, client):
    for query in ({"observed": world.lena.pk}, {"observed": "x"}, {"observer": world.mai.pk, "observed": world.mai.pk}):
        page = look(client, world.ben, new(world, **query))
        assert f"observed={world.lena.pk}&" not in page
        assert "Ana visits you" in re.sub(r"<[^>]*>", "", page)


def test_a_time_that_is_taken_meanwhile_is_refused_and_the_page_comes_back(world, client):
    choice = choices(world)[0]
    page = look(client, world.ben, new(world, observed=world.ben.pk, observer=world.ana.pk, lesson=choice.lesson.key))
    begin, end = choice.span.begin, choice.span.end
    make(kind="own", begin=begin, end=end, zone="UTC", people=[world.ana], by=world.ana, at=world.at)
    answer = client.post(new(world), sent(page))
    assert answer.status_code == 422
    assert "One of you is not free then" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_talk_that_is_taken_meanwhile_says_so_at_its_field(world, client):
    choice = choices(world)[2]
    page = look(client, world.ben, new(world, observed=world.ben.pk, observer=world.ana.pk, lesson=choice.lesson.key))
    values = sent(page)
    begin, end = (int(part) for part in values["talk_after"].split("-"))
    span = Span(*(world.at.fromtimestamp(one, world.at.tzinfo) for one in (begin, end)))
    make(kind="own", begin=span.begin, end=span.end, zone="UTC", people=[world.ben], by=world.ben, at=world.at)
    answer = client.post(new(world), values)
    assert answer.status_code == 422
    assert "no longer free" in answer.content.decode()
    for nonsense in ("x", "1-", "99999999999999999999-1"):
        assert client.post(new(world), {**values, "talk_after": nonsense}).status_code == 422


def test_sent_twice_it_is_booked_once(world, client):
    choice = choices(world)[0]
    page = look(client, world.ben, new(world, observed=world.ben.pk, observer=world.ana.pk, lesson=choice.lesson.key))
    first, second = (client.post(new(world), sent(page)) for _turn in range(2))
    assert first["Location"] == second["Location"]
    assert client.post(new(world), sent(page, once="another")).status_code == 422
    assert Visit.objects.count() == 1


def test_a_partnership_that_rests_says_so(world, client):
    choice = choices(world)[0]
    page = look(client, world.ben, new(world, observed=world.ben.pk, observer=world.ana.pk, lesson=choice.lesson.key))
    partnerships.rest(world.ana_and_ben, by=world.ana, at=world.at)
    answer = client.post(new(world), sent(page))
    assert answer.status_code == 422
    assert "rests" in answer.content.decode()


# The choice


def test_free_lessons_come_first_twelve_at_once_with_room_and_period(world, client):
    page = look(client, world.ben, new(world))
    assert page.count('class="slot ') == 12
    assert "Nobody needs to cover" in page
    everything = look(client, world.ben, new(world, all=1))
    assert everything.index('id="free"') < everything.index('id="covered"')
    plain = re.sub(r"<[^>]*>", "", everything)
    assert "room Lab 1" in plain
    assert "45 minutes to cover: Lena" in plain


def test_by_week(world, client):
    monday = world.at.date() - timedelta(days=world.at.date().weekday()) + 14 * DAY
    page = look(client, world.ben, new(world, **{"from": monday.isoformat(), "all": 1}))
    dates = {key.split("-")[1] for key in re.findall(r"lesson=(\d+-\d{8})", page)}
    assert dates
    assert all(monday.strftime("%Y%m%d") <= one <= (monday + 4 * DAY).strftime("%Y%m%d") for one in dates)
    for nonsense in ("x", "9999-99-99", "0001-01-01", "2026-02-30"):
        look(client, world.ben, new(world, **{"from": nonsense}))


def test_a_period_somebody_keeps_is_offered_to_her_alone(world, client):
    for period in Period.objects.all():
        KeptFree.objects.create(person=world.ana, period=period)
    assert 'id="free"' not in look(client, world.ben, new(world))
    hers = look(client, world.ana, new(world))
    assert "You keep this period for yourself" in hers


def test_without_a_timetable_she_is_told_how_to_bring_one_and_books_by_hand(world, client):
    TimetableTeacher.objects.filter(person=world.ben).update(person=None)
    page = look(client, world.ben, new(world))
    assert reverse("own_week") in page
    assert "Type your week" in page
    theirs = re.sub(r"<[^>]*>", "", look(client, world.ana, new(world)))
    assert "No timetable here says when Ben teaches" in theirs
    hand = {"on": (world.at + 20 * DAY).date().isoformat(), "begin": "17:00", "end": "17:45"}
    confirmed = look(client, world.ben, new(world, **hand))
    answer = client.post(new(world), sent(confirmed, room="Hall"))
    visit = Visit.objects.get()
    assert answer["Location"] == reverse("visit", args=[visit.pk])
    assert (visit.rooms, visit.lesson) == (["Hall"], None)
    assert client.get(new(world, **{**hand, "end": "16:00"})).status_code == 422


# One act


def test_one_confirmation_books_all_of_it(world, client):
    choice = choices(world, covered=True)[-1]
    answer = confirm(client, world, choice, notes="They go on with the sheet.")
    visit = Visit.objects.get()
    assert answer["Location"] == reverse("visit", args=[visit.pk])
    kinds = set(Appointment.objects.filter(meeting__visit=visit).values_list("kind", flat=True))
    assert kinds == {"talk_before", "visit", "talk_after"}
    assert CoverRequest.objects.filter(visit_cover__visit=visit, cancelled_at=None).count() == 1
    for who in (world.ana, world.ben):
        page = look(client, who, reverse("visit", args=[visit.pk]))
        assert "The cover desk is looking for somebody." in page
        assert "They go on with the sheet." not in page


def test_without_a_cover_desk_there_are_the_other_answers(world, client):
    Role.objects.filter(kind=Role.Kind.COVER_DESK).update(ended_at=world.at)
    choice = choices(world, covered=True)[0]
    page = look(client, world.ben, new(world, observed=world.ben.pk, observer=world.ana.pk, lesson=choice.lesson.key))
    assert "Ask the cover desk" not in page
    assert client.post(new(world), sent(page)).status_code == 302
    assert Visit.objects.get().covers.get().answer == "swap"


def test_by_video_nobody_covers_and_the_talk_after_waits(world, client):
    confirm(client, world, choices(world, covered=True)[-1], way="video")
    visit = Visit.objects.get()
    assert not visit.covers.exists()
    page = look(client, world.ana, reverse("visit", args=[visit.pk]))
    assert "The lesson is filmed" in page
    assert "No talk after yet" in page


def test_another_lesson_is_one_act_too(world, client):
    first, second = choices(world, covered=True)[0], choices(world)[-1]
    confirm(client, world, first)
    visit = Visit.objects.get()
    there = reverse("rebook_visit", args=[visit.pk])
    listed = look(client, world.ana, there)
    assert f"lesson={second.lesson.key}" in look(client, world.ana, there + "?all=1")
    assert "observed=" not in listed
    page = look(client, world.ana, f"{there}?lesson={second.lesson.key}")
    assert client.post(there, sent(page)).status_code == 302
    visit.refresh_from_db()
    assert visit.begin == second.span.begin
    assert not CoverRequest.objects.filter(visit_cover__visit=visit, cancelled_at=None).exists()


def test_the_same_lesson_may_be_confirmed_anew_with_another_answer(world, client):
    choice = choices(world, covered=True)[0]
    confirm(client, world, choice)
    visit = Visit.objects.get()
    there = reverse("rebook_visit", args=[visit.pk])
    page = look(client, world.ben, f"{there}?lesson={choice.lesson.key}")
    assert client.post(there, sent(page, **{f"cover-{choice.to_cover[0].key}": "own_time"})).status_code == 302
    assert [one.answer for one in visit.covers.filter(ended_at=None)] == ["own_time"]
    actions.cancel(visit, by=world.ben, at=world.at)
    assert client.get(there).status_code == 302
