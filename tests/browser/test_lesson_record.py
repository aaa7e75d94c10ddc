"""The record of a lesson's improvement: on paper it is one page."""

import io

import pypdf
import pytest
from playwright.sync_api import expect

from sidebyside.base.rich_text.markdown import from_markdown
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions import rating
from sidebyside.lessons.actions.lessons import change_text
from sidebyside.lessons.actions.versions import keep_version
from sidebyside.lessons.models import OwnChecklist
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.rating_queries import offered
from sidebyside.lessons.ratings import asked
from tests.browser.pages import PHONE, WITHOUT_SCRIPT

NEW_MOVES = "\n\n".join(
    f"- In turn {turn} each pair says which jug it would rather drink from, and what it would have to see in order to "
    "change its mind; somebody from another pair says it back in other words."
    for turn in range(1, 9)
)


def improve(world) -> str:
    """Ben's lesson gets 250 new words, and he rates it before and after. Returns where the two are compared."""
    lesson, at = world.lessons["drinks"], world.at
    before = lesson.versions.order_by("number").first()
    moves = next(part for part in text_of(lesson).parts if part.kind == "moves")
    nodes = from_markdown(NEW_MOVES)
    change_text(lesson, lambda doc: lesson_text.set_nodes(doc, moves.id, nodes), by=world.ben, at=at)
    after = keep_version(lesson, kind="taught_again", name="With 7C", by=world.ben, at=at)
    for version, which in ((before, 0), (after, -1)):
        for offer in offered(None, OwnChecklist.objects.none())[:2]:
            answers = {code: possible[which] for code, possible in asked(offer.scale).items()}
            hers = version.ratings.filter(by=world.ben, material=offer.material).first()
            rating.rate(
                version, material=offer.material, answers=answers, notes={}, after=hers.edition if hers else 0,
                by=world.ben, at=at,
            )  # fmt: skip
    return f"/lessons/{lesson.pk}/comparison/?from={before.number}&to={after.number}"


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_record_prints_on_one_page(site, world, paper):
    page = site.page(world.ben)
    page.goto(improve(world))
    words = page.locator("main").inner_text()
    assert "checklist" in words.lower()
    edges = dict.fromkeys(("top", "bottom", "left", "right"), "12mm")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format=paper, margin=edges)))
    assert len(printed.pages) == 1
    said = printed.pages[0].extract_text()
    for shown in ("Record of lesson improvement", "With 7C", "somebody from another pair", "by area"):
        assert shown in said
    for hidden in ("Compare any two", "Show all words", "Signed in"):
        assert hidden not in said


def test_a_record_is_read_and_chosen_without_script(site, world):
    page = site.page(world.ana, PHONE, WITHOUT_SCRIPT)
    page.goto(improve(world))
    page.get_by_text("Compare others").click()
    page.get_by_label("To", exact=True).select_option("2")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**?from=1&to=2")
    expect(page.locator("ins").nth(2)).to_be_attached()
