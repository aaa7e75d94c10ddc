"""The main path with a keyboard alone, and in a browser that runs no script."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sidebyside.people import actions as people
from tests.browser.pages import DESKTOP, PHONE, WITHOUT_SCRIPT
from tests.browser.steps import follow, goes_to, mailed_link, press, reads

PASSWORD = "marble kettle sunday orbit"
MOST_TABS = 150


def tab_to(page, wanted):
    """Press Tab until this has the focus, and fail where a keyboard never gets there or the focus is not seen."""
    wanted.wait_for()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            assert wanted.evaluate("one => one.matches(':focus-visible')")
            return
    raise AssertionError(f"{page.url}: no keyboard gets to {wanted}")


@pytest.fixture
def ana(world):
    people.set_password(world.ana, new=PASSWORD, by=world.ana, at=timezone.now())
    return world.ana


def test_the_main_path_with_the_keyboard_alone(site, world, ana):
    page = site.page()
    page.goto("/sign-in/password/")
    tab_to(page, page.get_by_label("Your e-mail address"))
    page.keyboard.type("ana@example.org")
    tab_to(page, page.get_by_label("Your password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hello, Ana")).to_be_visible()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("main").get_by_role("link", name="Open your work"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="You and Ben Okafor")).to_be_visible()

    tab_to(page, page.get_by_label("Modelling"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("group", name="How many minutes?").get_by_role("radio", checked=True))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("button", name="Log it"))
    page.keyboard.press("Enter")
    reads(page, "Logged.")
    expect(page.get_by_role("listitem").filter(has_text="45 min").filter(has_text="Modelling")).to_have_count(1)

    tab_to(page, page.get_by_label("Write a note"))
    page.keyboard.type("Which of the two did they choose?")
    tab_to(page, page.get_by_role("button", name="Add the note"))
    page.keyboard.press("Enter")
    reads(page, "The note is written.")
    reads(page, "Which of the two did they choose?")
    tab_to(page, page.get_by_role("button", name="Undo"))
    page.keyboard.press("Enter")
    reads(page, "The note lies in your bin for 30 days.")


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_main_path_without_script(site, world, look):
    page = site.page(None, look, WITHOUT_SCRIPT)
    page.goto("/")
    follow(page, "Sign in")
    page.get_by_label("Your e-mail address").fill("ana@example.org")
    press(page, "Send me a link")
    page.goto(mailed_link("ana@example.org"))
    press(page, "Sign in")
    follow(page, "Open your work")

    page.get_by_label("Modelling").check()
    press(page, "Log it")
    reads(page, "Logged.")
    expect(page.get_by_role("listitem").filter(has_text="Co-planning, Modelling")).to_have_count(1)
    page.get_by_label("Write a note").fill("Which of the two did they choose?")
    press(page, "Add the note")
    reads(page, "Which of the two did they choose?")
    press(page, "Undo")
    reads(page, "The note lies in your bin for 30 days.")
    follow(page, "Change the next step")
    page.get_by_label("What comes next, and when?").fill("Look at the cards on Friday")
    press(page, "Save")
    expect(page.get_by_role("heading", name="Look at the cards on Friday")).to_be_visible()
    press(page, "On to “Implement”")
    reads(page, "You are at “Implement” now.")
    goes_to(page, "Me")
    press(page, "Sign out")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


def test_two_texts_meet_without_script(site, world):
    """Who saves second sees both texts, and keeps both."""
    note = world.ana_and_ben.notes.order_by("pk").first()
    ana, ben = site.page(world.ana, WITHOUT_SCRIPT), site.page(world.ben, WITHOUT_SCRIPT)
    for page in (ana, ben):
        page.goto(f"/notes/{note.pk}/")
    ben.get_by_label("Note").fill("Written by Ben")
    press(ben, "Save")
    reads(ben, "The note is saved.")
    ana.get_by_label("Note").fill("Written by Ana")
    press(ana, "Save")
    site.faults.expect("status of 409")
    reads(ana, "Somebody else was first")
    reads(ana, "Written by Ben")
    expect(ana.get_by_label("Note")).to_have_value("Written by Ana")
    press(ana, "Keep both, theirs first")
    reads(ana, re.compile(r"Written by Ben\s+Written by Ana"))
