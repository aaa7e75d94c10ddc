"""`sidebyside serve` as a process: an empty installation, its one link, its owner, and the second start."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
STARTS_WITHIN = 30


class Installation:
    """A server of its own on a free port, over a home folder that stays."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        browser = urllib.request.HTTPCookieProcessor(CookieJar())
        self.browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), browser)

    def begin(self, *command):
        """A process of this installation."""
        kept_out = ("DATABASE_URL", "KEYS_URL", "SITE_URL", "EMAIL_URL", "SIDEBYSIDE_KEYS", "SIDEBYSIDE_DEMO")
        environment = {name: value for name, value in os.environ.items() if name not in kept_out}
        environment |= {
            "SIDEBYSIDE_HOME": str(self.folder / "home"),
            "PYTHONPATH": str(SOURCE),
            "DJANGO_SETTINGS_MODULE": "sidebyside.config.settings",
        }
        command = [sys.executable, "-m", "sidebyside", *command]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder
        )

    def run(self, *command):
        """Exit status and complaint of a command."""
        process = self.begin(*command)
        complaint = process.communicate(timeout=STARTS_WITHIN)[1]
        return process.returncode, complaint

    def start(self):
        self.process = self.begin("serve", "--port", str(self.port))
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("Side by Side is at"):
                return said
        pytest.fail(f"the server did not start: {self.process.stderr.read()}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(5) == 0
        noise = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return noise

    def open(self, address, **fields):
        body = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            with self.browser.open(f"http://localhost:{self.port}{address}", body, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read().decode()


@pytest.fixture
def installation(tmp_path):
    made = Installation(tmp_path)
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()
        made.process.stdout.close()
        made.process.stderr.close()


def test_from_nothing_to_an_owner_and_a_second_start(installation, tmp_path):
    said = installation.start()
    assert str(tmp_path / "home-keys") in said
    first = re.search(rf"http://localhost:{installation.port}(/first-run/\S+)", said)[1]
    assert installation.open("/health/") == (200, "ok")
    installation.stop()

    said = installation.start()
    link = re.search(r"(/first-run/\S+)", said)[1]
    assert installation.open(first)[0] == 404
    status, page = installation.open(link)
    assert status == 200
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    status, page = installation.open(
        link,
        csrfmiddlewaretoken=token,
        given_name="Kofi",
        email="kofi@example.org",
        kind="school",
        place="Linden",
        language="en",
        time_zone="UTC",
        programme="Together",
    )
    assert (status, "A second owner is wanted" in page) == (200, True)
    assert installation.open(link)[0] == 404
    noise = installation.stop()
    assert "kofi@" not in noise

    said = installation.start()
    assert "first-run" not in said
    assert installation.open("/owners/")[0] == 200
    installation.stop()


def test_the_keys_are_held_while_serving_and_missed_when_they_are_lost(installation, tmp_path):
    key = tmp_path / "home-keys" / "master.key"
    installation.start()
    status, complaint = installation.run("rotate_master_key")
    assert (status, "Stop it first" in complaint) == (2, True)
    installation.stop()

    key.parent.rename(tmp_path / "elsewhere")
    status, complaint = installation.run("serve", "--port", str(installation.port))
    assert status == 1
    assert "The key store of this installation is missing" in complaint
    assert "Traceback" not in complaint
    assert not key.exists()
