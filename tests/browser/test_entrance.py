"""The way in as people see it: every page in every look, and signing out on a device that keeps drafts."""

import pytest
from django.utils import timezone

from sidebyside.people import actions
from sidebyside.people.models import Person
from sidebyside.places.actions import give_post
from tests.browser.pages import LOOKS, PHONE, assert_good_page

# Wide and narrow, light and dark, from either side.
EACH = ["desktop", "phone, dark", "phone, right to left"]


@pytest.fixture
def newcomers(world):
    """Three at Linden who have never signed in; one has no mailbox."""
    for given, family, email in (
        ("Aroha", "Ngata", "aroha@example.org"),
        ("ليلى", "حداد", None),
        ("Wolfeschlegelsteinhausenbergerdorff", "Hubert", "w@example.org"),
    ):
        person = Person.objects.create(given_name=given, family_name=family, email=email)
        give_post(person, place=world.linden, title="", from_date=world.at.date(), at=world.at)


@pytest.mark.parametrize("look", EACH)
def test_pages_before_signing_in(site, world, look, faults):
    faults.expect("status of 4")
    link = actions.give_link(world.ana, kind="invitation", by=world.emre, at=timezone.now())
    page = site.page(None, *LOOKS[look])
    for address in (
        "/sign-in/", "/sign-in/code/", "/sign-in/password/", "/link-sent/", "/signed-out/",
        f"/enter/{link}/", "/enter/wrong/",
    ):  # fmt: skip
        page.goto(address)
        assert_good_page(page)
    page.goto("/sign-in/password/")
    page.fill("[name=email]", "ana@example.org")
    page.fill("[name=password]", "wrong")
    page.click("main .button")
    page.wait_for_selector(".errors")
    assert_good_page(page)


@pytest.mark.parametrize("look", EACH)
def test_the_first_run(site, look):
    page = site.page(None, *LOOKS[look])
    page.goto(f"/first-run/{actions.open_first_run(at=timezone.now())}/")
    assert_good_page(page)


@pytest.mark.parametrize("look", EACH)
def test_pages_about_oneself(site, world, look):
    for person, addresses in (
        (world.fatima, ["/me/", "/me/password/", "/me/work/"]),
        (world.ana, ["/me/work/"]),
        (world.kofi, ["/me/", "/owners/", "/me/recovery-sheet/"]),
    ):
        page = site.page(person, *LOOKS[look])
        for address in addresses:
            page.goto(address)
            assert_good_page(page)
    page.click("summary")
    page.click(".sure__ask button")
    page.wait_for_selector(".key-groups")
    assert_good_page(page)


@pytest.mark.parametrize("look", EACH)
def test_pages_of_invitations(site, world, newcomers, look):
    page = site.page(world.emre, *LOOKS[look])
    page.goto(f"/places/{world.linden.pk}/invitations/")
    assert_good_page(page)
    page.click("[name=people] >> nth=0")
    page.click("[formaction]")
    page.wait_for_selector(".slip")
    assert_good_page(page)


def test_somebody_signs_in_and_out_on_a_phone(site, world):
    link = actions.give_link(world.ana, by=None, at=timezone.now())
    page = site.page(None, PHONE)
    page.goto(f"/enter/{link}/?next=/me/")
    page.check("[name=shared]")
    page.click("main .button")
    page.wait_for_url("**/me/")
    assert page.locator("html[data-shared]").count() == 1
    page.click("form[data-signs-out] button")
    page.wait_for_url("**/signed-out/")
    page.goto("/me/")
    assert "/sign-in/" in page.url
