"""A lesson from its first words to its improvement and to everybody: the essence, by two people in real browsers."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import school as schools
from tests.browser.pages import PHONE
from tests.browser.steps import follow, goes_to, press, reads, reads_nothing_of

TASK, WORDS = "The task", "Which fold makes the larger box"


@pytest.fixture
def school(transactional_db):
    """Wei coaches José; they have no lesson yet."""
    school = schools.opened(timezone.now())
    schools.joined(school)
    return school


def writes(page, part, words):
    """Write at the end of a part, and wait until the server has it."""
    place = page.get_by_role("textbox", name=part, exact=True)
    place.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)
    expect(page.locator("lesson-editor span[data-saved]").filter(has_text="Saved")).to_be_visible()


def keeps(page, moment):
    """Keep the lesson as it stands, and come back to it."""
    follow(page, "Keep or compare versions")
    page.get_by_role("radio", name=moment, exact=True).check()
    press(page, "Keep this as a version")


def test_a_lesson_gets_better_and_is_given_to_everybody(site, school):
    """The teacher plans at a desk; the coach asks on a phone; what changed is shown; both agree to publish."""
    jose, wei = site.page(school.jose), site.page(school.wei, PHONE)
    jose.goto("/")
    goes_to(jose, "Lessons")
    follow(jose, "Begin a lesson")
    jose.get_by_label("What is the lesson called?").fill("Boxes without a lid")
    press(jose, "Begin the lesson")
    writes(jose, TASK, f"{WORDS}? I show both folds.")
    lesson = jose.url
    keeps(jose, "As taught")

    wei.goto("/")
    goes_to(wei, "Lessons")
    follow(wei, "Boxes without a lid")
    part = wei.locator("[data-part]").filter(has=wei.get_by_role("textbox", name=TASK, exact=True))
    part.get_by_text("Ask, remark or suggest").click()
    part.get_by_label("Your words", exact=True).fill("What could they decide before you show it?")
    press(part, "Say it")
    expect(part.get_by_role("article")).to_contain_text("What could they decide")

    jose.goto(lesson)
    press(jose, "It led to a change")
    reads(jose, "This led to a change")
    writes(jose, TASK, " Each of them guesses first.")
    has = wei.get_by_role("textbox", name=TASK, exact=True)
    expect(has).to_contain_text("Each of them guesses first.")  # she sees it while it is written
    keeps(jose, "Improved")
    follow(jose, "What changed")
    expect(jose.locator("ins").filter(has_text="Each of them guesses first.")).to_be_visible()
    reads(jose, "What could they decide before you show it?")

    jose.goto(lesson)
    follow(jose, "Give it to everybody")
    jose.get_by_label("CC BY 4.0").check()
    press(jose, "Show me what everybody would see")
    press(jose, "I agree: ask the others")
    stranger = site.page(None, PHONE)
    stranger.goto("/commons/")
    reads_nothing_of(stranger, "Boxes without a lid")  # one of two has agreed
    wei.goto("/")
    wei.get_by_role("listitem").filter(has_text="to everybody").get_by_role("link").first.click()
    press(wei, "Publish it now")
    stranger.reload()
    follow(stranger, "Boxes without a lid")
    reads(stranger, "Each of them guesses first.")
    reads_nothing_of(stranger, "What could they decide", "José")
