"""What it costs to plan lessons together: `python -m benchmarks.co_planning`.

Pairs of people type five letters a second each into a lesson of their own, over real sockets, from another process;
every letter is written to the database before the other one gets it. A bare socket that sends back what it gets is
measured in the same way. And two long lessons with a long history are opened. docs/performance.md has the figures.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.pages import ROOT, environment_of, free_port, say, until_it_answers

LIMITS = {"median": 150.0, "p95": 300.0, "cores": 1.0, "megabytes": 400.0}
OPENING_MS, OPENING_BYTES = 300.0, 200_000


def main() -> int:
    """Build, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--people", default="50,100,200", help="how many write at once (%(default)s)")
    parser.add_argument("--seconds", type=int, default=15, help="for how long (%(default)s)")
    parser.add_argument("--rounds", type=int, default=1, help="how often everything is measured (%(default)s)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--keep", type=Path, help="a folder for the installation, made once and taken again")
    parser.add_argument("--check", action="store_true", help="exit with 1 when something is over its limit")
    asked = parser.parse_args()
    numbers = sorted(int(number) for number in asked.people.split(","))
    folder = (asked.keep or Path(tempfile.mkdtemp(prefix="sidebyside-lessons-"))).resolve()
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        with served(numbers[-1], folder, asked.database) as (told, processes, ports):
            over = opened(told, ports["own"])
            for _round in range(asked.rounds):
                for people in numbers:
                    over += together(told, processes, ports, people, asked.seconds)
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    for line in over:
        say(f"Over its limit: {line}")
    return 1 if over and asked.check else 0


@contextlib.contextmanager
def served(people: int, folder: Path, database: str) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, int]]]:
    """An installation with pairs of people, its server, and the bare socket."""
    environment = environment_of(people, folder / f"{database}-{people}", database)
    answer = folder / f"{database}-{people}" / "told.json"
    if not answer.exists():
        say(f"Making lessons of {people} people ...")
        command = [sys.executable, "-m", "benchmarks.lessons", str(people)]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
        answer.write_bytes(done.stdout)
    told = json.loads(answer.read_text())
    ports = {"own": free_port(), "echo": free_port()}
    modules = {"own": "benchmarks.server", "echo": "benchmarks.echo"}
    processes = {
        name: subprocess.Popen([sys.executable, "-m", modules[name], str(port)], cwd=ROOT, env=environment)
        for name, port in ports.items()
    }
    try:
        for port in ports.values():
            until_it_answers(port)
        yield told, processes, ports
    finally:
        for process in processes.values():
            process.terminate()
            process.wait(10)


def opened(told: dict[str, Any], port: int) -> list[str]:
    """Open the long lessons a few times. Returns what is over its limit."""
    over = []
    state_of("/health/", told["session"], port)  # the first page of a server waits for all of it to be loaded
    print(
        f"{'20,000 edits':>14} {'characters':>10} {'open, ms':>9} {'again, ms':>9} {'kB':>6} {'gzip, ms':>9} {'kB':>6}"
        f" {'replay, ms':>10}"
    )
    for name, long in told["long"].items():
        first, again, size = fetched(f"{long['path']}state/", told["session"], port, "br, gzip")
        # Over plain http browsers speak no Brotli.
        gzip_first, gzip_again, gzip_size = fetched(f"{long['path']}state/", told["session"], port, "gzip")
        print(
            f"{name:>14} {long['characters']:>10,} {first:>9.0f} {again:>9.0f} {size / 1000:>6.1f} {gzip_again:>9.0f}"
            f" {gzip_size / 1000:>6.1f} {long['replay_ms']:>10.0f}"
        )
        if max(first, gzip_first) > OPENING_MS or max(size, gzip_size) > OPENING_BYTES:
            over.append(f"{name} opens in {first:.0f} ms with {size} bytes, {gzip_first:.0f} and {gzip_size} with gzip")
    return over


def fetched(path: str, session: str, port: int, accepted: str) -> tuple[float, float, int]:
    """How long it takes to fetch something the first time and later, in milliseconds, and how many bytes come."""
    took, body = [], b""
    for _time in range(7):
        began = time.perf_counter()
        body = state_of(path, session, port, accepted)
        took.append((time.perf_counter() - began) * 1000)
    return took[0], sorted(took[1:])[len(took) // 2], len(body)


def state_of(path: str, session: str, port: int, accepted: str = "br, gzip") -> bytes:
    """What a browser fetches of a lesson when it opens, as it comes."""
    connection = http.client.HTTPConnection("localhost", port)
    headers = {"Cookie": f"sessionid={session}", "Accept-Encoding": accepted, "Host": f"localhost:{port}"}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}.")
    return body


def together(
    told: dict[str, Any], processes: dict[str, Any], ports: dict[str, int], people: int, seconds: int
) -> list[str]:
    """Let so many people write, and as many use the bare socket. Returns what is over its limit."""
    task = {"people": people, "seconds": seconds, "port": ports["own"], "echo": ports["echo"], "pairs": told["pairs"]}
    bare = asked_of_writers({**task, "what": "echo", "process": processes["echo"].pid})
    seen = asked_of_writers({**task, "what": "lessons", "process": processes["own"].pid})
    seen["megabytes"] = memory_of(processes["own"].pid)
    print(
        f"{people:>4} people: {seen['sent']} sent, {seen['arrived']} arrived, {seen['safe']} safe;"
        f" median {seen['median']:.1f} p95 {seen['p95']:.1f} p99 {seen['p99']:.1f} ms"
        f" (bare: {bare['median']:.1f} {bare['p95']:.1f} {bare['p99']:.1f}; sent late by {seen['late_p95']:.1f});"
        f" {seen['cores']:.2f} cores (bare: {bare['cores']:.2f}), {seen['megabytes']:.0f} MB",
        flush=True,
    )
    over = [f"{people} people, {name}: {seen[name]:.1f}" for name, most in LIMITS.items() if seen[name] > most]
    if seen["arrived"] != seen["sent"] or seen["safe"] != seen["sent"]:
        over.append(f"{people} people: not everything arrived")
    return over


def asked_of_writers(task: dict[str, Any]) -> dict[str, Any]:
    """What writers of another process saw."""
    command = [sys.executable, "-m", "benchmarks.writers"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(task).encode(), stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def memory_of(process: int) -> float:
    """The most memory a process has had until now, in MB (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    raise SystemExit(main())
