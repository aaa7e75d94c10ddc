"""A facilitator has a term proposed; two who work together take it, on a phone, with keys, and without script."""

from playwright.sync_api import expect

from sidebyside.visits.models import PlannedVisit, TermPlan, Visit
from tests.browser.pages import DESKTOP, PHONE, WITHOUT_SCRIPT
from tests.browser.test_keyboard_and_no_script import tab_to

PLANS, TERM = "/places/{}/terms/plans/", "/partnerships/{}/term/"


def anew(world) -> None:
    """Nothing is proposed, and nothing booked."""
    Visit.objects.all().delete()
    TermPlan.objects.all().delete()


def test_from_one_button_to_what_both_have_booked(site, world):
    anew(world)
    emre = site.page(world.emre, DESKTOP)
    emre.goto(PLANS.format(world.linden.pk))
    emre.get_by_label("Other dates").check()
    expect(emre.get_by_label("First day")).to_be_visible()
    emre.get_by_label("Second term").check()
    expect(emre.get_by_label("First day")).to_be_hidden()
    emre.get_by_role("button", name="Propose a calendar").click()
    # It is planned after the page; the page asks again by itself.
    expect(emre.get_by_text("2 partnerships have their calendar.")).to_be_visible(timeout=30_000)
    assert "Ben" not in emre.locator("main").inner_text()

    ben = site.page(world.ben, PHONE)
    ben.goto("/")
    ben.get_by_role("link", name="A calendar for your term with Ana").or_(
        ben.locator(f'a[href="{TERM.format(world.ana_and_ben.pk)}"]')
    ).first.click()
    expect(ben.get_by_text("Ana visits you")).to_have_count(2)
    ben.get_by_role("button", name="Rather not").first.click()
    expect(ben.get_by_text("Ana visits you")).to_have_count(1)
    ben.get_by_role("button", name="Undo").click()
    expect(ben.get_by_text("Ana visits you")).to_have_count(2)
    assert ben.evaluate("document.documentElement.scrollWidth") <= 360
    ben.get_by_role("button", name="Take all of them").click()
    expect(ben.get_by_text("2 visits are booked, with their talks.")).to_be_visible()
    assert Visit.objects.filter(partnership=world.ana_and_ben, cancelled_at=None).count() == 2

    ana = site.page(world.ana, DESKTOP)
    ana.goto(TERM.format(world.ana_and_ben.pk))
    expect(ana.get_by_text("booked", exact=True)).to_have_count(2)


def test_with_keys_alone(site, world):
    page = site.page(world.ben, DESKTOP)
    page.goto(TERM.format(world.ana_and_ben.pk))
    tab_to(page, page.get_by_role("button", name="Take it").first)
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is booked, with its talks.")).to_be_visible()
    assert PlannedVisit.objects.filter(taken_at__isnull=False).count() == 1


def test_without_script(site, world):
    anew(world)
    page = site.page(world.ana, PHONE, WITHOUT_SCRIPT)
    page.goto(TERM.format(world.ana_and_ben.pk))
    page.get_by_label("Second term").check()
    page.get_by_role("button", name="Propose a calendar").click()
    expect(page.get_by_text("2 visits are proposed.")).to_be_visible()
    page.get_by_role("button", name="Take it").first.click()
    expect(page.get_by_text("It is booked, with its talks.")).to_be_visible()
    page.get_by_role("link", name="Another time").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("visit")
