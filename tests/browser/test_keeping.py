"""Nothing that somebody wrote is lost, and nobody else reads it on the same device."""

import json
from importlib import import_module

import pytest
from django.conf import settings

from sidebyside.people.models import Person

PAGE = "/design/keeping/"
DUMP = """async () => {
    const opened = indexedDB.open("side-by-side");
    const database = await new Promise(done => (opened.onsuccess = () => done(opened.result)));
    const all = store => new Promise(done => {
        const asked = database.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result) });
    const keys = await all("keys"), kept = await all("kept");
    database.close();
    const words = kept.map(one => new TextDecoder("latin1").decode(one.sealed));
    return { keys: keys.map(one => one.extractable), kept: words, tab: JSON.stringify(sessionStorage) } }"""


@pytest.fixture
def person(transactional_db):
    return Person.objects.create(given_name="Ana", email="ana@example.org")


@pytest.fixture
def other(transactional_db):
    return Person.objects.create(given_name="Ben", email="ben@example.org")


@pytest.fixture
def writing(site, person):
    page = site.page(person)
    page.goto(PAGE)
    return page


def write(page, words, field="#note"):
    page.fill(field, words)
    page.wait_for_timeout(450)


def said(page, words):
    page.locator(".saved", has_text=words).wait_for()


def test_a_closed_tab_keeps_the_words(writing):
    write(writing, "What did you see?")
    writing.check("#shared")
    writing.wait_for_timeout(450)
    again = writing.context.new_page()
    writing.close()
    again.goto(PAGE)
    again.get_by_text("Your unsent words of").wait_for()
    assert again.input_value("#note") == "What did you see?"
    assert again.is_checked("#shared")


def test_discarded_words_stay_away(writing):
    write(writing, "Not this")
    writing.reload()
    writing.get_by_role("button", name="Discard them").click()
    assert writing.input_value("#note") == ""
    writing.reload()
    writing.wait_for_timeout(300)
    assert writing.input_value("#note") == ""


def test_sent_words_are_forgotten_and_refused_ones_are_not(writing, faults):
    faults.expect("status of 422")
    write(writing, "no")
    writing.get_by_role("button", name="Send").click()
    writing.wait_for_url("**/sent/")
    writing.goto(PAGE)
    writing.get_by_text("Your unsent words of").wait_for()
    write(writing, "yes")
    writing.get_by_role("button", name="Send").click()
    writing.wait_for_url("**/design/")
    writing.goto(PAGE)
    writing.wait_for_timeout(300)
    assert writing.input_value("#note") == ""
    assert writing.evaluate(DUMP)["kept"] == []


def test_words_survive_a_lost_session(writing, site, person, faults):
    faults.expect("status of 4")
    write(writing, "Sent too late")
    writing.context.clear_cookies(name="sessionid")
    writing.get_by_role("button", name="Send").click()
    writing.wait_for_url(lambda address: "keeping/sent" not in address)
    writing.context.add_cookies([site.session(person)])
    writing.goto(PAGE)
    writing.get_by_text("Your unsent words of").wait_for()
    assert writing.input_value("#note") == "Sent too late"


def test_another_person_on_the_device_sees_nothing(writing, site, other):
    write(writing, "For Ana alone")
    writing.context.clear_cookies(name="sessionid")
    writing.context.add_cookies([site.session(other)])
    writing.goto(PAGE)
    writing.wait_for_timeout(300)
    assert writing.input_value("#note") == ""


def test_words_lie_sealed_on_the_device(writing):
    write(writing, "Marzipan")
    found = writing.evaluate(DUMP)
    assert found["keys"] == [False]
    assert len(found["kept"]) == 1
    assert "Marzipan" not in json.dumps(found)


def test_signing_out_offers_unsent_words_and_destroys_the_key(writing, faults):
    faults.expect("status of 404")
    write(writing, "Take me along")
    writing.get_by_role("button", name="Sign out").click()
    with writing.expect_download() as download:
        writing.get_by_role("link", name="Take it along as a file").click()
    assert "Take me along" in download.value.path().read_text()
    with writing.expect_navigation():
        writing.get_by_role("button", name="Sign out now").click()
    writing.goto("/design/")
    assert writing.evaluate(DUMP) == {"keys": [], "kept": [], "tab": "{}"}


def test_a_shared_computer_keeps_nothing_beyond_the_tab(site, person):
    page = site.page(person)
    session = import_module(settings.SESSION_ENGINE).SessionStore(page.context.cookies()[0]["value"])
    session["shared_device"] = True
    session.save()
    page.goto(PAGE)
    write(page, "In the staff room")
    found = page.evaluate(DUMP)
    assert found["kept"] == []
    assert "staff room" not in found["tab"]
    page.reload()
    page.get_by_text("Your unsent words of").wait_for()
    again = page.context.new_page()
    again.goto(PAGE)
    again.wait_for_timeout(300)
    assert again.input_value("#note") == ""


def test_saved_while_one_types(writing):
    writing.fill("#goal", "Every pupil holds a position")
    said(writing, "saved ")
    writing.reload()
    assert writing.input_value("#goal") == "Every pupil holds a position"
    writing.wait_for_timeout(300)
    assert writing.locator(".back").count() == 0


def test_of_two_who_write_the_second_sees_both_texts(writing, faults):
    faults.expect("status of 409")
    second = writing.context.new_page()
    second.goto(PAGE)
    writing.fill("#goal", "The first")
    said(writing, "saved ")
    second.fill("#goal", "The second")
    conflict = second.locator(".conflict")
    conflict.wait_for()
    assert "The first" in conflict.inner_text()
    assert second.input_value("#goal") == "The second"
    second.get_by_role("button", name="Save mine over it").click()
    said(second, "saved ")
    second.reload()
    assert second.input_value("#goal") == "The second"


def test_offline_words_wait_and_go_when_the_line_is_back(writing, faults):
    faults.expect("ERR_INTERNET_DISCONNECTED")
    writing.context.set_offline(True)
    writing.fill("#goal", "Written in the basement")
    said(writing, "no connection")
    writing.context.set_offline(False)
    said(writing, "saved ")
    writing.reload()
    assert writing.input_value("#goal") == "Written in the basement"
