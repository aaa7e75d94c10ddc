"""The harness itself: it must see what it is there to see."""

import pytest
from django.contrib.sessions.models import Session

from tests.browser.pages import PHONE, assert_accessible, assert_fits

HEALTH = "/health/"
POOR_PAGE = """() => {
    document.documentElement.lang = 'en';
    document.title = 'A poor page';
    document.body.innerHTML = '<main><h1>Poor</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></main>';
}"""


@pytest.fixture(autouse=True)
def _no_icon(faults):
    """Plain text names no icon, so the browser asks for one by its old name."""
    faults.expect("/favicon.ico")


@pytest.mark.both_databases
def test_the_server_answers_from_the_tests_database(site):
    page = site.page()
    assert page.goto(HEALTH).text() == "ok"
    assert Session.objects.count() == 0


def test_a_picture_without_words_is_a_breach(page):
    page.goto(HEALTH)
    page.evaluate(POOR_PAGE)
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


def test_a_page_too_wide_for_a_phone_is_seen(site):
    page = site.page(None, PHONE)
    page.goto(HEALTH)
    page.evaluate("() => { document.body.style.width = '500px' }")
    with pytest.raises(AssertionError, match="in a window of 360 px"):
        assert_fits(page)


@pytest.mark.parametrize(
    ("doing", "seen"),
    [
        ("() => console.error('something broke')", "console: something broke"),
        ("() => setTimeout(() => { throw new Error('no such thing') })", "script: no such thing"),
        ("() => { new Image().src = 'http://127.0.0.1:9/x.png' }", "request to elsewhere: http://127.0.0.1:9/x.png"),
    ],
)
def test_what_goes_wrong_in_a_page_fails_its_test(page, faults, doing, seen):
    page.goto(HEALTH)
    page.evaluate(doing)
    page.wait_for_timeout(100)
    with pytest.raises(AssertionError, match=seen):
        faults.none_unexpected()
    faults.expect("something broke")
    faults.expect("no such thing")
    faults.expect("127.0.0.1:9")
    faults.expect("Content Security Policy")
    faults.none_unexpected()
