"""Files of a lesson in a real browser: sent with and without scripts, shown, taken along, opened without a server."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.base.files import samples
from tests.browser.pages import WITHOUT_SCRIPT
from tests.browser.steps import press


@pytest.fixture
def address(world):
    return f"/lessons/{world.lessons['drinks'].pk}/files/"


def given(content: bytes, name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_a_photograph_is_sent_shown_and_described(site, world, address):
    page = site.page(world.ben)
    page.goto(address)
    field = page.get_by_label("Pictures, documents, slides")
    field.set_input_files([given(samples.from_a_phone(size=(400, 200)), "board.jpg"), given(samples.pdf(), "a.pdf")])
    press(page, "Attach")
    expect(page.get_by_text("2 files are attached.")).to_be_visible()
    picture = page.locator("img[alt='A picture that nobody has described yet']")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector(\"img[alt^='A picture that']\").naturalWidth > 0")
    assert picture.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [200, 400], "upright"
    page.get_by_label("What does this picture show, for somebody who cannot see it?").last.fill("The board")
    page.locator("li", has=picture).get_by_role("button", name="Save").click()
    expect(page.locator("img[alt='The board']")).to_be_visible()


def test_what_is_too_large_is_said_before_it_is_sent(site, world, address):
    page = site.page(world.ben)
    page.goto(address)
    page.get_by_label("Pictures, documents, slides").set_input_files(given(bytes(26 * 1024**2), "film.mp4"))
    expect(page.get_by_text("film.mp4 is larger than 25 MB.")).to_be_visible()
    photograph = {"name": "$& $' {limit}.jpg", "mimeType": "image/jpeg", "buffer": bytes(21 * 1024**2)}
    page.get_by_label("Pictures, documents, slides").set_input_files(photograph)
    expect(page.get_by_text("$& $' {limit}.jpg is larger than 20 MB.")).to_be_visible()
    page.get_by_label("Pictures, documents, slides").set_input_files([given(b"a", f"{n}.txt") for n in range(21)])
    expect(page.get_by_text("Choose at most 20 files at once.")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    press(page, "Attach")
    page.wait_for_timeout(300)
    assert sent == []


def test_without_scripts_a_file_is_sent_refused_and_removed(site, world, address):
    page = site.page(world.ben, WITHOUT_SCRIPT)
    page.goto(address)
    site.faults.expect("status of 422")
    page.get_by_label("Pictures, documents, slides").set_input_files(given(b"<svg onload=alert(1)>", "a.svg"))
    press(page, "Attach")
    expect(page.get_by_role("alert")).to_contain_text("Taken are pictures")
    page.get_by_label("Pictures, documents, slides").set_input_files(given(b"Count the cups", "cups.txt"))
    press(page, "Attach")
    expect(page.get_by_role("link", name="cups.txt")).to_be_visible()
    page.locator("li", has=page.get_by_role("link", name="cups.txt")).get_by_role("button", name="Remove").click()
    expect(page.get_by_role("link", name="cups.txt")).to_have_count(0)
    press(page, "Undo")
    expect(page.get_by_role("link", name="cups.txt")).to_be_visible()


def test_the_page_one_takes_along_opens_without_a_server(site, world, address, chromium, tmp_path: Path):
    page = site.page(world.ben)
    page.goto(address)
    with page.expect_download() as coming:
        page.get_by_role("link", name="As one web page").click()
    assert coming.value.suggested_filename == "lesson.html"
    kept = tmp_path / "lesson.html"
    coming.value.save_as(kept)
    alone = chromium.new_context(offline=True)
    try:
        opened, asked = alone.new_page(), []
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto(kept.as_uri())
        expect(opened.get_by_role("heading", level=1)).to_have_text("Which drink is stronger?")
        assert opened.locator("img").first.evaluate("one => one.complete && one.naturalWidth > 0")
        assert opened.locator("main").evaluate("one => getComputedStyle(one.parentElement).maxWidth") != "none", (
            "styled"
        )
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    finally:
        alone.close()
