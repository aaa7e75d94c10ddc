"""Lines of one text: what two do to the same line at the same time loses no word, and looks as it did on the page."""

import random
import re
from collections import Counter

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sidebyside.base.rich_text.markdown import from_markdown
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions.lessons import change_text
from sidebyside.lessons.queries import text_of
from tests.browser.pages import DARK, DESKTOP, PHONE, RIGHT_TO_LEFT, assert_good_page
from tests.browser.steps import settles
from tests.browser.test_co_planning import (
    KNOW,
    LINES,
    PASTE,
    are_equal,
    goes_into,
    has,
    lesson,
    opens,
    says,
    stands,
    types,
    words_of,
)
from tests.browser.test_drafts import until

__all__ = ["lesson", "opens"]  # (fixtures: pytest finds them by name)

ALL_KINDS = """### What to bring

- jugs
  - four of them, and a fifth that is of glass, so that everybody in the room can see how much is in it
    - with a scale

  as many as there are tables
- cups

5. taste
6. say which
   1. one each
   2. in turn

> Nobody drinks **before** all have said what they think.
>
> - not even a little
> - _nor_ later

#### And then

They wash up.
"""
ARABIC = """- كوب
- إبريق
  - من زجاج

3. ذوقوا

> لا أحد يشرب

ثم يغسلون
"""
# Where each piece of text begins within its part, in pixels: before there is an editor, and in it.
PLACES = """words => {
    const box = words.getBoundingClientRect(), found = [];
    const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.data.trim(), range = document.createRange();
        if (!text) continue;
        range.selectNodeContents(walker.currentNode);
        const { left, top } = range.getBoundingClientRect();
        found.push([text, Math.round(top - box.top), Math.round(left - box.left)]);
    }
    return found }"""
MARKERS = """words => [...words.children].map(line => {
    const style = getComputedStyle(line);
    return style.display === "list-item" ? style.listStyleType : "" })"""


def lines_of(page, title):
    return words_of(page, title).evaluate(LINES)


def shows(page, title, lines):
    """The part comes to have these lines: [kind, words]."""
    until(page, lambda: lines_of(page, title) == lines)


def says_now(lesson, world, title, markdown):
    """What a part says, written by the server as a plain form writes it."""
    names = {KNOW: "assessment", "Time": "timing"}
    part = next(part for part in text_of(lesson).parts if part.kind == names[title])
    nodes = from_markdown(markdown)
    change_text(lesson, lambda doc: lesson_text.set_nodes(doc, part.id, nodes), by=world.ana, at=timezone.now())
    return part.id


@pytest.fixture
def apart(opens, world, lesson, faults):
    """Ana and Ben in one part of two lines; the first has no line."""
    faults.expect("ERR_INTERNET_DISCONNECTED")
    says_now(lesson, world, KNOW, "one two\n\nthree four")
    ana, ben = opens(world.ana), opens(world.ben)
    ana.context.set_offline(True)
    says(ana, "Offline.")
    return ana, ben


def list_item(page):
    page.keyboard.press("Control+Shift+8")


def heading(page):
    page.keyboard.press("Control+Alt+3")


def joined(page):
    page.keyboard.press("End")
    settles(page)
    page.keyboard.press("Delete")


def split(page):
    for _ in "one":
        page.keyboard.press("ArrowRight")
    settles(page)
    page.keyboard.press("Enter")


def quoted(page):
    page.keyboard.type("> ")


@pytest.mark.parametrize(
    ("act", "lines"),
    [
        (list_item, [["bullet 0", "one xyz two and more"], ["p", "three four"]]),
        (heading, [["h3", "one xyz two and more"], ["p", "three four"]]),
        (joined, [["p", "one xyz two and morethree four"]]),
        (split, [["p", "one"], ["p", " xyz two and more"], ["p", "three four"]]),
        (quoted, [["quote p", "one xyz two and more"], ["p", "three four"]]),
    ],
)
def test_words_typed_in_a_line_that_changes_stay(apart, lesson, act, lines):
    """She makes something else of the line while he writes in its middle and at its end."""
    ana, ben = apart
    goes_into(ana, KNOW)
    act(ana)
    goes_into(ben, KNOW)
    for _ in "one ":
        ben.keyboard.press("ArrowRight")
    settles(ben)
    ben.keyboard.type("xyz ")
    ben.keyboard.press("End")
    settles(ben)
    ben.keyboard.type(" and more")
    until(ben, lambda: "one xyz two and more" in stands(lesson))
    ana.context.set_offline(False)
    for page in (ana, ben):
        shows(page, KNOW, lines)
    are_equal(ana, ben)
    until(ana, lambda: stands(lesson).count("xyz") == 1)


