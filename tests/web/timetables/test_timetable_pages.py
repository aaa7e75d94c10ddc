"""The pages of a school's timetable: who sees it, what it shows, and putting it right."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sidebyside.calendars.actions.own_weeks import type_week
from sidebyside.calendars.models import Period, SpecialDay, Term, Timetable
from sidebyside.calendars.periods import PlannedPeriod
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part
from sidebyside.places.actions import end_post, give_role
from tests.calendars.timetable_files import SHEET, bells, taken_in
from tests.web.timetables.desk import next_monday, said

DAY = timedelta(days=1)


@pytest.fixture
def quay(world) -> Timetable:
    """Quay School's timetable, from next Monday for ten weeks; two of its teachers are known."""
    return taken_in(
        world, school=world.quay, begin=next_monday(), end=next_monday() + 69 * DAY,
        teachers={"Ana Sousa": world.goran.pk, "Okafor": world.hana.pk}, by=world.fatima,
    )  # fmt: skip


def pages(timetable: Timetable) -> dict[str, str]:
    found = {
        name: reverse(name, args=[timetable.pk])
        for name in ("timetable_dates", "timetable_teachers", "timetable_bells", "timetable_days")
    }
    found["timetable_day_bells"] = reverse("timetable_day_bells", args=[timetable.pk]) + f"?on={timetable.begin}"
    return found


# Who


@pytest.mark.parametrize("name", ["ana", "mai", "olu", "jonas", "kofi"])
def test_outsiders_find_no_timetable_here(world, quay, client, name) -> None:
    client.force_login(getattr(world, name))
    assert client.get(reverse("timetable", args=[world.quay.pk])).status_code == 404
    for address in [*pages(quay).values(), reverse("timetable_removal", args=[quay.pk])]:
        assert client.post(address).status_code == 404, address
    quay.refresh_from_db()
    assert quay.put_away_at is None


@pytest.mark.parametrize("name", ["goran", "hana", "emre"])
def test_who_works_there_reads_it_and_changes_nothing(world, quay, client, name) -> None:
    client.force_login(getattr(world, name))
    page = client.get(reverse("timetable", args=[world.quay.pk]))
    assert page.status_code == 200
    assert "Bring a new timetable" not in said(page)
    for address in pages(quay).values():
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"name": "Mine"}).status_code == 403, address
    for name_of in ("timetable_removal", "timetable_return"):
        assert client.post(reverse(name_of, args=[quay.pk])).status_code == 403
    assert client.get(reverse("school_terms", args=[world.quay.pk])).status_code == 403


def test_a_partner_at_another_school_reads_it_too(world, quay, client) -> None:
    seats = [(world.ana, Part.COACH), (world.goran, Part.PARTNER)]
    proposal = partnerships.propose(by=world.ana, form=Form.PAIR, seats=seats, at=world.at)
    partnerships.accept(proposal, by=world.goran, at=world.at)
    client.force_login(world.ana)
    page = client.get(reverse("timetable", args=[world.quay.pk]))
    assert page.status_code == 200
    # Of the others there she reads what is taught, and not by whom.
    assert "7A Mathematics Горан Петровић · R1" in said(page)
    assert "Science R2" in said(client.get(reverse("timetable", args=[world.quay.pk]), {"who": "c-8B"}))
    for name in ("Hana", "Okafor", "T. Unknown", "陈静"):
        assert name not in page.content.decode()


def test_a_role_above_keeps_it_as_well(world, quay, client) -> None:
    client.force_login(world.ines)
    assert client.get(reverse("timetable_dates", args=[quay.pk])).status_code == 200
    give_role(world.kofi, kind="cover_desk", place=world.upland, by=world.kofi, at=world.at)
    client.force_login(world.kofi)
    assert client.get(reverse("timetable_dates", args=[quay.pk])).status_code == 404


def test_terms_of_another_place_stay(world, client) -> None:
    term = Term.objects.filter(place=world.northshore).first()
    for name in ("olu", "ana", "jonas"):
        client.force_login(getattr(world, name))
        assert client.post(reverse("term_removal", args=[term.pk])).status_code in (403, 404)
        assert client.post(reverse("school_terms", args=[world.northshore.pk])).status_code == 403
    assert Term.objects.filter(pk=term.pk).exists()


# What is shown


@pytest.fixture
def desk(world, quay, client):
    client.force_login(world.fatima)
    return client


