"""A lesson is rated on a phone: one area open at a time, saved at each choice; and by questions without script."""

import pytest
from playwright.sync_api import expect

from sidebyside.base import vault
from sidebyside.lessons.models import Rating
from sidebyside.lessons.ratings import Answers
from tests.browser.pages import PHONE, WITHOUT_SCRIPT
from tests.browser.steps import press


@pytest.fixture
def address(world):
    """Where Ana rates the version of Ben's lesson for which he asked her."""
    return f"/lessons/versions/{world.lessons['drinks'].versions.get(number=2).pk}/rating/learning_activity/"


def test_one_thumb_is_enough(site, world, address):
    page = site.page(world.ana, PHONE)
    page.goto(address)
    standards, engaging = page.locator("#area-ST"), page.locator("#area-EN")
    expect(page.locator("details.rate-area[open]")).to_have_count(1)
    for code in ("ST1", "ST2", "ST2"):
        page.locator(f"#a-{code}-partly").check()
    expect(standards.locator("answer-count")).to_have_text("2 of 7 answered")
    expect(page.locator(".saved")).to_contain_text("saved")
    rating = Rating.objects.get(by=world.ana)
    engaging.locator("summary").first.click()
    expect(page.locator("details.rate-area[open]")).to_have_count(1)
    expect(engaging.locator("summary").first).to_be_in_viewport()
    page.locator("#a-EN1-clearly").check()
    press(page, "Save, and see what it says")
    expect(page.get_by_role("link", name="Go on rating")).to_be_visible()
    given = Answers.from_json(vault.opened([Rating.objects.get(pk=rating.pk)], "answers")[0].answers).given
    assert given == {"ST1": "partly", "ST2": "partly", "EN1": "clearly"}


def test_a_button_pressed_while_a_choice_is_on_its_way_is_no_quarrel(site, world, address):
    """On a slow line: the form waits for what is being saved, and says the later choice."""
    page = site.page(world.ana, PHONE)
    page.goto(address)
    quiet = []

    def slowly(route):
        if "x-autosave" in route.request.headers:
            quiet.append((route, route.fetch()))  # (the server has it, and its answer is still on its way)
        else:
            route.continue_()

    page.route("**/rating/learning_activity/", slowly)
    page.locator("#a-ST1-partly").check()
    page.wait_for_timeout(1500)
    ((held, answer),) = quiet
    page.locator("#a-ST2-clearly").check()
    press(page, "Save, and see what it says")
    page.wait_for_timeout(300)
    held.fulfill(response=answer)
    expect(page.get_by_role("link", name="Go on rating")).to_be_visible()
    given = Answers.from_json(vault.opened([Rating.objects.get(by=world.ana)], "answers")[0].answers).given
    assert given == {"ST1": "partly", "ST2": "clearly"}


@pytest.mark.parametrize("script", [{}, WITHOUT_SCRIPT], ids=["with script", "without"])
def test_a_chain_shows_the_way_that_was_chosen(site, world, address, script):
    page = site.page(world.ben, script)
    page.goto(address.replace("learning_activity", "design_21"))
    area = page.locator("#area-self_regulation")
    area.locator("summary").first.click()
    questions, ends = area.locator("fieldset:visible"), area.locator(".chain__end:visible")
    expect(questions).to_have_count(1)
    for code, answer, shown in (("q1", "yes", 2), ("q2", "yes", 3), ("q3", "no", 3)):
        page.locator(f"[id='a-self_regulation.{code}-{answer}']").check()
        expect(questions).to_have_count(shown)
    expect(ends).to_have_text(
        "Level 3: Goals known There is time, and goals and signs of good work are known beforehand."
    )
    page.locator("[id='a-self_regulation.q1-no']").check()
    expect(ends).to_have_count(1)
    expect(ends).to_contain_text("Level 1: Short")
    press(page, "Save, and see what it says")
    expect(page.get_by_text("Does the work go on for a week or longer?")).to_be_visible()
    expect(page.get_by_text("Do learners plan their own work?")).to_have_count(0)
