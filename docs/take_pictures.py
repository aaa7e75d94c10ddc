"""Take the pictures of the README anew: .venv/bin/python docs/take_pictures.py

Starts a demonstration in a folder that goes afterwards, signs in as Ana, and photographs her workspace.
"""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/pictures"
SIZE = {"width": 1280, "height": 1060}
LARGEST = 250_000

sys.path.insert(0, str(ROOT))
# (the folder of the tests is on the path only now)
from tests.browser import chromium  # noqa: E402


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sidebyside-pictures-") as folder:
        demonstration, address = started(Path(folder))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
                page = browser.new_page(viewport=SIZE, base_url=address, color_scheme="light", locale="en-GB")
                page.goto("/demonstration/")
                page.get_by_role("button", name="Ana Sousa").click()
                page.get_by_role("complementary").get_by_role("link", name="Ben Okafor").click()
                page.get_by_role("heading", name="You and Ben Okafor", level=1).wait_for()
                page.evaluate("document.fonts.ready")
                taken = PICTURES / "workspace.png"
                page.screenshot(path=taken)
                browser.close()
        finally:
            demonstration.terminate()
            demonstration.wait(10)
    size = taken.stat().st_size
    print(f"{taken.relative_to(ROOT)}: {size:,} bytes")
    if size > LARGEST:
        sys.exit(f"That is more than {LARGEST:,} bytes: too heavy for a README.")


def started(folder: Path) -> tuple[subprocess.Popen, str]:
    """A demonstration of its own on a free port, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    left_out = ("DATABASE_URL", "KEYS_URL", "SITE_URL", "EMAIL_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {
        "SIDEBYSIDE_DEMO": "1",
        "SIDEBYSIDE_HOME": str(folder / "home"),
        "SIDEBYSIDE_KEYS": str(folder / "keys"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-m", "sidebyside", "demo", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Side by Side"):
            return process, f"http://localhost:{port}"
    raise SystemExit("The demonstration did not start.")


if __name__ == "__main__":
    main()
