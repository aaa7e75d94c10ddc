"""Drawing a picture anew in a process of its own, which is ended when its time or its memory is used up.

Whatever a stranger's picture does to a decoder, it does it there: the process that asks waits no longer than it said,
and its own memory does not grow with the picture. One is drawn at a time; who comes second waits. Pure: no Django.
"""

from __future__ import annotations

import json
import logging
import math
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping

from sidebyside.base.files import kinds
from sidebyside.base.files.kinds import FileRefused, Kind, Limits, Picture
from sidebyside.base.files.pictures import BROKEN, redraw

PASSED_ON = ("SYSTEMROOT",)  # of the environment: what Windows needs

log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


def redraw_apart(content: bytes, kind: Kind, limits: Limits = kinds.LIMITS) -> Picture:
    """As `pictures.redraw`, within the time and the memory of the limits. Raises FileRefused."""
    asked = (limits.pixels, limits.pixels_whole, limits.side, limits.seconds, limits.memory)
    words = [kind.media, *map(str, asked)]
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603  (our own program; the picture goes to its input)
                [sys.executable, "-P", "-m", "sidebyside.base.files.pictures_apart", *words],
                input=content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a traceback could hold what the picture holds
                env=environment(os.environ),
                timeout=limits.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            done = None  # refused outside of the handler: its exception holds what was written so far
    if done is None or done.returncode != 0:
        log.error("The process that draws a picture ended with %s.", done.returncode if done else "its time")
        raise FileRefused(BROKEN)
    return unpacked(done.stdout)


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment of the other process: where the programs lie, and none of the settings."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | {
        name: own[name] for name in PASSED_ON if name in own
    }


def packed(said: Mapping[str, object], content: bytes = b"") -> bytes:
    """An answer: how long its head is, its head in JSON, and the picture."""
    head = json.dumps(said).encode()
    return struct.pack(">I", len(head)) + head + content


def unpacked(answered: bytes) -> Picture:
    """The picture that the other process packed. Raises what it refused with."""
    (length,) = struct.unpack_from(">I", answered)
    said = json.loads(answered[4 : 4 + length])
    if "refused" in said:
        raise FileRefused(said["refused"], **said["values"])
    return Picture(answered[4 + length :], kinds.BY_MEDIA[said["kind"]], said["width"], said["height"])


def limit(seconds: float, memory: int) -> None:
    """Let this process use no more than that, for the case that nobody is left to end it, and leave no core file."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def answer(words: list[str], content: bytes) -> bytes:
    """What the other process says to a request."""
    limits = Limits(pixels=int(words[1]), pixels_whole=int(words[2]), side=int(words[3]))
    try:
        picture = redraw(content, kinds.BY_MEDIA[words[0]], limits)
    except FileRefused as refused:
        return packed({"refused": refused.sentence, "values": dict(refused.values)})
    except MemoryError:
        return packed({"refused": BROKEN, "values": {}})
    said = {"kind": picture.kind.media, "width": picture.width, "height": picture.height}
    return packed(said, picture.content)


if __name__ == "__main__":
    limit(float(sys.argv[5]), int(sys.argv[6]))
    sys.stdout.buffer.write(answer(sys.argv[1:], sys.stdin.buffer.read()))
