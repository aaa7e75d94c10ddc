"""Once an hour, beside the pages: what `sidebyside periodic` does, in a thread of the server."""

import logging
import threading

from django.core.management import call_command
from django.db import connections

SECONDS_AFTER_START = 60
HOUR = 3600
SECONDS_TO_STOP = 2

_log = logging.getLogger(__name__)


class Hourly(threading.Thread):
    """Tidies up a minute after the start and then every hour, until told to stop. Several servers may do so at once."""

    def __init__(self, first: float = SECONDS_AFTER_START, then: float = HOUR) -> None:
        super().__init__(name="hourly", daemon=True)
        self.first, self.then = first, then
        self.stopping = threading.Event()

    def run(self) -> None:
        """Wait, tidy up, wait. A fault is logged by its kind, and the next hour tries again."""
        pause = self.first
        while not self.stopping.wait(pause):
            try:
                call_command("periodic", verbosity=0)
            except Exception as fault:
                _log.error("The hourly tidying failed: %s.", type(fault).__name__)
            finally:
                connections.close_all()
            pause = self.then

    def stop(self) -> None:
        """Stop, and wait a moment for what is under way."""
        self.stopping.set()
        self.join(SECONDS_TO_STOP)