def test_three_at_once(opens, world, lesson):
    """Three write at three places of one line, and one of them makes an item of it: no letter is lost or mixed up."""
    says_now(lesson, world, KNOW, "begin middle end")
    ana, ben, again = opens(world.ana), opens(world.ben), opens(world.ana)
    for page, words in ((ana, "begin"), (ben, "begin middle"), (again, "begin middle end")):
        goes_into(page, KNOW)
        for _ in words:
            page.keyboard.press("ArrowRight")
        settles(page)
    for turn in range(8):
        for page, sign in ((ana, "a"), (ben, "b"), (again, "c")):
            page.keyboard.type(f"{sign}{turn}")
        if turn == 3:
            list_item(ben)
    ana.keyboard.press("Enter")
    line = "begina0a1a2a3a4a5a6a7| middleb0b1b2b3b4b5b6b7 endc0c1c2c3c4c5c6c7"
    for page in (ana, ben, again):
        shows(page, KNOW, [["bullet 0", part] for part in line.split("|")])
    are_equal(ana, ben, again)


def test_each_writes_on_where_she_is(opens, world, lesson):
    """Two write at one and the same place by turns: the words of each stay together."""
    says_now(lesson, world, KNOW, "here")
    ana, ben = opens(world.ana), opens(world.ben)
    for page in (ana, ben):
        goes_into(page, KNOW)
        page.keyboard.press("End")
        settles(page)
    for number in range(1, 7):
        ana.keyboard.type(f"a{number}")
        has(ben, KNOW, f"a{number}")
        ben.keyboard.type(f"b{number}")
        has(ana, KNOW, f"b{number}")
    until(
        ana,
        lambda: {"a1a2a3a4a5a6", "b1b2b3b4b5b6"} <= set(re.findall(r"(?:a\d)+|(?:b\d)+", lines_of(ana, KNOW)[0][1])),
    )
    are_equal(ana, ben)


ACTS = ["Enter", "Delete", "Backspace", "list", "numbers", "heading", "Control+]", "undo"]


