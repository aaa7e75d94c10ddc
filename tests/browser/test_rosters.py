"""A programme lead brings a roster in with a browser."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from tests.browser.pages import LOOKS, PHONE, WITHOUT_SCRIPT, assert_good_page
from tests.places.roster.archives import USER_COLUMNS, Parts, pack, parts, replaced, sheet, user

QUESTIONS = replaced(
    parts() | {"users.csv": sheet(USER_COLUMNS, [user(n) for n in range(3, 13)])},
    "roles.csv",
    lambda text: text.replace("r2-u-03", "r-u-03"),
)


def bring(page, folder: Path, found: Parts, name: str = "roster.zip") -> None:
    """Upload an archive by hand."""
    page.goto("/rosters/")
    page.get_by_label("Where it comes from").fill("personnel office")
    page.get_by_label("The roster").set_input_files(pack(folder / name, found))
    page.get_by_role("button", name="See what would change").click()
    page.wait_for_url("**/rosters/*/")


@pytest.mark.parametrize("look", [[PHONE], [WITHOUT_SCRIPT]], ids=["phone", "without script"])
def test_from_the_file_to_the_people(look, site, world, tmp_path):
    page = site.page(world.ines, *look)
    bring(page, tmp_path, parts())
    page.get_by_role("link", name="New (21)").click()
    expect(page.get_by_role("rowheader", name="Wei Lin")).to_be_visible()
    page.get_by_role("button", name="Apply this roster").click()
    expect(page.get_by_role("heading", name="What this roster did")).to_be_visible()

    bring(page, tmp_path, QUESTIONS)
    page.get_by_role("link", name="Leaving (2)").click()
    expect(page.get_by_role("row", name="Nadia Petrov")).to_contain_text("not in the roster any more")
    page.get_by_role("link", name="Refused (1)").click()
    page.get_by_label("Write the number of people who leave").fill("2")
    page.get_by_label("The refused rows may stay out").check()
    page.get_by_role("button", name="Apply this roster").click()
    expect(page.get_by_role("heading", name="What this roster did")).to_be_visible()
    page.goto("/rosters/")
    expect(page.get_by_text("0 new, 1 changed, 0 moved, 2 left, 1 refused")).to_be_visible()


def send(client, world, folder: Path, found: Parts, name: str = "roster.zip") -> str:
    """Upload an archive without a browser; the address of its page."""
    content = pack(folder / "roster.zip", found).read_bytes()
    form = {"place": world.northshore.pk, "source": "office", "file": SimpleUploadedFile(name, content)}
    return client.post("/rosters/", form)["Location"]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_page_of_rosters_is_accessible_and_fits(look, site, world, tmp_path, client):
    client.force_login(world.ines)
    decided = send(client, world, tmp_path, parts())
    client.post(f"{decided}application/", {"after": ""})
    waiting = send(client, world, tmp_path, QUESTIONS)
    refused = send(client, world, tmp_path, {"readme.txt": b"hello"}, "a very long name that somebody gave a file.zip")
    page = site.page(world.ines, *look)
    for address in ("/rosters/", decided, f"{waiting}?show=leaving", refused):
        page.goto(address)
        assert_good_page(page)
