"""A week typed with keys alone, with taps, and without script; a timetable brought by its files."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sidebyside.calendars.models import KeptFree, Timetable, TimetableLesson
from tests.browser.pages import DESKTOP, PHONE, RIGHT_TO_LEFT, WITHOUT_SCRIPT
from tests.browser.test_keyboard_and_no_script import tab_to
from tests.calendars.timetable_files import SHEET

SIZES = """() => [...document.querySelectorAll(".cell label")].map(one => one.getBoundingClientRect())
    .filter(box => box.width < 43.5 || box.height < 43.5).length"""


def taught(person) -> list[tuple[int, int]]:
    lessons = TimetableLesson.objects.filter(period__timetable__owner=person, period__timetable__put_away_at=None)
    return sorted(lessons.values_list("period__day", "period__position"))


def box(page, day: int, position: int):
    return page.locator(f"#id_t-{day}-{position}")


@pytest.mark.parametrize(("looks", "forward", "back"), [
    ([DESKTOP], "ArrowRight", "ArrowLeft"), ([DESKTOP, RIGHT_TO_LEFT], "ArrowLeft", "ArrowRight"),
])  # fmt: skip
def test_a_week_is_typed_with_keys_alone(site, world, looks, forward, back):
    page = site.page(world.mai, *looks)
    page.goto("/me/week/")
    tab_to(page, box(page, 0, 0))
    for key in ("Space", forward, forward, "ArrowDown", "Space", back, "ArrowUp", "Home", "End", "Space", forward):
        page.keyboard.press(key)
    # At the end of a row the next key leads nowhere.
    expect(box(page, 4, 0)).to_be_focused()
    # The grid is one stop of the tab key.
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('week-grid') === null")
    tab_to(page, page.locator("form button.button:not(.button--quiet)"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/week/words/")
    assert taught(world.mai) == [(0, 0), (2, 1), (4, 0)]


def test_a_week_is_typed_with_taps_on_a_phone(site, world):
    page = site.page(world.mai, PHONE)
    page.goto("/me/week/")
    assert page.evaluate(SIZES) == 0
    for day, position in ((0, 0), (3, 5), (3, 5), (4, 2)):
        box(page, day, position).tap()
    page.get_by_role("button", name="Save my week").last.tap()
    page.wait_for_url("**/me/week/words/")
    assert taught(world.mai) == [(0, 0), (4, 2)]
    page.get_by_role("link", name="Not now").tap()
    free = page.get_by_role("checkbox", name="Tuesday 1 08:00 I keep it for myself")
    free.check(force=True)
    page.get_by_role("button", name="Keep these for myself").tap()
    expect(page.get_by_text("You keep 1 period for yourself.").first).to_be_visible()
    assert KeptFree.objects.get(person=world.mai).period.day == 1


def test_without_script_it_is_a_table_of_boxes(site, world):
    page = site.page(world.mai, PHONE, WITHOUT_SCRIPT)
    page.goto("/me/week/")
    page.get_by_role("checkbox", name="Wednesday 3 09:50 I teach").check(force=True)
    page.locator("details.more summary").click()
    page.locator("input[name=begins-6]").fill("14:00")
    page.locator("input[name=ends-6]").fill("14:45")
    page.get_by_role("button", name="Show the grid with these").click()
    expect(box(page, 2, 2)).to_be_checked()
    box(page, 0, 6).click()
    page.get_by_role("button", name="Save my week").last.click()
    page.wait_for_url("**/me/week/words/")
    assert taught(world.mai) == [(0, 6), (2, 2)]


@pytest.mark.parametrize("look", [DESKTOP, {**DESKTOP, **WITHOUT_SCRIPT}], ids=["with script", "without"])
def test_a_timetable_is_brought_by_its_files(site, world, look, faults):
    faults.expect("status of 422")
    page = site.page(world.fatima, look)
    page.goto(f"/places/{world.quay.pk}/timetable/")
    page.get_by_role("link", name="Bring a timetable").click()
    page.set_input_files("input[type=file]", {"name": "w.csv", "mimeType": "text/csv", "buffer": b"day\n"})
    page.get_by_role("button", name="See what it says").click()
    expect(page.get_by_role("alert")).to_contain_text("w.csv, line 1: The column “slot” is missing.")
    page.set_input_files("input[type=file]", {"name": "w.csv", "mimeType": "text/csv", "buffer": SHEET.encode()})
    page.get_by_role("button", name="See what it says").click()
    expect(page.get_by_role("group", name="How its days follow one another")).to_be_visible()
    page.get_by_label("Last day").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    page.get_by_role("combobox", name="Okafor Is").fill("Nobody Here")
    page.get_by_role("button", name="Take this timetable in").last.click()
    expect(page.locator(".field__error")).to_contain_text("Nobody of this name works at this school.")
    page.get_by_role("combobox", name="Okafor Is").fill("Hana Nováková")
    page.get_by_role("button", name="Take this timetable in").last.click()
    expect(page.get_by_text("The timetable is taken in.")).to_be_visible()
    timetable = Timetable.objects.get(school=world.quay)
    assert timetable.teachers.get(name="Okafor").person == world.hana
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is put away.")).to_be_visible()
    assert not Timetable.objects.filter(school=world.quay, put_away_at=None).exists()