def test_a_day_with_all_its_lessons(world, quay, desk) -> None:
    page = said(desk.get(reverse("timetable", args=[world.quay.pk])))
    assert "7A Mathematics Горан Петровић · R1" in page
    assert "08:00–08:50" in page
    assert "8B Art T. Unknown · Studio" in page
    assert "2 names belong to nobody here yet." in page
    tuesday = quay.begin + DAY
    page = said(desk.get(reverse("timetable", args=[world.quay.pk]), {"on": tuesday.isoformat()}))
    assert "7A Chinese Горан Петровић, 陈静 · R3" in page
    page = said(desk.get(reverse("timetable", args=[world.quay.pk]), {"on": (tuesday + DAY).isoformat()}))
    assert "There are no lessons on this day." in page


@pytest.mark.parametrize("asked", ["", "x", "2026-99-99", "0001-01-01", "9999-12-31", "\0"])
def test_any_date_may_be_asked_for(world, quay, desk, asked) -> None:
    assert desk.get(reverse("timetable", args=[world.quay.pk]), {"on": asked}).status_code == 200


@pytest.mark.parametrize("asked", ["t-999999", "t-x", "c-", "c-9Z", "r-<b>", "x-1", "t-", "q"])
def test_whoever_is_not_in_it_shows_a_day(world, quay, desk, asked) -> None:
    page = desk.get(reverse("timetable", args=[world.quay.pk]), {"who": asked, "of": asked})
    assert page.status_code == 200
    assert 'class="day"' in page.content.decode()


def test_the_week_of_a_teacher_a_class_and_a_room(world, quay, desk) -> None:
    goran = quay.teachers.get(person=world.goran)
    for who, words in (
        (f"t-{goran.pk}", ("7A Mathematics R1", "7A Chinese Горан Петровић, 陈静 · R3", "free")),
        ("c-8B", ("Mathematics Горан Петровић · R1", "Art T. Unknown · Studio")),
        ("r-R2", ("7A Science Hana Nováková", "8B Science")),
    ):
        page = said(desk.get(reverse("timetable", args=[world.quay.pk]), {"who": who}))
        assert all(word in page for word in words), (who, page)


