"""Small things that need not hold a page up, such as sending a mail: done at once after it, one after the other.

A thread of this process does them. It is no place for work that must not be lost: what waits here is gone when the
process ends.
"""

import logging
import threading
from collections.abc import Callable
from queue import Full, Queue
from typing import Any

from django.conf import settings
from django.db import connections

MOST_WAITING = 1_000

_waiting: Queue[tuple[Callable[..., object], dict[str, Any]]] = Queue(MOST_WAITING)
_starting = threading.Lock()
_thread: threading.Thread | None = None
_log = logging.getLogger(__name__)


def later(act: Callable[..., object], **particulars: Any) -> None:
    """Call `act(**particulars)` soon. With `WORKS_LATER = False` in the settings it is called now (for tests).

    A fault is written to the log by its kind alone, never with what it was about. When a thousand things wait
    already, this one is dropped, and the log says so.
    """
    if not settings.WORKS_LATER:
        _do(act, particulars)
        return
    _start()
    try:
        _waiting.put_nowait((act, particulars))
    except Full:
        _log.error("Too much is waiting: %s was dropped.", act.__name__)


def finish() -> None:
    """Wait until all that was asked for is done."""
    _waiting.join()


def _start() -> None:
    global _thread
    with _starting:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_work, name="later", daemon=True)
            _thread.start()


def _work() -> None:
    while True:
        act, particulars = _waiting.get()
        try:
            _do(act, particulars)
        finally:
            connections.close_all()
            _waiting.task_done()


def _do(act: Callable[..., object], particulars: dict[str, Any]) -> None:
    try:
        act(**particulars)
    except Exception as fault:  # whatever it was, the next thing waits
        _log.error("%s failed: %s.", act.__name__, type(fault).__name__)
