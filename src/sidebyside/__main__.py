"""The one command: `sidebyside NAME ...`, over Django's own commands."""

import os
import sys


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["sidebyside", *sys.argv[1:]])


if __name__ == "__main__":
    main()
