"""The demonstration: a living district on this machine, with people to sign in as."""

import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from django.utils import timezone

from sidebyside.cli.management.commands.serve import PORT, make_ready
from sidebyside.cli.serving import is_loopback, serve
from sidebyside.demo import district, queries, world


class Command(BaseCommand):
    help = "Serve the demonstration on this machine alone; what is entered there is kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--host and --port."""
        parser.add_argument("--host", default="localhost", help="this machine alone")
        parser.add_argument("--port", type=int, default=PORT, help="the port to answer on (%(default)s)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Make the district where there is none, then serve. Ends the process with the server's status."""
        if not settings.DEMONSTRATION:
            raise CommandError("The demonstration has a folder of its own: start it with ./run.")
        if not is_loopback(host):
            raise CommandError("The demonstration signs anybody in, so it answers on this machine alone.")
        settings.SITE_URL = f"http://localhost:{port}"
        make_ready()
        if not queries.has_world():
            self.stderr.write("Making a district for you ...")
            district.surround(world.make(at=timezone.now()))
            connections.close_all()
        sys.exit(serve(host=host, port=port, announce=f"Side by Side is at {settings.SITE_URL}"))
