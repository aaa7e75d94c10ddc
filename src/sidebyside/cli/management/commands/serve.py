"""`sidebyside serve`: bring the databases up to date, say how to begin where nobody has, and answer pages."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import timezone

from sidebyside.base.master_key import WrongKeys, master_key
from sidebyside.cli.serving import serve
from sidebyside.materials.actions import load_shipped
from sidebyside.materials.standards_actions import load_shipped_standards
from sidebyside.people import actions, queries

PORT = 8000
AS_LONG_AS_NOBODY_SAYS = f"http://localhost:{PORT}"


class Command(BaseCommand):
    help = "Serve pages until Ctrl-C. An empty installation prints the link that sets it up."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--host and --port."""
        parser.add_argument(
            "--host", default="localhost", help="the address to answer on; %(default)s is this machine alone"
        )
        parser.add_argument("--port", type=int, default=PORT, help="the port to answer on (%(default)s)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Make ready, then serve. Ends the process with the server's status."""
        if settings.SITE_URL == AS_LONG_AS_NOBODY_SAYS:
            settings.SITE_URL = f"http://localhost:{port}"
        make_ready()
        if queries.is_empty():
            self.stdout.write(how_to_begin(actions.open_first_run(at=timezone.now())))
            self.stdout.flush()
        sys.exit(serve(host=host, port=port, announce=f"Side by Side is at {settings.SITE_URL}"))


def make_ready() -> None:
    """Bring both databases, the static files and the shipped materials up to date; quick where they are.

    Raises CommandError when the keys do not belong to this installation.
    """
    for name in connections:
        if behind(name):
            call_command("migrate", database=name, verbosity=0, interactive=False, skip_checks=True)
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)
    try:
        master_key()
    except WrongKeys as fault:
        raise CommandError(str(fault)) from None
    load_shipped(timezone.now())
    load_shipped_standards(timezone.now())
    connections.close_all()


def behind(name: str) -> bool:
    """Whether a database lacks a migration."""
    executor = MigrationExecutor(connections[name])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def how_to_begin(secret: str) -> str:
    """What is said at the start of an empty installation."""
    return (
        "\nThis installation is empty. Open this link to set it up; it works once, and a new start prints another:\n\n"
        f"  {settings.SITE_URL}{reverse('first_run', args=[secret])}\n\n"
        f"What people write will be sealed. The keys lie in {settings.SIDEBYSIDE_KEYS}:\n"
        "copy that folder to another place than the backups of the database. Without it nobody can ever read\n"
        "the texts again.\n"
    )
