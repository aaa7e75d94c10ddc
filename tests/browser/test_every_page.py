"""Every page there is, in every look: nothing that axe finds, nothing wider than the window."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, resolve, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.browser.addresses import GROUPS, NO_PAGE
from tests.browser.pages import LOOKS, PHONE, assert_fits, assert_good_page

# Every page is looked at on a phone, by axe too. In the other looks one page of each address stands for its kind: axe
# looks at it where the most can go wrong, elsewhere it is asked whether it fits.
EVERY_PAGE = "phone"
WITH_AXE = (EVERY_PAGE, "desktop, dark, right to left")
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


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_good(site, world, faults, group, look):
    faults.expect("status of 4")
    judge = assert_good_page if look in WITH_AXE else assert_fits
    found, pages, kinds = [], {}, set()
    for name, path in GROUPS[group](world):
        kind = resolve(path.partition("?")[0]).url_name if path != NO_SUCH_PAGE else path
        if look != EVERY_PAGE and kind in kinds:
            continue
        kinds.add(kind)
        if name not in pages:
            pages[name] = site.page(world.people.get(name), *LOOKS[look])
        page = pages[name]
        page.goto(path)
        try:
            judge(page)
            wrong = page.evaluate(TOO_SMALL) + page.evaluate(LOST_SPACES) if look == "phone" else []
            assert not wrong, f"{page.url}\n" + "\n".join(wrong)
        except AssertionError as fault:
            found.append(f"{name}: {fault}")
    assert not found, "\n\n".join(found)


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
