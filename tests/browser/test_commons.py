"""A lesson is given to everybody in real browsers, and a class list never leaves the page."""

import pytest
from playwright.sync_api import expect

from sidebyside.lessons.models import Publication
from tests.browser.pages import PHONE, WITHOUT_SCRIPT
from tests.browser.steps import press

LIST = "Names of your class"
SECRET = "Xiomara Featherstonehaugh"
MUCH = 500_000  # characters: far more than any class
# All that a page has kept on the device.
KEPT = """async () => {
    const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise(done => {
            const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result) });
        for (const store of database.objectStoreNames) {
            const all = database.transaction(store).objectStore(store).getAll();
            found.push(await new Promise(done => (all.onsuccess = () => done(JSON.stringify(all.result))))) }
        database.close() }
    return found.join() }"""


@pytest.fixture
def address(world):
    return f"/lessons/{world.lessons['drinks'].pk}/publication/"


def test_a_class_list_stays_on_the_page(site, world, address):
    page = site.page(world.ben)
    page.goto(address)
    sent = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.headers} {request.post_data or ''}"))
    text = page.locator("#looked-through")
    page.locator("class-list").evaluate(
        """(element, [name, size]) => {
            const list = element.querySelector("textarea");
            list.value = (name + "\\n").repeat(size / (name.length + 1)) + "pairs\\n";
            element.querySelector("button").click() }""",
        [SECRET, MUCH],
    )
    expect(page.get_by_role("status").filter(has_text="These names stand in the text")).to_contain_text("Pairs")
    expect(text.locator("mark.named").first).to_have_text("Pairs")
    assert "Featherstonehaugh" not in text.inner_text()
    for group in page.get_by_role("group", name="Who can be recognised in it?").all():
        group.get_by_label("Leave it out").check()
    page.get_by_label("CC BY 4.0").check()
    page.get_by_label("Who is named as its makers?").fill("We two")
    page.wait_for_timeout(500)  # what would be kept on the device is kept by now
    assert "Xiomara" not in page.evaluate(KEPT)
    press(page, "Show me what everybody would see")
    expect(page.get_by_role("heading", name="What everybody would see")).to_be_visible()
    assert any("We+two" in one or "We two" in one for one in sent)  # the form was heard
    assert not any("Xiomara" in one or "Featherstonehaugh" in one for one in sent)
    expect(page.get_by_label(LIST)).to_have_value("")
    page.get_by_label(LIST).fill("jugs")
    press(page, "Look for these names")
    expect(page.locator("mark.named").first).to_be_visible()
    page.reload()
    expect(page.get_by_label(LIST)).to_have_value("")
    expect(page.locator("mark.named")).to_have_count(0)


def test_what_is_published_follows_the_choice_of_versions(site, world, address):
    page = site.page(world.ben, PHONE)
    page.goto(address)
    before = page.locator("#looked-through [name=before]")
    expect(before).to_have_value("1")
    page.get_by_label("And show what it improves on").select_option("")
    expect(before).to_have_value("")
    page.get_by_label("Publish this version").select_option("1")
    expect(page.locator("#looked-through [name=version]")).to_have_value("1")
    expect(page.get_by_role("button", name="Show me what everybody would see")).to_have_count(1)


def test_ten_megabytes_of_names_do_not_stop_the_page(site, world, address):
    page = site.page(world.ben)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    page.evaluate(
        """async () => {
            const lines = Array.from({ length: 400_000 }, (_, at) => `Xiomara${at} Feather${at % 97} O'Neil\\n`);
            await navigator.clipboard.writeText(lines.join("") + "pairs\\n");
            window.longest = 0;
            let last = performance.now();
            const tick = () => {
                const now = performance.now();
                window.longest = Math.max(window.longest, now - last);
                last = now;
                setTimeout(tick, 10) };
            tick() }"""
    )
    page.get_by_label(LIST).press("Control+V")
    expect(page.get_by_role("status").filter(has_text="So long a list is not shown")).to_be_visible()
    expect(page.get_by_label(LIST)).to_have_value("")
    press(page, "Look for these names")
    expect(page.get_by_role("status").filter(has_text="These names stand in the text")).to_contain_text(
        "Pairs", timeout=20_000
    )
    assert page.evaluate("window.longest") < 2_000  # ms; in the field it was minutes
    # what came before does not stay when another list is looked for
    page.get_by_label(LIST).fill("Quetzalcoatl")
    press(page, "Look for these names")
    expect(page.get_by_role("status").filter(has_text="None of these names")).to_be_visible()


def test_short_names_are_found_by_their_capital(site, world, address):
    page = site.page(world.ben)
    page.goto(address)
    page.locator("#looked-through").evaluate(
        """(text) => text.insertAdjacentHTML("beforeend", "<p>Jo and jo told Bo of it, and 王明.</p>")"""
    )
    page.get_by_label(LIST).fill("Jo\nBO\nde la Of\nit\n王明")
    press(page, "Look for these names")
    expect(page.locator("#looked-through > p:last-child mark.named")).to_have_text(["Jo", "Bo", "王明"])


def test_without_scripts_two_give_a_lesson_to_everybody(site, world, address, faults):
    faults.expect("status of 410")
    page = site.page(world.ben, PHONE, WITHOUT_SCRIPT)
    page.goto(address)
    expect(page.get_by_text("With scripts switched on")).to_be_visible()
    expect(page.get_by_label(LIST)).to_be_hidden()
    page.get_by_label("And show what it improves on").select_option("1")
    press(page, "Take these")
    page.get_by_label("Other words to take out").fill("syrup")
    page.get_by_label("What stands instead").fill("juice")
    for group in page.get_by_role("group", name="Who can be recognised in it?").all():
        group.get_by_label("Leave it out").check()
    page.get_by_label("CC BY-SA 4.0").check()
    press(page, "Show me what everybody would see")
    expect(page.get_by_text("2 cups of juice and 3 cups of water").first).to_be_visible()
    press(page, "I agree: ask the others")
    page = site.page(world.ana, WITHOUT_SCRIPT)
    page.goto("/")
    page.get_by_role("link", name="Look: Ben Okafor would like to give a lesson").or_(
        page.get_by_role("listitem").filter(has_text="would like to give a lesson to everybody").get_by_role("link")
    ).first.click()
    press(page, "Publish it now")
    published = Publication.objects.get(title="Which drink is stronger?")
    stranger = site.page(None, PHONE)
    stranger.goto("/commons/")
    stranger.get_by_role("link", name="Which drink is stronger?").click()
    expect(stranger.get_by_role("heading", name="What was before, and what changed")).to_be_visible()
    expect(stranger.locator("body")).not_to_contain_text("syrup")
    page.get_by_text("Take it back").first.click()
    page.get_by_role("button", name="Take it back").click()
    answer = stranger.goto(f"/commons/{published.pk}/")
    assert answer.status == 410
