"""What people do in the story, step by step, as they would: by what they read on the page and never by its markup."""

import re
from urllib.parse import urlsplit

from django.core import mail
from playwright.sync_api import Locator, Page, expect

LINK = re.compile(r"https?://\S+/enter/\S+")


def press(within: Page | Locator, name: str) -> None:
    """Press the first button of that name; "Reached: Everybody" says what it is about."""
    within.get_by_role("button", name=_whole(name)).first.click()


def follow(within: Page | Locator, name: str) -> None:
    """Follow the first link of that name."""
    within.get_by_role("link", name=_whole(name)).first.click()


def settles(page: Page) -> None:
    """Wait until an editor has heard where a key or a click has put the cursor: the browser says so afterwards."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")


def _whole(name: str) -> re.Pattern[str]:
    """The whole name, with or without what it is about, which is only read out; and the arrow of a way back."""
    return re.compile(r"^(← ?)?" + re.escape(name).replace(r":\ ", r"\s*:\s*") + r"(\s*:.*)?$")


def reads(page: Page, words: str | re.Pattern[str]) -> None:
    """These words stand on the page, or come to stand there."""
    expect(page.get_by_role("main").or_(page.get_by_role("status")).filter(has_text=words).first).to_be_visible()


def reads_nothing_of(page: Page, *words: str) -> None:
    """None of these words stands on the page as it is now."""
    text = page.locator("body").inner_text()
    assert not [word for word in words if word in text], text


def goes_to(page: Page, area: str) -> None:
    """Follow a link of the main navigation."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=area, exact=True).click()


def mailed_link(address: str) -> str:
    """The path of the link in the latest mail to this address."""
    text = next(str(sent.body) for sent in reversed(mail.outbox) if sent.to == [address])
    found = LINK.search(text)
    assert found, text
    parts = urlsplit(found.group())
    return parts.path + (f"?{parts.query}" if parts.query else "")


def opens_her_mail(page: Page, address: str) -> None:
    """Open the link of her latest mail: it shows one button, and only the button signs her in."""
    page.goto(mailed_link(address))
    form = page.get_by_role("main")
    expect(form.get_by_role("button")).to_have_count(1)
    press(form, "Sign in")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def signs_out(page: Page) -> None:
    """Sign out on the page about oneself."""
    goes_to(page, "Me")
    press(page, "Sign out")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
