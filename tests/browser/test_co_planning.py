"""Several people write one lesson in real browsers: together, apart, without a line, and while the server dies."""

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from sidebyside.lessons.queries import text_of
from sidebyside.partnerships import actions as partnerships
from tests.browser.pages import DARK, PHONE, RIGHT_TO_LEFT, Site, assert_good_page
from tests.browser.steps import goes_to, press, settles
from tests.browser.test_drafts import Installation, until
from tests.browser.test_keeping import DUMP

GOALS, TASK, MOVES = "Standards and goals", "Which drink is stronger?", "What learners do, what the teacher does"
KNOW = "How we will know"
# Words of every part without the cursors of others, part by part.
WORDS = """() => [...document.querySelectorAll("[data-part]:not([data-removed])")].map(part => {
    const words = part.querySelector("[data-words]").cloneNode(true);
    words.querySelectorAll(".lesson-cursor, [class^=ProseMirror]").forEach(each => each.remove());
    words.querySelectorAll(".lesson-selection").forEach(each => each.replaceWith(...each.childNodes));
    return part.querySelector("[data-title]").textContent + ": " + words.innerHTML })"""
PASTE = """(words, [html, text, times]) => {
    const carried = new DataTransfer();
    if (html) carried.setData("text/html", html);
    carried.setData("text/plain", text.repeat(times));
    words.dispatchEvent(new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true})) }"""
PASTED = Path(__file__).parent / "pasted"
# What each line of a part is, and its words.
LINES = """words => [...words.children].map(line => {
    const { list, level, more, quote } = line.dataset;
    const kind = list ? `${more === undefined ? list : "more"} ${level}` : line.localName;
    const copy = line.cloneNode(true);
    copy.querySelectorAll(".lesson-cursor").forEach(each => each.remove());
    return [(quote === undefined ? "" : "quote ") + kind, copy.textContent] })"""


def words_of(page, title):
    """Where a part is written."""
    return page.get_by_role("textbox", name=title, exact=True)


def has(page, title, words):
    expect(words_of(page, title)).to_contain_text(words)


def types(page, title, words):
    """Go to the end of the first line of a part and write there."""
    touches(page, words_of(page, title).locator("p, h3").first)
    page.keyboard.press("End")
    page.keyboard.type(words)


def touches(page, place):
    """Put the cursor there, no faster than a hand goes on to the next key."""
    place.click()
    settles(page)


def goes_into(page, title):
    """The cursor stands at the start of a part (the editor takes a moment to put it where it belongs)."""
    words_of(page, title).focus()
    settles(page)
    page.keyboard.press("Control+Home")


def says(page, words):
    """What the bar says about what is kept, or the line below it."""
    expect(
        page.locator("span[data-saved], p[data-told], div[data-trouble]").filter(has_text=words).first
    ).to_be_visible()


def are_equal(*pages):
    """All pages come to show the same words in the same order, and the words are answered."""
    first, *others = pages
    until(first, lambda: all(page.evaluate(WORDS) == first.evaluate(WORDS) for page in others))
    return first.evaluate(WORDS)


def kept(page):
    """What lies on the device, sealed."""
    return page.evaluate(DUMP)["kept"]


def all_is_kept(page, places=1):
    """Wait until the device has everything: its sealed texts are there, and grow no more."""
    until(page, lambda: len(kept(page)) == places)
    last = None
    while last != (last := [len(sealed) for sealed in kept(page)]):
        page.wait_for_timeout(300)


@pytest.fixture
def lesson(world):
    return world.lessons["drinks"]


@pytest.fixture
def opens(site, lesson):
    """Open the lesson as somebody: the page, once it can be written in."""

    def opened(person, *looks, on=None):
        page = on or site.page(person, *looks)
        page.goto(f"/lessons/{lesson.pk}/")
        expect(page.locator("lesson-editor.is-ready span[data-saved]").filter(has_text="Saved")).to_be_visible()
        return page

    return opened


def stands(lesson):
    """All words of the lesson as the server has them."""
    return text_of(type(lesson).objects.get(pk=lesson.pk)).plain()


