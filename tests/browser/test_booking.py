"""A visit is booked between two lessons, falls through, and is planned anew: with a keyboard, and without script."""

import pytest
from playwright.sync_api import expect

from sidebyside.calendars.models import Appointment
from sidebyside.cover.models import CoverRequest
from sidebyside.visits import actions
from sidebyside.visits.models import Visit
from tests.browser.pages import DESKTOP, PHONE, WITHOUT_SCRIPT
from tests.browser.steps import follow, press, reads
from tests.browser.test_keyboard_and_no_script import tab_to


@pytest.fixture(autouse=True)
def nothing_is_booked_yet(world):
    for visit in world.visits.values():
        actions.cancel(visit, by=world.ana, at=world.at)


def kinds(visit):
    return set(Appointment.objects.filter(meeting__visit=visit, cancelled_at=None).values_list("kind", flat=True))


def test_a_visit_is_booked_with_the_keyboard_alone(site, world):
    page = site.page(world.ben, DESKTOP)
    page.goto(f"/partnerships/{world.ana_and_ben.pk}/")
    tab_to(page, page.get_by_role("link", name="Book a visit").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nobody needs to cover")).to_be_visible()
    slot = page.locator("#free a").last
    day = slot.locator(".slot__day").inner_text()
    tab_to(page, slot)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name=day)).to_be_visible()
    tab_to(page, page.get_by_label("The talk after, 20 minutes"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Book all of it"))
    page.keyboard.press("Enter")
    reads(page, "It is booked, with its talks and its cover.")
    visit = Visit.objects.get(cancelled_at=None)
    assert kinds(visit) == {"talk_before", "visit", "talk_after"}


@pytest.mark.both_databases
def test_it_falls_through_and_is_planned_anew_on_a_phone_without_script(site, world):
    ben, ana = (site.page(who, PHONE, WITHOUT_SCRIPT) for who in (world.ben, world.ana))
    ben.goto(f"/partnerships/{world.ana_and_ben.pk}/visits/new/?all=1")
    ben.locator("#covered a").last.click()
    ben.get_by_label("For the colleague who takes the class").fill("The sheet on the desk.")
    press(ben, "Book all of it")
    reads(ben, "The cover desk is looking for somebody.")
    visit = Visit.objects.get(cancelled_at=None)
    request = CoverRequest.objects.get(visit_cover__visit=visit)

    ana.goto("/")
    line = ana.get_by_role("listitem").filter(has_text="Ben Okafor booked a visit: do you come?")
    follow(line, "Answer")
    press(ana, "I cannot come")
    reads(ana, "You cannot come.")
    request.refresh_from_db()
    assert request.cancelled_at is not None
    assert kinds(visit) == set()

    ben.goto("/")
    line = ben.get_by_role("listitem").filter(has_text="Ana Sousa cannot come to your visit: choose another time")
    follow(line, "Choose")
    ben.locator("#proposed a").first.click()
    press(ben, "Change all of it")
    reads(ben, "All parts have their new times.")
    assert "visit" in kinds(visit)
    ana.goto(f"/visits/{visit.pk}/")
    press(ana, "Yes, I come")
    reads(ana, "you come")
