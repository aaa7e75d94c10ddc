"""Every component, in every way that people look at pages."""

import pytest

from sidebyside.people.models import Person
from tests.browser.pages import DESKTOP, LOOKS, PHONE, WITHOUT_SCRIPT, assert_good_page

ZOOMED_TO_400_PERCENT = {"viewport": {"width": 320, "height": 256}}
TARGETS = """() => [...document.querySelectorAll("a.button, button, .chip label, .top__nav a, select, summary")]
    .filter(one => one.offsetParent && (one.offsetHeight < 43.5 || one.offsetWidth < 43.5))
    .map(one => `${one.className} ${one.textContent.trim()} ${one.offsetWidth} x ${one.offsetHeight}`)"""


@pytest.fixture
def person(transactional_db):
    return Person.objects.create(given_name="Ana", email="ana@example.org")


@pytest.mark.parametrize("look", [*LOOKS.values(), [ZOOMED_TO_400_PERCENT]], ids=[*LOOKS, "zoomed"])
def test_every_component_is_accessible_and_fits(site, look):
    page = site.page(None, *look)
    page.goto("/design/")
    assert_good_page(page)


def test_what_is_touched_is_44_pixels(site):
    page = site.page(None, PHONE)
    page.goto("/design/")
    assert page.evaluate(TARGETS) == []


def test_both_directions_are_each_others_mirror(site):
    """What stands 20 px from the start of a sheet stands 20 px from the start of the other."""
    page = site.page(None, DESKTOP)
    page.goto("/design/")
    offsets = """direction => { const sheet = document.getElementById("light-" + direction).getBoundingClientRect();
        return [...document.querySelectorAll(`#light-${direction} :is(.leaf, .button, .seen, .chip)`)].map(one => {
            const box = one.getBoundingClientRect();
            return Math.round(direction === "ltr" ? box.left - sheet.left : sheet.right - box.right) }) }"""
    assert page.evaluate(offsets, "ltr") == page.evaluate(offsets, "rtl")


def test_nothing_is_asked_twice_without_script(site):
    """An act that asks first is a plain disclosure."""
    page = site.page(None, WITHOUT_SCRIPT)
    page.goto("/design/")
    asked = page.locator("#light-ltr .sure__ask")
    assert not asked.is_visible()
    page.locator("#light-ltr .sure summary").click()
    assert asked.is_visible()


def test_the_bar_never_hides_what_has_the_focus(site, person):
    page = site.page(person, PHONE)
    page.goto("/design/")
    hidden = """() => { const bar = document.querySelector(".top__nav").getBoundingClientRect();
        const box = document.activeElement.getBoundingClientRect();
        return !document.activeElement.closest(".top__nav") && box.bottom > bar.top + 1 && box.height < 300 }"""
    for _ in range(40):
        page.keyboard.press("Tab")
        assert not page.evaluate(hidden), page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize(("direction", "inner"), [("ltr", "borderTopRightRadius"), ("rtl", "borderTopLeftRadius")])
def test_leaves_turn_their_sharp_corners_to_each_other(site, direction, inner):
    page = site.page(None, DESKTOP)
    page.goto("/design/")
    corner = f"one => getComputedStyle(one).{inner}"
    assert page.locator(f"#light-{direction} .pair--large .leaf").first.evaluate(corner) == "0px"
    assert page.locator(f"#light-{direction} .pair--large .leaf").last.evaluate(corner) != "0px"
