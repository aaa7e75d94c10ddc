"""Threads that keep a database connection each, and how to leave none behind."""

import logging
import threading
from concurrent.futures import Executor

from django.db import connections

SECONDS_TO_CLOSE = 0.4

_log = logging.getLogger(__name__)


def close_all() -> None:
    """Close the database connections of this thread. One that cannot even be closed is not used any more."""
    for connection in connections.all(initialized_only=True):
        try:
            connection.close()
        except Exception as fault:
            _log.error("A database connection could not be closed: %s.", type(fault).__name__)


def close_connections(executor: Executor, threads: int) -> None:
    """Close the database connections of every thread of a pool, and the pool.

    Persistent connections belong to their thread, so each thread has to close its own: a barrier hands one task to
    each. A thread that is busy for longer than that is not waited for.
    """
    everyone = threading.Barrier(threads)

    def close() -> None:
        try:
            everyone.wait(SECONDS_TO_CLOSE)
        except threading.BrokenBarrierError:
            pass
        finally:
            close_all()

    for _ in range(threads):
        executor.submit(close)
    try:
        # The last task to end has closed its connection before the pool says that it is shut.
        everyone_met = threading.Thread(target=executor.shutdown, daemon=True)
        everyone_met.start()
        everyone_met.join(2 * SECONDS_TO_CLOSE)
    finally:
        close_all()