def test_two_write_together(opens, world, lesson):
    """Each sees the words, the name and the place of the other at once, and both see the same."""
    ana, ben = opens(world.ana), opens(world.ben)
    expect(ana.get_by_text("Ben Okafor is here")).to_be_visible()
    expect(ben.get_by_text("Ana Sousa is here")).to_be_visible()
    types(ana, TASK, " Ana adds this.")
    types(ben, TASK, " Ben adds that.")
    types(ben, MOVES, " And more.")
    has(ana, TASK, "Ben adds that.")
    has(ben, TASK, "Ana adds this.")
    has(ana, MOVES, "And more.")
    expect(ana.locator(".lesson-cursor__name")).to_have_text("Ben Okafor")
    expect(ana.locator("[data-part]").filter(has=words_of(ana, MOVES)).locator("[data-writes]")).to_have_text(
        "Ben Okafor is here"
    )
    are_equal(ana, ben)
    says(ana, "Saved")
    until(ana, lambda: not kept(ana))
    for words in ("Ana adds this.", "Ben adds that.", "And more."):
        assert words in stands(lesson)
    assert_good_page(ana)
    # her own changes alone are undone
    ana.get_by_role("button", name="Undo").click()
    expect(words_of(ana, TASK)).not_to_contain_text("Ana adds this.")
    has(ana, TASK, "Ben adds that.")
    ben.context.close()
    expect(ana.get_by_text("Ben Okafor is here")).to_have_count(0)


def test_who_lost_the_line_loses_no_word(opens, world, lesson, faults):
    """She writes without a line and closes the tab; he writes meanwhile; in the next tab both have all of it."""
    faults.expect("ERR_INTERNET_DISCONNECTED")
    ana, ben = opens(world.ana), opens(world.ben)
    ana.context.set_offline(True)
    says(ana, "Offline.")
    types(ana, TASK, " Written in the tunnel.")
    touches(ana, words_of(ana, GOALS).locator("[data-list]").first)
    ana.keyboard.press("End")
    settles(ana)
    ana.keyboard.press("Enter")
    ana.keyboard.type("A goal from the tunnel")
    says(ana, "Offline. Not sent yet: kept on this device")
    types(ben, TASK, " Written at home.")
    all_is_kept(ana)
    assert not any("tunnel" in sealed for sealed in kept(ana))
    assert "tunnel" not in stands(lesson)
    ana.context.set_offline(False)
    again = ana.context.new_page()
    ana.close()
    opens(world.ana, on=again)
    has(again, TASK, "Written at home.")
    has(again, TASK, "Written in the tunnel.")
    has(ben, TASK, "Written in the tunnel.")
    has(ben, GOALS, "A goal from the tunnel")
    are_equal(again, ben)
    until(again, lambda: not kept(again))
    assert "A goal from the tunnel" in stands(lesson)


def test_a_line_that_comes_back_brings_both_together(opens, world, faults):
    """Without closing anything: both wrote in the same sentence, and no letter is lost."""
    faults.expect("ERR_INTERNET_DISCONNECTED")
    ana, ben = opens(world.ana), opens(world.ben)
    ana.context.set_offline(True)
    types(ana, KNOW, " One from Ana.")
    types(ben, KNOW, " One from Ben.")
    ana.context.set_offline(False)
    has(ana, KNOW, "One from Ben.")
    has(ben, KNOW, "One from Ana.")
    are_equal(ana, ben)
    says(ana, "Saved")


def test_two_tabs_keep_each_others_words(opens, world, lesson, faults):
    """One person, two tabs, no line: both are closed, and the third has the words of both."""
    faults.expect("ERR_INTERNET_DISCONNECTED")
    first = opens(world.ana)
    second = opens(world.ana, on=first.context.new_page())
    first.context.set_offline(True)
    types(first, TASK, " From the first tab.")
    types(second, MOVES, " From the second tab.")
    all_is_kept(first, 2)
    third = first.context.new_page()
    first.close()
    second.close()
    third.context.set_offline(False)
    opens(world.ana, on=third)
    has(third, TASK, "From the first tab.")
    has(third, MOVES, "From the second tab.")
    until(third, lambda: "From the first tab." in stands(lesson) and "From the second tab." in stands(lesson))
    until(third, lambda: not kept(third))


