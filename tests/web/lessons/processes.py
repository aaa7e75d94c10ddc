"""Real server processes on the tests' database."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import quote

from django.conf import settings
from django.db import connections

START = """
import sys
from sidebyside.cli.serving import serve
sys.exit(serve(host="localhost", port=int(sys.argv[1]), announce="ready"))
"""


def address_of(alias):
    """The address of one of the tests' databases, for another process."""
    found = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        return f"sqlite://{found['NAME']}"
    user = f"{quote(found['USER'])}:{quote(found['PASSWORD'])}@" if found["USER"] else ""
    return f"postgresql://{user}/{quote(found['NAME'])}?host={found['HOST']}&port={found['PORT']}"


class Process:
    """A server in a process of its own."""

    def __init__(self, **environment):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        # (where its browser files would lie: an empty folder is no complaint)
        (settings.SIDEBYSIDE_HOME / "static").mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "sidebyside.config.settings",
            "DATABASE_URL": address_of("default"),
            "KEYS_URL": address_of("keys"),
            "SECRET_KEY": settings.SECRET_KEY,
            **environment,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error::ResourceWarning", "-c", START, str(self.port)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def is_ready(self):
        """Wait until it answers."""
        assert self.process.stdout.readline() == "ready\n", self.process.stderr.read()
        return self

    def kill(self):
        """End it without a word: no handler runs."""
        self.process.kill()
        self.process.communicate()

    def stop(self):
        """Ask it to end. Returns status and what it complained of."""
        self.process.send_signal(signal.SIGTERM)
        complaint = self.process.communicate(timeout=5)[1]
        return self.process.returncode, complaint


@contextmanager
def processes(number=1, **environment):
    """So many servers at once."""
    made = [Process(**environment) for _number in range(number)]
    try:
        yield [each.is_ready() for each in made]
    finally:
        for each in made:
            if each.process.poll() is None:
                each.kill()
