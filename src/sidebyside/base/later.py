"""Small things that need not hold a page up, such as sending a mail: done at once after it, one after the other.

A thread of this process does them, and another what takes longer (`at_leisure`), so that no mail waits behind a plan.
It is no place for work that must not be lost: what waits here is gone when the process ends.
"""

import logging
import threading
from collections.abc import Callable
from queue import Full, Queue
from typing import Any

from django.conf import settings
from django.db import connections

MOST_WAITING = 1_000

_log = logging.getLogger(__name__)


class _Line:
    """What waits, one behind the other, and the thread that does it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: Queue[tuple[Callable[..., object], dict[str, Any]]] = Queue(MOST_WAITING)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, act: Callable[..., object], particulars: dict[str, Any]) -> None:
        if not settings.WORKS_LATER:
            _do(act, particulars)
            return
        self._start()
        try:
            self._waiting.put_nowait((act, particulars))
        except Full:
            _log.error("Too much is waiting: %s was dropped.", act.__name__)

    def join(self) -> None:
        self._waiting.join()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            act, particulars = self._waiting.get()
            try:
                _do(act, particulars)
            finally:
                connections.close_all()
                self._waiting.task_done()


_soon, _slow = _Line("later"), _Line("at leisure")


def later(act: Callable[..., object], **particulars: Any) -> None:
    """Call `act(**particulars)` soon. With `WORKS_LATER = False` in the settings it is called now (for tests).

    A fault is written to the log by its kind alone, never with what it was about. When a thousand things wait
    already, this one is dropped, and the log says so.
    """
    _soon.put(act, particulars)


def at_leisure(act: Callable[..., object], **particulars: Any) -> None:
    """As `later`, for what may take many seconds: nothing that `later` does waits for it."""
    _slow.put(act, particulars)


def finish() -> None:
    """Wait until all that was asked for is done."""
    _soon.join()
    _slow.join()


def _do(act: Callable[..., object], particulars: dict[str, Any]) -> None:
    try:
        act(**particulars)
    except Exception as fault:  # whatever it was, the next thing waits
        _log.error("%s failed: %s.", act.__name__, type(fault).__name__)
