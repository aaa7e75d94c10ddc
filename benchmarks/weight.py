"""What a first visit weighs, compressed, with nothing kept from before: `python -m benchmarks.weight`.

Bytes on the wire with their headers, as Chromium counts them, of the sign-in page and of home; and every address
that was asked for anywhere else.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.pages import build, environment_of, free_port, until_it_answers

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
LIMITS = {"sign-in": 60_000, "home": 85_000}


def weigh(chromium: str, address: str, path: str, cookie: str = "") -> tuple[dict[str, int], list[str]]:
    """Bytes by address of one cold visit, and what was asked for elsewhere."""
    from playwright.sync_api import sync_playwright

    bytes_of: dict[str, int] = {}
    names: dict[str, str] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context()
        if cookie:
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
        page = context.new_page()
        watched = context.new_cdp_session(page)
        watched.send("Network.enable")
        watched.on(
            "Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]})
        )
        watched.on(
            "Network.loadingFinished",
            lambda event: bytes_of.update({names[event["requestId"]]: int(event["encodedDataLength"])}),
        )
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        browser.close()
    elsewhere = [url for url in names.values() if not url.startswith((address, "data:"))]
    return bytes_of, elsewhere


def main() -> int:
    """Serve a small country, visit, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--keep", type=Path, help="a folder with the countries of benchmarks.pages")
    parser.add_argument("--check", action="store_true", help="exit with 1 when something is over its limit")
    asked = parser.parse_args()
    from tests.browser.chromium import find

    folder = asked.keep or Path(tempfile.mkdtemp(prefix="sidebyside-weight-"))
    kept = folder.resolve() / "sqlite-1000"
    environment = environment_of(1000, kept, "sqlite")
    told = build(1000, kept / "told.json", environment)
    port = free_port()
    environment |= {"DJANGO_SETTINGS_MODULE": "sidebyside.config.settings"}
    command = [sys.executable, "-m", "benchmarks.server", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    wrong = 0
    try:
        until_it_answers(port)
        for name, path, cookie in (("sign-in", "/sign-in/", ""), ("home", "/", told["pages"]["home"]["cookie"])):
            found, elsewhere = weigh(find() or "chromium", f"http://localhost:{port}", path, cookie)
            total = sum(found.values())
            print(f"{name}: {total / 1000:.1f} kB in {len(found)} requests (limit {LIMITS[name] / 1000:.0f} kB)")
            for url, size in sorted(found.items(), key=lambda each: -each[1]):
                print(f"  {size / 1000:>6.1f} kB {url.removeprefix(f'http://localhost:{port}')}")
            for url in elsewhere:
                print(f"  elsewhere: {url}")
            wrong += total > LIMITS[name] or bool(elsewhere)
    finally:
        server.terminate()
        server.wait(10)
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if wrong and asked.check else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    raise SystemExit(main())
