"""What every test can ask for."""

import copy
import gc
import os

import hypothesis
import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests import databases

databases.prepare()

from tests.world import Copies  # noqa: E402  (needs Django)

hypothesis.settings.register_profile("same every time", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("same every time")

BOTH = ["default", "keys"]


def pytest_collection_modifyitems(items):
    """A test that uses the database uses the key store too, and who asks for the world needs not say so.

    Those that use no database are not marked `database`: they run once, not on each.
    """
    for item in items:
        marked = item.get_closest_marker("django_db")
        if marked is None and {"copies", "world"} & set(item.fixturenames):
            item.add_marker(pytest.mark.django_db(databases=BOTH))
        elif marked is not None and "databases" not in marked.kwargs:
            item.add_marker(pytest.mark.django_db(*marked.args, **marked.kwargs, databases=BOTH), append=False)
        if item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames):
            item.add_marker("database")
    begin_with_the_longest(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1)))


def begin_with_the_longest(items, workers):
    """Each worker begins with a run of the tests in their order, and those who are done take from the end of others.

    So what uses the crawl comes first of all, to make it once and not once in each; and the second worker begins with
    what takes longest, lest the others wait for it in the end.
    """
    if workers == 1:
        return
    crawling = [item for item in items if "crawl" in item.fixturenames]
    longest = [item for item in items if item.get_closest_marker("longest")]
    others = [item for item in items if item not in crawling and item not in longest]
    half = len(items) // workers - len(crawling)
    items[:] = [*crawling, *others[:half], *longest, *others[half:]] if half > 0 else [*longest, *crawling, *others]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """As the plugin makes them, up to date; a thread that still holds a connection does not keep PostgreSQL from
    dropping them."""
    with django_db_blocker.unblock():
        for connection in (connections[alias] for alias in BOTH):
            if not connection.settings_dict["TEST"]["MIGRATE"]:
                say_that_all_is_migrated(connection)
    yield
    with django_db_blocker.unblock():
        for connection in (connections[alias] for alias in BOTH):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )


def say_that_all_is_migrated(connection):
    """Note each migration as applied in a database whose tables were made from the models at once."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations:
        recorder.record_applied(*name)


@pytest.fixture(scope="session")
def copies(django_db_setup, django_db_blocker):
    """The test world, made once and taken down as rows."""
    with django_db_blocker.unblock():
        return Copies.made()


@pytest.fixture
def world(copies, request):
    """Everybody and everything by name: `world.ana`, `world.linden`, `world.ana_and_ben` ... (demo/world.py)."""
    request.getfixturevalue("transactional_db" if _commits(request) else "db")
    copies.put_back()
    return copy.deepcopy(copies.world)


@pytest.fixture(scope="session")
def crawl(copies, django_db_blocker):
    """What everybody of the test world was shown at every address (tests/crawling.py). Made once a process."""
    from tests import crawling

    with django_db_blocker.unblock(), crawling.undone():
        copies.put_back()
        found = crawling.walk(copy.deepcopy(copies.world))
    gc.freeze()  # thousands of pages stay until the end: nothing is gained by looking through them again and again
    return found


def _commits(request) -> bool:
    marked = request.node.get_closest_marker("django_db")
    return bool(marked and marked.kwargs.get("transaction"))
