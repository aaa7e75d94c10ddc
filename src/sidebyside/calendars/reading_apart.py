"""Reading a calendar in a process of its own, which is ended when its time or its memory is used up.

Whatever a stranger's file does to a parser, it does it there: the process that asks waits no longer than it said. The
other process gets the file and the window, nothing of the environment with its secrets, and answers in JSON.
"""

from __future__ import annotations

import json
import logging
import math
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.calendars.lines import LARGEST, CalendarRefused
from sidebyside.calendars.reading import TOO_LONG, Busy, Reading, check_window, read

LONGEST = 15.0  # seconds, with the start of the process
MOST_MEMORY = 1024**3  # bytes
PASSED_ON = ("PYTHONTZPATH", "SYSTEMROOT")  # of the environment: where time zones lie, and what Windows needs

NOT_READ = N_("This calendar could not be read.")

log = logging.getLogger(__name__)


def read_apart(
    data: bytes, *, begin: datetime, end: datetime, zone: ZoneInfo, within: float = LONGEST, memory: int = MOST_MEMORY
) -> Reading:
    """As `reading.read`, in at most `within` seconds and `memory` bytes, after which the file is refused.

    `zone` is one of the time zone database. Raises CalendarRefused, and ValueError for a window that is none.
    """
    check_window(begin, end)
    words = [begin.isoformat(), end.isoformat(), zone.key, str(within), str(memory)]
    try:
        done = subprocess.run(  # noqa: S603  (our own program; the file goes to its input)
            [sys.executable, "-P", "-m", "sidebyside.calendars.reading_apart", *words],
            input=data[: LARGEST + 1],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback could hold what the file holds
            env=environment(os.environ),
            timeout=within,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None  # refused outside of the handler: its exception holds what was read so far
    if done is None:
        raise CalendarRefused(TOO_LONG)
    if done.returncode != 0:
        log.error("The process that reads a calendar ended with %s.", done.returncode)
        raise CalendarRefused(TOO_LONG if done.returncode < 0 else NOT_READ)
    return unpacked(json.loads(done.stdout))


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment of the other process: where the programs lie, and none of the settings."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | {
        name: own[name] for name in PASSED_ON if name in own
    }


def packed(found: Reading) -> dict[str, object]:
    """A reading as JSON holds it."""
    return {
        "busy": [[one.begin.timestamp(), one.end.timestamp(), one.all_day, one.uid] for one in found.busy],
        "events": found.events,
        "faults": [[fault.sentence, dict(fault.values)] for fault in found.faults],
        "cut": found.cut,
    }


def unpacked(said: dict[str, Any]) -> Reading:
    """The reading that the other process packed. Raises what it refused with."""
    if "refused" in said:
        raise CalendarRefused(said["refused"], said["values"])
    busy = (
        Busy(datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC), all_day, uid)
        for begin, end, all_day, uid in said["busy"]
    )
    faults = (Fault(None, None, sentence, values) for sentence, values in said["faults"])
    return Reading(tuple(busy), said["events"], tuple(faults), said["cut"])


def limit(seconds: float, memory: int) -> None:
    """Let this process use no more than that, for the case that nobody is left to end it, and leave no core file."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def answer(words: list[str], data: bytes) -> dict[str, object]:
    """What the other process says to a request."""
    begin, end, zone = datetime.fromisoformat(words[0]), datetime.fromisoformat(words[1]), ZoneInfo(words[2])
    try:
        return packed(read(data, begin=begin, end=end, zone=zone))
    except CalendarRefused as refused:
        return {"refused": refused.sentence, "values": refused.values}


if __name__ == "__main__":
    limit(float(sys.argv[4]), int(sys.argv[5]))
    sys.stdout.write(json.dumps(answer(sys.argv[1:4], sys.stdin.buffer.read())))