def test_signing_out_offers_what_was_not_sent(opens, world, faults):
    faults.expect("ERR_INTERNET_DISCONNECTED")
    ana = opens(world.ana)
    ana.context.set_offline(True)
    types(ana, TASK, " Nobody has this yet.")
    all_is_kept(ana)
    again = ana.context.new_page()
    ana.close()
    again.context.set_offline(False)
    again.goto("/")
    goes_to(again, "Me")
    press(again, "Sign out")
    with again.expect_download() as download:
        again.get_by_role("link", name="file").click()
    assert "Nobody has this yet." in download.value.path().read_text()
    press(again, "Sign out now")
    expect(again.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert again.evaluate(DUMP) == {"keys": [], "kept": [], "tab": "{}"}


def test_the_server_is_killed_while_she_types(chromium, faults, world, lesson):
    """What it said to be safe is there after it starts again; what came later comes from the device."""
    for words in ("ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "WebSocket connection"):
        faults.expect(words)
    installation = Installation()
    try:
        installation.start()
        site = Site(installation.address, chromium, faults)
        ana = site.page(world.ana)
        ana.goto(f"/lessons/{lesson.pk}/")
        says(ana, "Saved")
        types(ana, TASK, " Words before the end.")
        until(ana, lambda: "Words before the end." in stands(lesson))
        until(ana, lambda: not kept(ana))
        ana.keyboard.type(" In mid", delay=15)
        installation.kill()
        ana.keyboard.type(" sentence.", delay=15)
        says(ana, "Not sent yet: kept on this device")
        all_is_kept(ana)
        again = ana.context.new_page()
        ana.close()
        assert "Words before the end." in stands(lesson)
        installation.start()
        again.goto(f"/lessons/{lesson.pk}/")
        has(again, TASK, "Words before the end. In mid sentence.")
        until(again, lambda: "Words before the end. In mid sentence." in stands(lesson))
        site.close()
        faults.none_unexpected()
    finally:
        installation.kill()


def test_a_part_moves_while_the_other_writes_in_it(opens, world, lesson):
    """Her cursor stays where it is; name, minutes, order, removing and adding come to both."""
    ana, ben = opens(world.ana), opens(world.ben)
    types(ana, MOVES, " One")

    def arranges(title):
        ben.locator("[data-part]").filter(has=words_of(ben, title)).locator("summary", has_text="Arrange").click()
        return ben.locator("[data-part]").filter(has=words_of(ben, title))

    press(arranges(MOVES), "Move up")
    says(ben, "is now part 2 of 6")
    until(ana, lambda: ana.evaluate(WORDS)[1].startswith(MOVES))
    ana.keyboard.type(", two, three")
    has(ben, MOVES, "One, two, three")
    part = arranges(KNOW)
    part.get_by_label("Its name").fill("A slip of paper")
    part.get_by_label("Minutes").fill("7")
    press(part, "Keep")
    expect(words_of(ana, "A slip of paper")).to_be_visible()
    expect(ana.get_by_text("7 min")).to_be_visible()
    press(arranges(GOALS), "Take this part out")
    expect(ben.get_by_role("button", name="Bring it back")).to_be_focused()
    expect(ana.get_by_text(f"“{GOALS}” is removed.")).to_be_visible()
    ana.keyboard.type(", four")
    are_equal(ana, ben)
    assert len(ana.evaluate(WORDS)) == 5
    ben.get_by_role("button", name="Bring it back").click()
    expect(words_of(ana, GOALS)).to_be_visible()
    ben.get_by_label("Add a part").select_option(label="Another part")
    press(ben, "Add")
    expect(words_of(ben, "Another part")).to_be_focused()
    ben.keyboard.type("For those who are done.")
    has(ana, "Another part", "For those who are done.")
    are_equal(ana, ben)
    ana.keyboard.type(", five.")
    has(ben, MOVES, "One, two, three, four, five.")
    until(ana, lambda: "five." in stands(lesson))
    text = text_of(type(lesson).objects.get(pk=lesson.pk))
    assert [part.kind for part in text.parts][:3] == ["goals", "moves", "task"]
    assert [(part.title, part.minutes) for part in text.parts if part.kind == "assessment"] == [("A slip of paper", 7)]


def test_what_is_pasted_is_made_harmless(opens, world, lesson):
    """Word's lists become lists, fonts and scripts go, and a paste of ten megabytes is refused with a sentence."""
    ana, ben = opens(world.ana), opens(world.ben)
    timing = words_of(ana, "Time")
    timing.click()
    ana.keyboard.press("Control+a")
    timing.evaluate(PASTE, [(PASTED / "word.html").read_text(), "plain", 1])
    assert timing.evaluate(LINES) == [
        ["h3", "Before"],
        ["p", "They argue first."],
        ["bullet 0", "jugs"],
        ["bullet 1", "four of them"],
        ["bullet 0", "cups"],
        ["number 0", "taste"],
        ["p", "syrup | water"],
    ]
    html = timing.inner_html()
    assert "They <strong>argue</strong> <em>first</em>." in html
    assert not any(trace in html for trace in ("mso", "Mso", "Comic", "font", "<span", "·", "o:p"))
    ana.keyboard.press("Control+a")
    timing.evaluate(PASTE, [(PASTED / "docs.html").read_text(), "plain", 1])
    html = timing.inner_html()
    assert "<strong>heavy</strong> light" in html
    assert '<a href="https://example.org/x" rel="noopener nofollow">there</a>' in html
    assert timing.evaluate(LINES)[-1] == ["bullet 0", "one"]
    assert "<em>one</em></p>" in html
    assert "nowhere" in html
    assert not any(trace in html for trace in ("javascript", "docs-internal", "<img src", "<svg", "<script"))
    assert ana.evaluate("window.harmed") is None
    before = are_equal(ana, ben)
    for html in ("", "<p>much</p>"):
        timing.evaluate(PASTE, [html, "0123456789", 1_000_000])
        says(ana, "a lesson has room for 200,000 characters")
    assert ana.evaluate(WORDS) == before
    ana.keyboard.press("End")
    ana.keyboard.type(" goes on")
    has(ben, "Time", "goes on")
    # as much as there is room for is taken in
    ana.keyboard.press("Enter")
    timing.evaluate(PASTE, ["", "word and ", 20_000])
    until(ana, lambda: len(stands(lesson)) > 180_000)
    timing.evaluate(PASTE, ["", "word and ", 20_000])
    says(ana, "a lesson has room for 200,000 characters")
    assert 180_000 < len(stands(lesson)) < 200_000


def test_what_is_too_long_waits_until_there_is_room(opens, world, lesson, faults):
    """Both filled the lesson while she had no line: hers is refused with a sentence, and taken once it is shorter."""
    faults.expect("ERR_INTERNET_DISCONNECTED")
    ana, ben = opens(world.ana), opens(world.ben)
    ana.context.set_offline(True)
    goes_into(ana, "Time")
    words_of(ana, "Time").evaluate(PASTE, ["", "Ana says ", 15_000])
    goes_into(ben, MOVES)
    words_of(ben, MOVES).evaluate(PASTE, ["", "Ben says ", 15_000])
    until(ben, lambda: "Ben says" in stands(lesson))
    ana.context.set_offline(False)
    says(ana, "A lesson holds 200,000 characters.")
    says(ana, "Not sent yet: kept on this device")
    with ana.expect_download() as download:
        ana.get_by_role("button", name="Save my words as a file").click()
    assert "Ana says" in download.value.path().read_text()
    assert "Ana says" not in stands(lesson)
    goes_into(ana, "Time")
    ana.keyboard.press("Control+a")
    ana.keyboard.type("Ana says it in short.")
    until(ana, lambda: "Ana says it in short." in stands(lesson))
    has(ana, MOVES, "Ben says")
    expect(ana.locator("[data-trouble]")).to_be_hidden()
    are_equal(ana, ben)


def test_who_may_not_write_any_more_is_told(opens, world, lesson):
    """He leaves while he has the lesson open: he reads what he had, and writes no more."""
    ben = opens(world.ben)
    types(ben, KNOW, " One last word.")
    says(ben, "Saved")
    until(ben, lambda: "One last word." in stands(lesson))
    partnerships.leave(world.ana_and_ben, by=world.ben, at=timezone.now())
    says(ben, "This lesson is only there to read now.")
    expect(ben.locator("[data-words][contenteditable=true]")).to_have_count(0)
    has(ben, KNOW, "One last word.")


def test_with_keys_alone(opens, world, lesson):
    """Writing tools, links and the arrangement need no mouse."""
    ana = opens(world.ana)
    goes_into(ana, KNOW)
    ana.keyboard.type("first")
    ana.keyboard.press("Shift+Home")
    expect(ana.get_by_role("toolbar", name="About these words")).to_be_visible()  # the editor has seen the selection
    ana.keyboard.press("Control+b")
    ana.keyboard.press("Alt+F10")
    bold = ana.get_by_role("button", name="Bold")
    expect(bold).to_be_focused()
    expect(bold).to_have_attribute("aria-pressed", "true")
    for name in ("Italic", "List"):
        ana.keyboard.press("ArrowRight")
        expect(ana.get_by_role("button", name=name, exact=True)).to_be_focused()
    ana.keyboard.press("Enter")
    ana.keyboard.press("Escape")
    expect(words_of(ana, KNOW)).to_be_focused()
    expect(words_of(ana, KNOW).locator("[data-list=bullet] strong")).to_have_text("first")
    ana.keyboard.press("Control+k")
    ana.keyboard.type("example.org/jugs")
    ana.keyboard.press("Enter")
    expect(words_of(ana, KNOW)).to_be_focused()
    expect(words_of(ana, KNOW).locator('a[href="https://example.org/jugs"]')).to_have_text("first")
    ana.keyboard.press("Control+k")
    ana.keyboard.press("Control+a")
    ana.keyboard.type("javascript:alert(1)")
    ana.keyboard.press("Enter")
    expect(ana.get_by_text("That is no address of a page.")).to_be_visible()
    ana.keyboard.press("Escape")
    ana.keyboard.press("Control+z")
    ana.keyboard.press("Control+End")
    settles(ana)
    ana.keyboard.press("Enter")
    ana.keyboard.press("Enter")
    ana.keyboard.type("## Next")
    expect(words_of(ana, KNOW).locator("h3")).to_have_text("Next")
    until(ana, lambda: "Next" in stands(lesson))


def test_selected_words_become_a_question(opens, world):
    """The page's own form opens with the words in it."""
    ana = opens(world.ana)
    goes_into(ana, KNOW)
    for _ in range(len("On a slip of paper")):
        ana.keyboard.press("Shift+ArrowRight")
    ana.get_by_role("toolbar", name="About these words").get_by_role("button", name="Question").click()
    form = ana.locator("form[data-remark-for]:has(:focus)")
    expect(form).to_have_count(1)
    assert form.evaluate("form => [form.elements.quote.value, form.elements.kind.value]") == [
        "On a slip of paper",
        "question",
    ]


def test_who_is_signed_out_keeps_her_words(opens, world, faults):
    """The session ends: it is said, and what was not sent stays."""
    faults.expect("status of 4")
    faults.expect("WebSocket")
    ana = opens(world.ana)
    Session.objects.all().delete()
    ana.context.set_offline(True)
    types(ana, KNOW, " Not lost.")
    ana.context.set_offline(False)
    says(ana, "You are no longer signed in. What was not sent is kept on this device.")
    expect(ana.get_by_role("link", name="Sign in again")).to_be_visible()
    until(ana, lambda: kept(ana))
    has(ana, KNOW, "Not lost.")


def test_good_to_use_on_a_phone(opens, world):
    """Dark and right to left too."""
    ben = opens(world.ben)
    ana = opens(world.ana, PHONE)
    types(ben, GOALS, " I am here.")
    expect(ana.locator(".lesson-cursor__name")).to_have_count(1)
    assert_good_page(ana)


def test_good_to_use_right_to_left(site, world, lesson):
    page = site.page(world.ana, PHONE, DARK, RIGHT_TO_LEFT)
    page.goto(f"/lessons/{lesson.pk}/")
    expect(page.locator("lesson-editor.is-ready")).to_have_count(1)
    assert_good_page(page)
    page.locator("[data-tool]").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('[data-tool="italic"]')).to_be_focused()


def test_pages_without_an_editor_load_none_of_it(site, world, lesson):
    asked = []
    page = site.page(world.ana)
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.goto(f"/partnerships/{world.ana_and_ben.pk}/")
    assert asked
    assert not [url for url in asked if "lesson" in url.rsplit("/", 1)[-1]]
    page.goto(f"/lessons/{lesson.pk}/")
    assert [url for url in asked if "built/lesson" in url]


def test_the_words_are_there_before_any_script(site, world, lesson):
    page = site.page(world.ana, {"java_script_enabled": False})
    page.goto(f"/lessons/{lesson.pk}/")
    expect(page.get_by_text("I can tell which of two mixtures is stronger")).to_be_visible()
    expect(page.get_by_role("link", name="Write in this part").first).to_be_visible()
    page.locator("summary", has_text="Arrange").nth(1).click()
    press(page, "Move up")
    titles = page.locator(".lesson-part h2")
    expect(titles.nth(0)).to_have_text(TASK)  # waits for the answer, as reading all of them at once does not
    expect(titles.nth(1)).to_have_text(GOALS)
