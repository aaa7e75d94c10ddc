"""Finding a Chromium, and installing one where that is allowed."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

# The shell draws pages and nothing around them, and so takes two thirds of the time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Letters to draw with, and a library that playwright's driver wants.
DEBIAN_PACKAGES = (SHELL, "fonts-liberation", "libatomic1")
PATIENCE = 120  # seconds for each step of an installation that is not needed
MISSING = (
    "The browser tests need Chromium, and there is none that starts. Install it (Debian: apt install chromium "
    "libatomic1; elsewhere: a chromium or google-chrome on the PATH) and start the tests again."
)
# As root there is no sandbox; and nothing in the background may call home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def find() -> str | None:
    """The path of a Chromium: from the PATH, else playwright's own if it has been downloaded."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    ask = "from playwright.sync_api import *\nwith sync_playwright() as p: print(p.chromium.executable_path)"
    # In a process of its own: on a bare machine playwright's driver may not start, for want of a library.
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    own = answer.stdout.strip()
    return own if own and Path(own).exists() else None


def driver_starts() -> bool:
    """Whether playwright itself runs here."""
    ask = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(ask, capture_output=True, check=False).returncode == 0


def ready() -> bool:
    """Whether browser tests can run; as root Debian's packages are installed, else playwright's own is downloaded."""
    may_install = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if driver_starts() and find():
        if may_install and not shutil.which(SHELL):
            install((["install", SHELL],), timeout=PATIENCE)
        return True
    print("Installing Chromium ...", file=sys.stderr, flush=True)
    if may_install:
        install((["update"], ["install", *DEBIAN_PACKAGES]))
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, check=False)
    return driver_starts() and find() is not None


def install(steps: Iterable[list[str]], *, timeout: float | None = None) -> None:
    """Have Debian's packages installed; what does not come in so many seconds is left."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["--yes", "--no-install-recommends"]
    for step in steps:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                ["apt-get", *options, *step], env=environment, capture_output=True, check=False, timeout=timeout
            )
