"""Two calendar programs that people use read our feed: vdirsyncer fetches it over HTTP, khal lists what it says."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sidebyside.calendars.writing import Entry, feed

PROGRAMS = Path(sys.executable).parent
HOME = "Europe/Lisbon"
STAMP = datetime(2026, 2, 1, tzinfo=UTC)
FIELDS = ("start-long", "end-long", "title", "location", "description", "status")

VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair feed]
a = "ours"
b = "folder"
collections = null
conflict_resolution = "a wins"
[storage ours]
type = "http"
url = "{address}"
[storage folder]
type = "filesystem"
path = "{folder}/items"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[feed]]
path = {folder}/items
[locale]
local_timezone = Europe/Lisbon
default_timezone = Europe/Lisbon
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


def at(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))


def entry(uid: str, begin: datetime, end: datetime, summary: str = "Visit", **more: object) -> Entry:
    return Entry(
        uid=uid, sequence=0, begin=begin, end=end, zone=str(begin.tzinfo), summary=summary, stamp=STAMP, **more
    )


MOVED = entry(
    "series", at(HOME, 2026, 4, 3, 11), at(HOME, 2026, 4, 3, 12, 30), "Longer", recurrence_id=at(HOME, 2026, 4, 2, 9)
)
ENTRIES = [
    entry(
        "odd", at(HOME, 2026, 3, 29, 9), at(HOME, 2026, 3, 29, 9, 50), 'Aula; 7.º "A", \\n', location="Sala 12; piso 1"
    ),
    entry(
        "series",
        at(HOME, 2026, 3, 12, 9),
        at(HOME, 2026, 3, 12, 10),
        rule="FREQ=WEEKLY;UNTIL=20260416",
        left_out=(at(HOME, 2026, 3, 19, 9),),
        changed=(MOVED,),
        description="First line\nSecond line",
    ),
    entry("new-york", at("America/New_York", 2026, 3, 20, 9), at("America/New_York", 2026, 3, 20, 10)),
    entry("kathmandu", at("Asia/Kathmandu", 2026, 4, 6, 9), at("Asia/Kathmandu", 2026, 4, 6, 10), "حصة"),
    entry("apia", at("Pacific/Apia", 2026, 4, 8, 9), at("Pacific/Apia", 2026, 4, 8, 10)),
    entry("off", at(HOME, 2026, 4, 20, 9), at(HOME, 2026, 4, 20, 10), cancelled=True),
]
LISTED = [
    ("2026-03-12 09:00", "2026-03-12 10:00", "Visit", "", "First line\nSecond line", "CONFIRMED"),
    ("2026-03-20 13:00", "2026-03-20 14:00", "Visit", "", "", "CONFIRMED"),
    ("2026-03-26 09:00", "2026-03-26 10:00", "Visit", "", "First line\nSecond line", "CONFIRMED"),
    ("2026-03-29 09:00", "2026-03-29 09:50", 'Aula; 7.º "A", \\n', "Sala 12; piso 1", "", "CONFIRMED"),
    ("2026-04-03 11:00", "2026-04-03 12:30", "Longer", "", "", "CONFIRMED"),
    ("2026-04-06 04:15", "2026-04-06 05:15", "حصة", "", "", "CONFIRMED"),
    ("2026-04-07 21:00", "2026-04-07 22:00", "Visit", "", "", "CONFIRMED"),
    ("2026-04-09 09:00", "2026-04-09 10:00", "Visit", "", "First line\nSecond line", "CONFIRMED"),
    ("2026-04-16 09:00", "2026-04-16 10:00", "Visit", "", "First line\nSecond line", "CONFIRMED"),
    ("2026-04-20 09:00", "2026-04-20 10:00", "Visit", "", "", "CANCELLED"),
]


class Subscriber:
    """Somebody who reads a feed with both programs, each a process of its own, at home in a folder."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        for name, text in (("vdirsyncer", VDIRSYNCER), ("khal", KHAL)):
            written = text.replace("{folder}", folder.as_posix()).replace("{address}", address)
            (folder / f"{name}.conf").write_text(written, encoding="utf-8")

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program to its end. Fails with what it complains of."""
        done = subprocess.run(
            [PROGRAMS / program, "-c", self.folder / f"{program}.conf", *arguments],
            env={"HOME": str(self.folder), "LC_ALL": "C.UTF-8", "PATH": str(PROGRAMS)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def sync(self) -> list[str]:
        """Fetch the feed; gives what was done to single appointments."""
        lines = self.run("vdirsyncer", "sync").stderr.splitlines()
        return [line.split()[0] for line in lines if " item " in line]

    def listed(self) -> list[tuple[str, ...]]:
        """Everything from March to May 2026, as khal says it, each once."""
        fields = [part for name in FIELDS for part in ("--json", name)]
        said = self.run("khal", "list", *fields, "2026-03-01", "90d").stdout
        days = [json.loads(line) for line in said.splitlines()]
        return [tuple(one[name] for name in FIELDS) for day in days for one in day]


@contextmanager
def served(contents: dict[str, bytes]) -> Iterator[str]:
    """The address on loopback where contents["feed"] is served for as long as the block runs."""

    class Answers(BaseHTTPRequestHandler):
        # (the name that http.server calls)
        def do_GET(self) -> None:  # noqa: N802
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(contents["feed"])))
            self.end_headers()
            self.wfile.write(contents["feed"])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/feed.ics"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.skipif(sys.platform == "win32", reason="khal and vdirsyncer do not run on Windows")
def test_vdirsyncer_and_khal_list_the_same_appointments(tmp_path):
    contents = {"feed": feed(ENTRIES, name="Ana's appointments", zone=HOME)}
    with served(contents) as address:
        somebody = Subscriber(tmp_path, address)
        somebody.run("vdirsyncer", "discover")
        assert somebody.sync() == ["Copying"] * len(ENTRIES)
        assert somebody.listed() == LISTED
        assert somebody.sync() == []

        # The first goes to another day, the last is gone, the occurrence that was moved is back at its place.
        first = replace(ENTRIES[0], begin=at(HOME, 2026, 3, 30, 9), end=at(HOME, 2026, 3, 30, 9, 50), sequence=1)
        series = replace(ENTRIES[1], changed=(), sequence=1)
        contents["feed"] = feed([first, series, *ENTRIES[2:-1]], name="Ana's appointments", zone=HOME)
        assert somebody.sync()
        expected = [row for row in LISTED if row[2] != "Longer" and row[5] != "CANCELLED"]
        expected[3] = ("2026-03-30 09:00", "2026-03-30 09:50", *expected[3][2:])
        expected.insert(4, ("2026-04-02 09:00", "2026-04-02 10:00", *expected[0][2:]))
        assert somebody.listed() == expected
