"""Every page there is, in every look: nothing that axe finds, nothing wider than the window."""

from contextlib import contextmanager

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, resolve, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.browser.addresses import GROUPS, NO_PAGE
from tests.browser.pages import DARK, DESKTOP, PHONE, RIGHT_TO_LEFT, assert_fits, assert_good_page

NO_SUCH_PAGE = "/no-such-page/"
ARGUMENTS = {"int": 1, "str": "x", "slug": "x"}
TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(one => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter(one => !one.closest(".hidden, .skip"))
    .filter(one => one.tagName !== "A" || getComputedStyle(one).display !== "inline")
    .map(one => [one.getBoundingClientRect(), one])
    .filter(([box]) => box.width < 23.5 || box.height < 23.5)
    .map(([box, one]) => `${one.outerHTML.slice(0, 120)} ${box.width} x ${box.height}`)"""
# Words and a name side by side in a flex box lose the space between them: "You andBen".
LOST_SPACES = """() => [...document.querySelectorAll("body *")].filter(one => {
    const style = getComputedStyle(one);
    if (!/flex|grid/.test(style.display) || parseFloat(style.columnGap) > 0) return false;
    const stands = node => node?.nodeType === 1 && getComputedStyle(node).position !== "absolute";
    return [...one.childNodes].some((node, at, all) => node.nodeType === 3 && node.data.trim() &&
        ((/^\\s/.test(node.data) && stands(all[at - 1])) || (/\\s$/.test(node.data) && stands(all[at + 1]))));
}).map(one => one.outerHTML.slice(0, 160))"""
HIDDEN = """() => { const bar = document.querySelector(".top__nav").getBoundingClientRect();
    const one = document.activeElement, box = (one.labels?.[0] ?? one).getBoundingClientRect();
    if (one === document.body || one.closest(".top__nav") || box.height > 300) return "";
    return box.top < -1 || box.bottom > bar.top + 1 ? one.outerHTML.slice(0, 160) : "" }"""


@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_good(site, world, faults, group):
    """On a phone, by axe too; one page of each address on a desktop as well."""
    faults.expect("status of 4")
    judge_every(site, world, group, _in_its_own_direction)


@pytest.mark.parametrize("group", GROUPS)
def test_one_page_of_each_address_is_good_right_to_left(site, world, faults, group):
    """In the dark, on a phone and on a desktop, where axe looks at it."""
    faults.expect("status of 4")
    judge_every(site, world, group, _right_to_left, RIGHT_TO_LEFT, DARK)


def judge_every(site, world, group, judge, *looks):
    """Judge the pages of a group, each as its person; `judge` is told whether an address comes for the first time and
    opens the page if it wants to. All that is wrong is said together."""
    found, pages, kinds = [], {}, set()
    for name, path in GROUPS[group](world):
        kind = resolve(path.partition("?")[0]).url_name if path != NO_SUCH_PAGE else path
        if name not in pages:
            pages[name] = site.page(world.people.get(name), PHONE, *looks)
        try:
            judge(pages[name], path, kind not in kinds)
        except AssertionError as fault:
            found.append(f"{name}: {fault}")
        kinds.add(kind)
    assert not found, "\n\n".join(found)


def _in_its_own_direction(page, path, is_first):
    page.goto(path)
    assert_good_page(page)
    wrong = page.evaluate(TOO_SMALL) + page.evaluate(LOST_SPACES)
    assert not wrong, f"{page.url}\n" + "\n".join(wrong)
    if is_first:
        with wide(page):
            assert_fits(page)


def _right_to_left(page, path, is_first):
    if not is_first:
        return
    page.goto(path)
    assert_fits(page)
    with wide(page):
        assert_good_page(page)


@contextmanager
def wide(page):
    """The same page in a window as on a desk: turning a phone loads nothing anew either."""
    narrow = page.viewport_size
    page.set_viewport_size(DESKTOP["viewport"])
    yield
    page.set_viewport_size(narrow)


def test_the_list_of_pages_is_complete(world):
    """Every address that answers GET stands in the list, or among the few that are no page."""
    listed = {
        resolve(path.partition("?")[0]).url_name
        for group in GROUPS.values()
        for _name, path in group(world)
        if path != NO_SUCH_PAGE
    }
    client = Client()
    client.force_login(world.ana)
    answering = {name for name, address in _addresses() if client.get(address).status_code != 405}
    elsewhere = {"first_run", "design", "design_keeping"}  # test_entrance.py and test_look.py
    assert answering - listed - NO_PAGE.keys() - elsewhere == set()
    assert NO_PAGE.keys() & listed == set()


def _addresses():
    for pattern in _patterns(get_resolver().url_patterns):
        values = [ARGUMENTS[type(one).__name__.removesuffix("Converter").lower().replace("string", "str")]
                  for one in pattern.pattern.converters.values()]  # fmt: skip
        try:
            yield pattern.name, reverse(pattern.name, args=values)
        except NoReverseMatch as fault:
            raise AssertionError(f"No address can be made for {pattern.name}") from fault


def _patterns(found):
    for one in found:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        elif isinstance(one, URLPattern):
            yield one


def test_the_bar_hides_nothing_of_a_long_form(site, world):
    page = site.page(world.ana, PHONE)
    page.goto(f"/partnerships/{world.ana_and_ben.pk}/agreement/words/")
    for _ in range(60):
        page.keyboard.press("Tab")
        hidden = page.evaluate(HIDDEN)
        assert not hidden, hidden
