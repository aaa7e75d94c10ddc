"""Opening pages as people, in the ways that people look at them, and judging what is seen."""

from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Ways of looking at a page: give any of them to `site.page(person, PHONE, DARK)`.
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
DARK = {"color_scheme": "dark"}
RIGHT_TO_LEFT = {"extra_http_headers": {"Accept-Language": "qps-plocm"}}
WITHOUT_SCRIPT = {"java_script_enabled": False}
LOOKS = {
    "desktop": [DESKTOP],
    "phone": [PHONE],
    "phone, dark": [PHONE, DARK],
    "phone, right to left": [PHONE, RIGHT_TO_LEFT],
    "desktop, dark, right to left": [DESKTOP, DARK, RIGHT_TO_LEFT],
}

# A busy machine may be slow; nothing waits so long that is not broken. In milliseconds.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


class Faults:
    """Errors in the console, failed scripts and requests to elsewhere, of all pages of one test."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.expected: list[str] = []

    def expect(self, words: str) -> None:
        """A fault with these words in it is part of the test."""
        self.expected.append(words)

    def watch(self, page: Page, origin: str) -> None:
        """Write down what goes wrong on the page."""

        def said(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.seen.append(f"console: {message.text} ({message.location.get('url', '')})")

        def asked(request: Request) -> None:
            if not request.url.startswith((origin + "/", "data:", "blob:", "about:")):
                self.seen.append(f"request to elsewhere: {request.url}")

        page.on("console", said)
        page.on("pageerror", lambda error: self.seen.append(f"script: {error}"))
        page.on("request", asked)

    def none_unexpected(self) -> None:
        """Fail for anything that was not expected."""
        unexpected = [fault for fault in self.seen if not any(words in fault for words in self.expected)]
        assert not unexpected, "\n".join(unexpected)


class Site:
    """The running server as people meet it, each with a browser of her own."""

    def __init__(self, address: str, browser: Browser, faults: Faults) -> None:
        self.address = address
        self.browser = browser
        self.faults = faults
        self.contexts = []

    def page(self, person=None, *looks: dict) -> Page:
        """A fresh browser, signed in as the person if one is given; `page.goto("/")` takes paths."""
        options = {**DESKTOP, "base_url": self.address}
        for look in looks:
            options.update(look)
        context = self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        if person is not None:
            context.add_cookies([self.session(person)])
        page = context.new_page()
        self.faults.watch(page, self.address)
        return page

    def session(self, person) -> dict:
        """The cookie that a sign-in would have left."""
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.address}

    def close(self) -> None:
        """Close every browser, so that no request outlives its test."""
        for context in self.contexts:
            context.close()


def assert_accessible(page: Page) -> None:
    """Fail with every breach of WCAG 2.2 AA that axe finds on the page as it stands."""
    # Without `preload` it does not fetch the style sheets once more, to see whether they turn the page: none does.
    options = {"runOnly": {"type": "tag", "values": WCAG_2_2_AA}, "resultTypes": ["violations"], "preload": False}
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", options)
    lines = [
        f"{violation['id']}: {violation['help']}\n    {node['html'][:160]}\n    {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def assert_fits(page: Page) -> None:
    """Fail when the page is wider than its window: nobody should have to scroll sideways to read."""
    width, window = page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= window, f"{page.url} is {width} px wide in a window of {window} px"


def assert_good_page(page: Page) -> None:
    """Everything that must hold on every page in every look."""
    assert_accessible(page)
    assert_fits(page)
