"""The demonstration: a living district on this machine, with people to sign in as."""

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from sidebyside.cli.serving import is_loopback, serve
from sidebyside.demo import district, queries, world
from sidebyside.materials.actions import load_shipped


class Command(BaseCommand):
    help = "Serve the demonstration on this machine alone; what is entered there is kept."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="localhost", help="loopback only")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, host: str, port: int, **options: object) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("The demonstration has a folder of its own: start it with ./run.")
        if not is_loopback(host):
            raise CommandError("The demonstration signs anybody in, so it answers on this machine alone.")
        for database in ("default", "keys"):
            call_command("migrate", database=database, verbosity=0)
        if not queries.has_world():
            self.stderr.write("Making a district for you ...")
            district.surround(world.make(at=timezone.now()))
        load_shipped(timezone.now())
        raise SystemExit(serve(host=host, port=port, announce=f"Side by Side is at http://localhost:{port}"))