def test_no_more_queries_for_more_lessons(world, quay, desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(reverse("timetable", args=[world.quay.pk])).status_code == 200
        return len(caught)

    before = queries()
    rows = "".join(f"Monday,1,1,X{n},,Teacher {n},C{n},R{n},,\n" for n in range(40))
    taken_in(world, SHEET + rows, school=world.quay, begin=quay.begin, end=quay.end, teachers={}, by=world.fatima)
    assert queries() <= before <= 27


# Putting it right


def test_dates_are_changed_or_refused_in_place(quay, desk) -> None:
    address = reverse("timetable_dates", args=[quay.pk])
    answer = desk.post(address, {"name": "A", "begin": quay.begin, "end": quay.begin - DAY})
    assert answer.status_code == 422
    assert "The last day is before the first." in said(answer)
    answer = desk.post(address, {"name": "Whole year", "begin": quay.begin, "end": quay.end + DAY})
    assert answer.status_code == 302
    quay.refresh_from_db()
    assert (quay.name, (quay.end - quay.begin).days) == ("Whole year", 70)


def test_names_are_matched_by_what_is_typed(world, quay, desk) -> None:
    unknown = quay.teachers.get(name="T. Unknown")
    address = reverse("timetable_teachers", args=[quay.pk])
    known = {f"teacher-{one.pk}": one.person.name if one.person else "" for one in quay.teachers.all()}
    for typed in ("Ana Sousa", "nobody", "Nováková"):
        answer = desk.post(address, {**known, f"teacher-{unknown.pk}": typed})
        assert answer.status_code == 422
        assert "Nobody of this name works at this school." in said(answer)
    answer = desk.post(address, {**known, f"teacher-{unknown.pk}": "hana NOVAKOVA"})
    assert answer.status_code == 302
    unknown.refresh_from_db()
    assert unknown.person == world.hana
    assert quay.teachers.get(name="Okafor").person == world.hana


def test_who_has_left_stays_who_she_was(world, quay, desk) -> None:
    end_post(world.hana.posts.get(), on=timezone.localdate(), at=world.at)
    assert desk.post(reverse("timetable_teachers", args=[quay.pk]), {}).status_code == 302
    assert quay.teachers.get(name="Okafor").person == world.hana
    assert quay.teachers.get(name="Ana Sousa").person is None


def test_bell_times_of_a_day(quay, desk) -> None:
    address = reverse("timetable_bells", args=[quay.pk]) + "?day=1"
    sent = {"bell-0-1-begins": "07:30", "bell-0-1-ends": "08:10", "also": ["0"]}
    answer = desk.post(address, {**sent, "bell-0-2-begins": "09:00"})
    assert answer.status_code == 422
    assert "One of the two times is missing." in said(answer)
    assert desk.post(address, sent).status_code == 302
    found = dict(Period.objects.filter(timetable=quay, position=1).values_list("day", "begins"))
    assert {f"{at:%H:%M}" for at in found.values()} == {"07:30"}
    assert Period.objects.get(timetable=quay, day=1, position=2).begins is None
    for asked in ("9", "x", "-1", "99999999999"):
        assert desk.get(reverse("timetable_bells", args=[quay.pk]), {"day": asked}).status_code == 200


def test_special_days_are_set_shown_as_stretches_and_removed(quay, desk) -> None:
    address = reverse("timetable_days", args=[quay.pk])
    first = quay.begin + 7 * DAY
    assert desk.post(address, {"begin": first, "until": first + 4 * DAY, "kind": "closed"}).status_code == 302
    assert desk.post(address, {"begin": quay.begin + DAY, "kind": "follows", "follows": "0"}).status_code == 302
    answer = desk.post(address, {"begin": quay.begin - DAY, "kind": "closed"})
    assert answer.status_code == 422
    assert "This timetable holds from" in said(answer)
    assert desk.post(address, {"begin": quay.begin, "kind": "follows"}).status_code == 422
    page = desk.get(address)
    assert page.content.decode().count('name="until" value') == 2
    closed = SpecialDay.objects.filter(timetable=quay, kind="closed").first()
    removal = reverse("special_day_removal", args=[closed.pk])
    desk.post(removal, {"until": (first + 4 * DAY).isoformat()})
    assert list(quay.special_days.values_list("kind", flat=True)) == ["follows"]
    assert desk.post(removal).status_code == 404


def test_other_bell_times_on_one_date(quay, desk) -> None:
    answer = desk.post(reverse("timetable_days", args=[quay.pk]), {"begin": quay.begin, "kind": "bells"})
    address = answer["Location"]
    assert 'value="08:00"' in desk.get(address).content.decode()
    assert desk.post(address, {}).status_code == 422
    sent = {"bell-0-2-begins": "10:00", "bell-0-2-ends": "10:20"}
    assert desk.post(address, sent).status_code == 302
    assert SpecialDay.objects.get(timetable=quay).bells == {"2": ["10:00", "10:20"]}
    page = said(desk.get(reverse("timetable", args=[quay.school_id]), {"on": quay.begin.isoformat()}))
    assert "10:00–10:20" in page
    assert "08:00–08:50" not in page
    wednesday = (quay.begin + 2 * DAY).isoformat()
    base = reverse("timetable_day_bells", args=[quay.pk])
    assert desk.get(base, {"on": wednesday}).status_code == 302
    assert desk.get(base, {"on": "soon"}).status_code == 404


def test_terms_are_added_and_removed(world, desk) -> None:
    address = reverse("school_terms", args=[world.quay.pk])
    begin = next_monday()
    assert desk.post(address, {"name": "Autumn", "begin": begin, "end": begin + 60 * DAY}).status_code == 302
    answer = desk.post(address, {"name": "Other", "begin": begin, "end": begin + DAY})
    assert answer.status_code == 422
    assert "It overlaps with the term from" in said(answer)
    term = Term.objects.get(place=world.quay)
    assert "Autumn" in said(desk.get(reverse("timetable", args=[world.quay.pk])))
    desk.post(reverse("term_removal", args=[term.pk]))
    assert not Term.objects.filter(place=world.quay).exists()


def test_somebody_s_own_week_is_not_theirs_to_change(world, desk) -> None:
    period = PlannedPeriod(0, 0, "1", *bells("08:00", "08:45"))
    week = type_week(
        world.goran, school=world.quay, begin=next_monday(), end=next_monday() + DAY, days=["Monday"], weekdays=[0],
        periods=[period], taught={(0, 0)}, by=world.goran, at=world.at,
    )  # fmt: skip
    for name in ("timetable_dates", "timetable_days", "timetable_bells", "timetable_teachers", "timetable_removal"):
        assert desk.post(reverse(name, args=[week.pk]), {"name": "x"}).status_code == 403, name
    desk.force_login(world.goran)
    assert desk.get(reverse("timetable_days", args=[week.pk])).status_code == 200
    assert desk.get(reverse("timetable_teachers", args=[week.pk])).status_code == 404
