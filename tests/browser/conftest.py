"""A real server and a real Chromium. A test fails on any error in the console and any request to another origin."""

import asyncio
import os
import socket
import threading
import time

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from sidebyside.cli.serving import SOCKETS
from tests.browser import chromium as finding
from tests.browser.pages import Faults, Site

# playwright's synchronous interface keeps a loop running in this thread, which Django would take for its caller's.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items):
    """Every test below this folder drives a browser and needs committed rows: the server has its own connections."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, databases=["default", "keys"]))


@pytest.fixture(scope="session")
def server(django_db_setup):
    """The address of a running server on the tests' database; ended, with its connections, after the last test."""
    from sidebyside.config.asgi import application

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(application, lifespan="on", log_config=None, access_log=False, **SOCKETS)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[listening])), name="server")
    thread.start()
    while thread.is_alive() and not running.started:  # (it loads the code of all pages first)
        time.sleep(0.01)
    yield f"http://localhost:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join(10)
    listening.close()
    assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all tests of this process; each page gets a fresh profile."""
    path = finding.find()
    if path is None:
        pytest.fail(finding.MISSING, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=finding.FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def faults():
    """What went wrong in the pages of this test; `faults.expect("status of 404")` for what is meant to."""
    return Faults()


@pytest.fixture
def site(server, chromium, faults, transactional_db):
    """Opens pages as people: `site.page(person)`, `site.page(person, PHONE, DARK)`; see tests/browser/pages.py."""
    site = Site(server, chromium, faults)
    yield site
    site.close()
    faults.none_unexpected()


@pytest.fixture
def page(site):
    """A page of somebody who is not signed in, at desktop size."""
    return site.page()
