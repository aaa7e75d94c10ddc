"""Wrap every key with a new master key."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sidebyside.base.master_key import WrongKeys, rotate_master_key


class Command(BaseCommand):
    help = "Make a new master key and wrap every key with it. Stop the server first; copy the keys folder after."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: object, **options: object) -> None:
        try:
            number = rotate_master_key()
        except WrongKeys as fault:
            raise CommandError(str(fault), returncode=2) from None
        if options["json"]:
            self.stdout.write(json.dumps({"keys": number}))
        else:
            self.stdout.write(
                f"{number} keys are wrapped anew. Copy the keys folder now; the old key is master.key.old."
            )
