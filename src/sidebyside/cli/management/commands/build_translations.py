"""Write the catalogue of the made language, compile the real ones, and report what they lack."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from sidebyside.base import catalogues

_SHOWN = 20


class Command(BaseCommand):
    """`sidebyside build_translations [--check] [--json]`: needs no database."""

    help = "Write the made language and compile all catalogues; --check reports what they lack."
    # (the stubs know the word "__all__" alone; Django takes a list)
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="report untranslated and fuzzy messages of every real language; exit status 2 then",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, check: bool, json: bool, **options: Any) -> None:
        package = Path(catalogues.__file__).resolve().parent.parent
        mapping = package.parent.parent / "babel.cfg"
        locales = Path(settings.LOCALE_PATHS[0])
        real = catalogues.real_catalogues(locales)
        for path in real:
            catalogues.compile_catalogue(path)
        source = Catalog()
        if mapping.exists():  # an installed wheel brings its catalogues made
            source = catalogues.gathered(package, mapping)
            whole = catalogues.with_messages_of(source, framework_catalogues())
            catalogues.write_made_language(catalogues.made_language(whole), locales)
        gaps = [gap for path in real for gap in catalogues.gaps(source, path)] if check else []
        report(self, len(source), [path.parent.parent.name for path in real], gaps, as_json=json)
        if gaps:
            raise SystemExit(2)


def framework_catalogues() -> list[Path]:
    """The English catalogues of Django and of every installed application of others.

    They hold the sentences that forms, dates and sign-in pages can show.
    """
    import django

    folders = [Path(django.__file__).parent / "conf"]
    folders += [Path(config.path) for config in apps.get_app_configs() if not config.name.startswith("sidebyside.")]
    if importlib.util.find_spec("django.contrib.humanize"):
        folders.append(Path(django.__file__).parent / "contrib" / "humanize")
    return [folder / "locale" / "en" / "LC_MESSAGES" / "django.po" for folder in folders]


def report(command: Command, messages: int, compiled: list[str], gaps: list[catalogues.Gap], *, as_json: bool) -> None:
    """Say what was gathered and compiled, and what is missing, a line for each of the first gaps."""
    if as_json:
        found = [{"locale": g.locale, "fault": g.fault, "text": g.text} for g in gaps]
        command.stdout.write(json.dumps({"messages": messages, "compiled": compiled, "gaps": found}))
        return
    command.stderr.write(
        _("%(messages)d messages gathered, %(languages)d languages compiled.")
        % {"messages": messages, "languages": len(compiled) + 1}
    )
    for (locale, fault), count in sorted(Counter((g.locale, g.fault) for g in gaps).items()):
        command.stdout.write(f"{locale}: {count} {fault}")
    for gap in gaps[:_SHOWN]:
        command.stdout.write(f"  {gap.locale}, {gap.fault}: {gap.text}")
