"""Nothing that somebody wrote is lost on the real pages: not with the session, the tab, the line or the server."""

import os
import signal
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from sidebyside.people import actions as people
from tests.browser.pages import Site
from tests.browser.steps import goes_to, mailed_link, press, reads
from tests.browser.test_keeping import DUMP

ROOT = Path(__file__).resolve().parents[2]
WORDS = "What did you see when they argued?"
NOTE = "Write a note"


def until(page, found):
    """Look again and again until something is there."""
    for _ in range(200):
        if answer := found():
            return answer
        page.wait_for_timeout(50)
    raise AssertionError("It never came.")


def writes(page, words=WORDS):
    """Type a note on the workspace and stop: it lies on the device, and nowhere else."""
    page.get_by_label(NOTE).fill(words)
    until(page, lambda: page.evaluate(DUMP)["kept"])


def has_them_back(page, words=WORDS):
    """The words stand in their field again, and the page says so."""
    expect(page.get_by_text("Your unsent words of").first).to_be_visible()
    expect(page.get_by_label(NOTE)).to_have_value(words)


@pytest.fixture
def workspace(world):
    return f"/partnerships/{world.ana_and_ben.pk}/"


@pytest.fixture
def writing(site, world, workspace):
    page = site.page(world.ana)
    page.goto(workspace)
    return page


def test_words_survive_an_expired_sign_in(writing, workspace):
    """The session ends while she writes; she signs in again, and goes on."""
    writes(writing)
    Session.objects.all().delete()
    press(writing, "Add the note")
    expect(writing.get_by_role("heading", name="Sign in")).to_be_visible()
    writing.get_by_label("Your e-mail address").fill("ana@example.org")
    press(writing, "Send me a link")
    expect(writing.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    writing.goto(mailed_link("ana@example.org"))
    press(writing, "Sign in")
    expect(writing.get_by_role("navigation", name="Main")).to_be_visible()
    writing.goto(workspace)
    has_them_back(writing)
    press(writing, "Add the note")
    reads(writing, "The note is written.")
    expect(writing.get_by_label(NOTE)).to_have_value("")
    until(writing, lambda: not writing.evaluate(DUMP)["kept"])


def test_what_saves_itself_survives_an_expired_sign_in_too(site, world, faults):
    """The scratch note says that she is no longer signed in, and comes back."""
    faults.expect("status of 4")
    page = site.page(world.ana)
    address = f"/partnerships/{world.ana_and_ben.pk}/"
    page.goto(address)
    Session.objects.all().delete()
    page.get_by_label("A few words for yourself").fill("Wait longer")
    expect(page.get_by_text("You are no longer signed in. Your words are kept on this device")).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    page.context.add_cookies([site.session(world.ana)])
    page.goto(address)
    expect(page.get_by_label("A few words for yourself")).to_have_value("Wait longer")


def test_words_survive_a_closed_tab(writing, workspace):
    writes(writing)
    again = writing.context.new_page()
    writing.close()
    again.goto(workspace)
    has_them_back(again)


def test_words_wait_while_there_is_no_line(writing, faults):
    faults.expect("ERR_INTERNET_DISCONNECTED")
    writing.context.set_offline(True)
    writes(writing)
    press(writing, "Add the note")
    expect(writing.get_by_text("There is no connection.")).to_be_visible()
    expect(writing.get_by_label(NOTE)).to_have_value(WORDS)
    writing.context.set_offline(False)
    press(writing, "Add the note")
    reads(writing, "The note is written.")
    reads(writing, WORDS)


def test_signing_out_leaves_nothing_to_read(writing, workspace, site, world):
    writes(writing)
    goes_to(writing, "Me")
    press(writing, "Sign out")
    with writing.expect_download() as download:
        writing.get_by_role("link", name="file").click()
    assert WORDS in download.value.path().read_text()
    press(writing, "Sign out now")
    expect(writing.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert writing.evaluate(DUMP) == {"keys": [], "kept": [], "tab": "{}"}
    writing.context.add_cookies([site.session(world.ana)])
    writing.goto(workspace)
    expect(writing.get_by_label(NOTE)).to_have_value("")


def test_a_shared_computer_keeps_nothing(site, world, workspace):
    """She ticks it when she signs in; what she writes goes with the tab."""
    link = people.give_link(world.ana, by=None, at=timezone.now())
    page = site.page()
    page.goto(f"/enter/{link}/?next={workspace}")
    page.get_by_label("This is a shared computer").check()
    press(page, "Sign in")
    page.get_by_label(NOTE).fill(WORDS)
    until(page, lambda: page.evaluate("sessionStorage.length"))
    found = page.evaluate(DUMP)
    assert found["kept"] == []
    assert "argued" not in found["tab"]
    page.reload()
    has_them_back(page)
    again = page.context.new_page()
    page.close()
    again.goto(workspace)
    expect(again.get_by_label(NOTE)).to_have_value("")
    cookie = next(one for one in again.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    assert cookie["expires"] == -1  # it goes with the browser
    assert import_module(settings.SESSION_ENGINE).SessionStore(cookie["value"])["shared_device"]


def test_of_two_who_save_the_same_note_the_second_sees_both(site, world, faults):
    faults.expect("status of 409")
    note = world.ana_and_ben.notes.order_by("pk").first()
    ana, ben = site.page(world.ana), site.page(world.ben)
    for page in (ana, ben):
        page.goto(f"/notes/{note.pk}/")
    ben.get_by_label("Note", exact=True).fill("Written by Ben")
    press(ben, "Save")
    reads(ben, "The note is saved.")
    ana.get_by_label("Note", exact=True).fill("Written by Ana")
    expect(ana.get_by_role("alert").filter(has_text="Written by Ben")).to_be_visible()
    expect(ana.get_by_label("Note", exact=True)).to_have_value("Written by Ana")
    press(ana, "Save")
    reads(ana, "Somebody else was first")
    press(ana, "Keep both, theirs first")
    reads(ana, "The note is saved.")
    ben.reload()
    text = ben.get_by_role("article").filter(has_text="Written by Ana").inner_text()
    assert "Written by Ben" in text


class Installation:
    """The project's own server as a process of its own, on the tests' database."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.process = None

    def start(self):
        """Start it, and wait for the line that says where to look."""
        main, keys = (f"sqlite://{connections[name].settings_dict['NAME']}" for name in ("default", "keys"))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sidebyside", "serve", "--port", str(self.port)],
            env={**os.environ, "DATABASE_URL": main, "KEYS_URL": keys, "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
        )  # fmt: skip
        for line in self.process.stdout:
            if line.startswith("Side by Side"):
                return
        pytest.fail("the server did not start")

    def kill(self):
        """As when the plug is pulled."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
        if self.process:
            self.process.stdout.close()


@pytest.fixture
def installation():
    made = Installation()
    yield made
    made.kill()


def test_words_survive_a_stopped_server(installation, chromium, faults, world, workspace):
    """The server dies while she writes, and starts again: her words are still there, and then they are sent."""
    for words in ("ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "chrome-error"):
        faults.expect(words)
    installation.start()
    site = Site(installation.address, chromium, faults)
    page = site.page(world.ana)
    page.goto(workspace)
    writes(page)
    installation.kill()
    press(page, "Add the note")
    until(page, lambda: page.url != installation.address + workspace)
    installation.start()
    page.goto(workspace)
    has_them_back(page)
    press(page, "Add the note")
    reads(page, "The note is written.")
    reads(page, WORDS)
    site.close()
    faults.none_unexpected()
    assert world.ana_and_ben.notes.count() == 3