def goes_somewhere(page, dice):
    """The cursor goes to the start or the end of some line."""
    page.keyboard.press("Control+Home")
    for _ in range(dice.randrange(6)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press(dice.choice(["Home", "End"]))
    settles(page)


def acts(page, dice, word):
    """One thing that somebody does, at random, but for taking words away. A word that was written is answered."""
    goes_somewhere(page, dice)
    key = dice.choice(["word"] * 5 + ACTS)
    if key == "word":
        page.keyboard.type(word)
        return [word]
    if key in ("Delete", "Backspace"):
        page.keyboard.press("End" if key == "Delete" else "Home")
        settles(page)
    if key == "undo":
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+y")
    elif key in ("list", "numbers", "heading"):
        page.keyboard.press({"list": "Control+Shift+8", "numbers": "Control+Shift+7", "heading": "Control+Alt+3"}[key])
    else:
        page.keyboard.press(key)
    return []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_two_do_no_word_is_lost(opens, world, lesson, faults, seed):
    """They type, split, join, and make lists and headings, with a line and without one, and undo it and do it again."""
    faults.expect("ERR_INTERNET_DISCONNECTED")
    dice = random.Random(seed)  # noqa: S311 (a session that can be played again, no secret)
    says_now(lesson, world, KNOW, "first\n\nsecond\n\nthird")
    ana, ben = opens(world.ana), opens(world.ben)
    written = ["first", "second", "third"]
    for page in (ana, ben):
        goes_into(page, KNOW)
    for turn in range(4):
        ana.context.set_offline(turn % 2 == 1)
        for step in range(8):
            for name, page in (("a", ana), ("b", ben)):
                written += acts(page, dice, f" {name}{turn}{step}{name} ")
    ana.context.set_offline(False)
    says(ana, "Saved")
    says(ben, "Saved")
    are_equal(ana, ben)
    # (two who write at one place may come between each other's letters)
    words = "\n".join(text for _, text in lines_of(ana, KNOW))
    assert not letters(written) - letters(words), (written, words)
    until(ana, lambda: not letters(written) - letters(stands(lesson)))


def letters(words):
    """How often each letter and number stands there."""
    return Counter(letter for word in words for letter in word if letter.isalnum())


def test_undoing_takes_back_only_what_one_did(opens, world, lesson):
    """Each undoes her own: he his words, she her list, and neither what the other did."""
    says_now(lesson, world, KNOW, "one")
    ana, ben = opens(world.ana), opens(world.ben)
    types(ana, KNOW, " Ana")
    has(ben, KNOW, "one Ana")
    types(ben, KNOW, " Ben")
    shows(ana, KNOW, [["p", "one Ana Ben"]])
    goes_into(ana, KNOW)
    list_item(ana)
    for page in (ana, ben):
        shows(page, KNOW, [["bullet 0", "one Ana Ben"]])
    ben.keyboard.press("Control+z")
    shows(ana, KNOW, [["bullet 0", "one Ana"]])
    ana.keyboard.press("Control+z")
    shows(ben, KNOW, [["p", "one Ana"]])
    ana.keyboard.press("Control+z")
    shows(ben, KNOW, [["p", "one"]])
    ana.keyboard.press("Control+y")
    ana.keyboard.press("Control+y")
    shows(ben, KNOW, [["bullet 0", "one Ana"]])
    ben.keyboard.press("Control+y")
    shows(ana, KNOW, [["bullet 0", "one Ana Ben"]])
    are_equal(ana, ben)


def test_numbers_and_depths_follow_the_lines(opens, world, lesson):
    """Numbers go on, begin where they are told to, and count anew inside an item."""
    says_now(lesson, world, KNOW, "")
    ana, ben = opens(world.ana), opens(world.ben)
    goes_into(ana, KNOW)
    ana.keyboard.type("4. four")
    for words in ("five", "inner", "inner too"):
        ana.keyboard.press("Enter")
        if words == "inner":
            ana.keyboard.press("Control+]")
        ana.keyboard.type(words)
    ana.keyboard.press("Enter")
    ana.keyboard.press("Enter")  # out of the inner list
    ana.keyboard.type("six")
    ana.keyboard.press("Enter")
    ana.keyboard.press("Enter")  # out of the list
    ana.keyboard.type("between")
    ana.keyboard.press("Enter")
    ana.keyboard.type("1. one")
    lines = [
        *(["number 0", "four"], ["number 0", "five"], ["number 1", "inner"], ["number 1", "inner too"]),
        *(["number 0", "six"], ["p", "between"], ["number 0", "one"]),
    ]
    markers = ['"4. "', '"5. "', '"1. "', '"2. "', '"6. "', "", '"1. "']
    for page in (ana, ben):
        shows(page, KNOW, lines)
        until(page, lambda page=page: words_of(page, KNOW).evaluate(MARKERS) == markers)
    goes_into(ben, KNOW)
    ben.keyboard.press("ArrowDown")
    settles(ben)
    ben.keyboard.press("Control+Shift+7")  # no item any more: what stood in it is a list of its own
    after = ['"4. "', "", '"1. "', '"2. "', '"3. "', "", '"1. "']
    for page in (ana, ben):
        until(page, lambda page=page: words_of(page, KNOW).evaluate(MARKERS) == after)
    until(ana, lambda: "inner too" in stands(lesson))


def test_the_start_of_a_line_is_left_by_backspace(opens, world, lesson):
    """What a line is goes before it is joined with the one above."""
    says_now(lesson, world, KNOW, "above\n\n> - quoted\n\n### title")
    ana = opens(world.ana)
    goes_into(ana, KNOW)
    ana.keyboard.press("ArrowDown")
    ana.keyboard.press("Home")
    settles(ana)
    for line in (["quote p", "quoted"], ["p", "quoted"]):
        ana.keyboard.press("Backspace")
        shows(ana, KNOW, [["p", "above"], line, ["h3", "title"]])
    ana.keyboard.press("Backspace")
    shows(ana, KNOW, [["p", "abovequoted"], ["h3", "title"]])
    ana.keyboard.press("Control+End")
    settles(ana)
    ana.keyboard.press("Enter")
    ana.keyboard.type("> said")
    ana.keyboard.press("Enter")
    ana.keyboard.press("Enter")
    ana.keyboard.type("free")
    shows(ana, KNOW, [["p", "abovequoted"], ["h3", "title"], ["quote p", "said"], ["p", "free"]])


def test_a_word_that_is_being_put_together_is_not_broken_off(opens, world, lesson):
    """She writes with signs that are put together; he writes in the same line and in another one meanwhile."""
    says_now(lesson, world, KNOW, "tea \n\nbelow")
    ana, ben = opens(world.ana), opens(world.ben)
    goes_into(ana, KNOW)
    ana.keyboard.press("End")
    settles(ana)
    ana.keyboard.type(" ")
    keys = ana.context.new_cdp_session(ana)
    for text in ("に", "にほ", "にほん"):
        keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    has(ben, KNOW, "tea にほん")
    goes_into(ben, KNOW)
    ben.keyboard.type("green ")
    ben.keyboard.press("Control+End")
    ben.keyboard.type(" it")
    until(ben, lambda: "green tea" in stands(lesson) and "below it" in stands(lesson))
    ana.wait_for_timeout(300)
    assert lines_of(ana, KNOW)[0][1].startswith("tea")  # his words wait, for the line is not drawn
    text = "にほんご"
    keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    keys.send("Input.insertText", {"text": "日本語"})
    for page in (ana, ben):
        shows(page, KNOW, [["p", "green tea 日本語"], ["p", "below it"]])
    ana.keyboard.type("!")
    for page in (ana, ben):
        shows(page, KNOW, [["p", "green tea 日本語!"], ["p", "below it"]])
    until(ana, lambda: "green tea 日本語!" in stands(lesson))


def test_cursors_stay_with_their_words(opens, world, lesson):
    """He sees her cursor where it is when the line before it is split and joined."""
    says_now(lesson, world, KNOW, "one two\n\nthree four")
    ana, ben = opens(world.ana), opens(world.ben)
    goes_into(ana, KNOW)
    ana.keyboard.press("ArrowDown")
    ana.keyboard.press("Home")
    for _ in "three":
        ana.keyboard.press("ArrowRight")
    before = """words => { const cursor = words.querySelector(".lesson-cursor");
        return cursor && cursor.previousSibling && cursor.previousSibling.textContent }"""
    until(ben, lambda: words_of(ben, KNOW).evaluate(before) == "three")
    goes_into(ben, KNOW)
    for _ in "one":
        ben.keyboard.press("ArrowRight")
    settles(ben)
    ben.keyboard.press("Enter")
    shows(ana, KNOW, [["p", "one"], ["p", " two"], ["p", "three four"]])
    until(ben, lambda: words_of(ben, KNOW).evaluate(before) == "three")
    ben.keyboard.press("End")
    settles(ben)
    ben.keyboard.press("Delete")
    until(ben, lambda: words_of(ben, KNOW).evaluate(before) == " twothree")
    ana.keyboard.type("!")
    for page in (ana, ben):
        shows(page, KNOW, [["p", "one"], ["p", " twothree! four"]])


@pytest.mark.parametrize(
    ("looks", "markdown", "compared"),
    [([DESKTOP], ALL_KINDS, 3), ([PHONE], ALL_KINDS, 3), ([PHONE, DARK, RIGHT_TO_LEFT], ARABIC, 2)],
    ids=["desktop", "phone", "right to left"],
)
def test_the_words_look_as_they_did_on_the_page(site, opens, world, lesson, looks, markdown, compared):
    """Lists, numbers and quotations stand where they stood before the script ran."""
    part = says_now(lesson, world, KNOW, markdown)
    plain = site.page(world.ana, *looks, {"java_script_enabled": False})
    plain.goto(f"/lessons/{lesson.pk}/")
    page = site.page(world.ana, *looks)
    page.goto(f"/lessons/{lesson.pk}/")
    expect(page.locator("lesson-editor.is-ready")).to_have_count(1)
    words = page.locator(f'[data-part="{part}"] [data-words].ProseMirror')
    words.focus()
    expect(words).to_be_visible()
    before = plain.locator(f'[data-part="{part}"] [data-words]').evaluate(PLACES)
    assert [place[:compared] for place in words.evaluate(PLACES)] == [place[:compared] for place in before]
    assert_good_page(page)


COPY = """words => {
    const carried = new DataTransfer();
    words.dispatchEvent(new ClipboardEvent("copy", {clipboardData: carried, bubbles: true, cancelable: true}));
    return [carried.getData("text/html"), carried.getData("text/plain")] }"""


def test_what_is_copied_can_be_pasted_anywhere(opens, world, lesson):
    """Other programs get real lists and quotations, and words that can be read; pasted here it is the same again."""
    says_now(lesson, world, KNOW, "### Title\n\n- one\n  - **in**\n\n  more\n- two\n\n3. three\n\n> said\n>\n> - so")
    ana = opens(world.ana)
    goes_into(ana, KNOW)
    ana.keyboard.press("Control+a")
    lines = lines_of(ana, KNOW)
    html, text = words_of(ana, KNOW).evaluate(COPY)
    assert re.sub(' data-pm-slice="[^"]*"', "", html) == (
        "<h3>Title</h3>"
        "<ul><li><p>one</p><ul><li><p><strong>in</strong></p></li></ul><p>more</p></li><li><p>two</p></li></ul>"
        '<ol start="3"><li><p>three</p></li></ol>'
        "<blockquote><p>said</p><ul><li><p>so</p></li></ul></blockquote>"
    )
    assert text == "Title\n\n- one\n   - in\n   more\n- two\n\n3. three\n\n> said\n\n- so"
    goes_into(ana, "Time")
    ana.keyboard.press("Control+a")
    words_of(ana, "Time").evaluate(PASTE, [html, text, 1])
    shows(ana, "Time", lines)
