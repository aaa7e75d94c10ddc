"""One's own week through its pages: typed in two minutes, said in words, kept free, taken again next term."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sidebyside.calendars.models import KeptFree, Timetable, TimetableLesson
from tests.calendars.timetable_files import taken_in
from tests.page import Page
from tests.web.timetables.desk import next_monday, said

DAY = timedelta(days=1)


class Teacher:
    """Mai at her browser; Fell School has no timetable."""

    def __init__(self, client, person):
        self.client, self.person = client, person
        client.force_login(person)

    def page(self, name: str = "own_week"):
        answer = self.client.get(reverse(name))
        assert answer.status_code == 200
        return answer

    def sent(self, *taught: str, **changes) -> dict[str, object]:
        """What a browser would send of the grid, with these boxes ticked."""
        forms = Page(self.page("own_week_lessons").content.decode()).forms
        form = next(one for one in forms if one.action == reverse("own_week_lessons"))
        sent: dict[str, object] = {}
        for one in form.fields:
            if one.name == "on" and "checked" in one.attributes:
                sent.setdefault("on", []).append(one.value)
            elif one.name and one.kind not in ("checkbox", "submit") and one.tag != "button":
                sent[one.name] = one.value
        return {**sent, **dict.fromkeys(taught, "on"), **changes}

    def type(self, *taught: str, **changes):
        return self.client.post(reverse("own_week_lessons"), self.sent(*taught, **changes))

    @property
    def week(self) -> Timetable:
        return Timetable.objects.get(owner=self.person, put_away_at=None)


@pytest.fixture
def mai(client, world) -> Teacher:
    return Teacher(client, world.mai)


def taught_in(week: Timetable) -> list[tuple[int, int]]:
    lessons = TimetableLesson.objects.filter(period__timetable=week)
    return sorted(lessons.values_list("period__day", "period__position"))


def test_nobody_reaches_the_week_of_somebody_else(mai, world, client) -> None:
    mai.type("t-0-0")
    week = mai.week
    for name in ("ana", "ines", "kofi", "jonas"):
        client.force_login(getattr(world, name))
        for address in ("timetable_dates", "timetable_days", "timetable_removal", "timetable_return"):
            assert client.post(reverse(address, args=[week.pk])).status_code == 404
        client.post(reverse("own_week"), {"keep": [period.pk for period in week.periods.all()]})
    assert not KeptFree.objects.filter(period__timetable=week).exists()
    week.refresh_from_db()
    assert week.put_away_at is None


def test_who_works_at_no_school_is_told_so(world, client) -> None:
    client.force_login(world.emre)
    for name in ("own_week", "own_week_lessons"):
        assert "You work at no school today" in said(client.get(reverse(name)))
    assert client.post(reverse("own_week_lessons"), {"t-0-0": "on"}).status_code == 200
    assert client.post(reverse("own_week_copy")).status_code == 302
    assert not Timetable.objects.filter(owner=world.emre).exists()


def test_a_week_is_typed_with_boxes(mai, world) -> None:
    page = mai.page().content.decode()
    assert page.count('type="checkbox" name="t-') == 30
    answer = mai.type("t-0-0", "t-2-3")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("own_week_words")
    week = mai.week
    assert taught_in(week) == [(0, 0), (2, 3)]
    today = timezone.localdate()
    assert week.begin == today - timedelta(days=today.weekday())
    shown = said(mai.page())
    assert "As you typed it" in shown
    assert "You teach 2 lessons." in shown


def test_nothing_taught_is_a_week_as_well(mai) -> None:
    assert mai.type()["Location"] == reverse("own_week")
    assert taught_in(mai.week) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"end": "2020-01-01"}, "The last day is before the first."),
        ({"begin": ""}, "This field is required."),
        ({"begins-0": ""}, "One of the two times is missing."),
        ({"ends-0": "07:00"}, "It ends before it begins."),
        ({f"{what}-{n}": "" for n in range(10) for what in ("begins", "ends")}, "at least one period"),
        ({"on": []}, "This field is required."),
        ({"on": ["9"]}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_in_place_and_the_boxes_stay(mai, changes, sentence) -> None:
    answer = mai.type("t-0-0", **changes)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert 'name="t-0-0" id="id_t-0-0" checked' in answer.content.decode()
    assert not Timetable.objects.filter(owner=mai.person).exists()


@pytest.mark.parametrize("shape", ["x", "9|08:00-09:00", "0|", "0|25:00-26:00", "|", "0|09:00-08:00" * 50])
def test_a_shape_that_is_none_falls_back_or_is_refused(mai, shape) -> None:
    assert mai.type("t-0-0", shape=shape).status_code in (302, 422)


def test_other_days_and_times_show_another_grid_and_keep_the_boxes(mai) -> None:
    changed = {"on": ["0", "1", "2", "3", "6"], "begins-6": "14:00", "ends-6": "14:45", "act": "shape"}
    answer = mai.type("t-0-0", "t-4-1", **changed)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count('type="checkbox" name="t-') == 35
    # Friday is gone, and with it what was marked there.
    assert page.count("checked aria-labelledby") == 1
    assert not Timetable.objects.filter(owner=mai.person).exists()
    sent = {one.name: one.value for one in Page(page).forms[-1].fields if one.kind in ("hidden", "time", "date")}
    sent |= {"on": ["0", "1", "2", "3", "6"], "t-4-6": "on"}
    assert mai.client.post(reverse("own_week_lessons"), sent).status_code == 302
    assert mai.week.weekdays == [0, 1, 2, 3, 6]
    assert taught_in(mai.week) == [(4, 6)]


def test_classes_and_rooms_may_be_said(mai) -> None:
    mai.type("t-0-0", "t-1-1")
    page = mai.page("own_week_words")
    assert "Monday" in said(page)
    first, second = TimetableLesson.objects.filter(period__timetable=mai.week).order_by("pk")
    sent = {f"what-{first.pk}": "9A <b>", f"room-{first.pk}": "12", f"what-{second.pk}": ""}
    assert mai.client.post(reverse("own_week_words"), sent).status_code == 302
    first.refresh_from_db()
    assert (first.subject, first.rooms) == ("9A <b>", ["12"])
    assert "9A &lt;b&gt;" in mai.page().content.decode()
    answer = mai.client.post(reverse("own_week_words"), {f"what-{first.pk}": "x" * 61})
    assert answer.status_code == 422


def test_typing_again_changes_the_same_week(mai) -> None:
    mai.type("t-0-0")
    week = mai.week
    assert 'name="t-0-0" id="id_t-0-0" checked' in mai.page("own_week_lessons").content.decode()
    mai.type("t-3-3")
    assert mai.week == week
    assert taught_in(week) == [(3, 3)]


def test_free_periods_are_kept_and_only_free_ones(mai) -> None:
    mai.type("t-0-0")
    week = mai.week
    free, taught = week.periods.get(day=0, position=1), week.periods.get(day=0, position=0)
    for wrong in ([taught.pk], ["999999"]):
        answer = mai.client.post(reverse("own_week"), {"keep": wrong})
        assert answer.status_code == 422
        assert not KeptFree.objects.filter(person=mai.person).exists()
    assert mai.client.post(reverse("own_week"), {"keep": [free.pk, "x", "9" * 30]}).status_code == 302
    assert KeptFree.objects.get(person=mai.person).period == free
    assert "You keep 1 period for yourself." in said(mai.page())
    mai.client.post(reverse("own_week"), {})
    assert not KeptFree.objects.filter(person=mai.person).exists()


def test_where_the_school_s_timetable_names_her_it_is_only_read(world, client) -> None:
    ana = Teacher(client, world.ana)
    page = ana.page()
    assert "From the timetable of your school" in said(page)
    assert reverse("own_week_lessons") not in page.content.decode()
    free = Page(page.content.decode()).forms
    boxes = [one.value for form in free for one in form.fields if one.name == "keep"]
    assert client.post(reverse("own_week"), {"keep": boxes[:2]}).status_code == 302
    kept = KeptFree.objects.filter(person=world.ana).values_list("period", flat=True)
    assert {str(pk) for pk in kept} == set(boxes[:2])
    assert client.get(reverse("own_week_words")).status_code == 302


def test_whom_the_school_s_timetable_does_not_name_types_into_its_periods(world, client) -> None:
    taken_in(world, school=world.quay, begin=next_monday() - 7 * DAY, end=next_monday() + 60 * DAY, teachers={},
             by=world.fatima)  # fmt: skip
    goran = Teacher(client, world.goran)
    page = goran.page().content.decode()
    assert "The days and periods are those of" in page
    assert 'name="t-0-3"' in page
    assert 'name="t-1-3"' not in page
    assert goran.type("t-0-3").status_code == 302
    week = goran.week
    assert week.days == ["Monday", "Tuesday"]
    assert taught_in(week) == [(0, 3)]


def test_the_week_of_last_term_again(mai) -> None:
    mai.type("t-0-0")
    Timetable.objects.filter(pk=mai.week.pk).update(begin="2026-01-05", end="2026-02-06")
    assert "As last term?" in said(mai.page())
    copy = reverse("own_week_copy")
    assert mai.client.post(copy, {}).status_code == 302
    assert Timetable.objects.filter(owner=mai.person).count() == 1
    begin = next_monday()
    mai.client.post(copy, {"begin": begin, "end": begin + 90 * DAY})
    made = Timetable.objects.get(owner=mai.person, begin=begin)
    assert taught_in(made) == [(0, 0)]
    assert "As last term?" not in said(mai.page())


def test_a_week_is_put_away_and_brought_back(mai) -> None:
    mai.type("t-0-0")
    week = mai.week
    answer = mai.client.post(reverse("timetable_removal", args=[week.pk]), follow=True)
    assert "Save my week" in said(answer)
    assert reverse("timetable_return", args=[week.pk]) in answer.content.decode()
    mai.client.post(reverse("timetable_return", args=[week.pk]))
    assert mai.week == week
