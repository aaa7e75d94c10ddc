"""Look for a word wherever the product could have left it: databases and their files, sessions, mails, files, log."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connections


class Log(logging.Handler):
    """Keeps every line of every logger, with its traceback, from `with Log() as log:` on."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {record.args!r}")

    def __enter__(self) -> Log:
        """Loggers that pass nothing on (as Django's own, by our settings) are listened to as well."""
        named = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
        self.listened = [logging.root, *(one for one in named if not one.propagate)]
        self.levels = [(one, one.level) for one in [logging.root, *named]]
        for one, _level in self.levels:
            one.setLevel(logging.DEBUG)
        for one in self.listened:
            one.addHandler(self)
        return self

    def __exit__(self, *fault: object) -> None:
        for one in self.listened:
            one.removeHandler(self)
        for one, level in self.levels:
            one.setLevel(level)


def where_is(word: str, log: Log | None = None) -> list[str]:
    """Every place where this word stands, in whatever case: an empty list if nowhere."""
    found = [*_in_tables(word), *_in_files(word), *_in_sessions(word), *_in_mails(word)]
    if log is not None:
        found += [f"log: {line[:300]}" for line in log.lines if holds(line, word)]
    return found


def holds(value: Any, word: str) -> bool:
    """Whether a value of a column, a line or a file holds the word."""
    if isinstance(value, memoryview):
        value = bytes(value)
    if isinstance(value, bytes):
        return word.lower().encode() in value.lower() or word.lower().encode("utf-16-le") in value.lower()
    return word.lower() in str(value).lower()


def _in_tables(word: str) -> Iterator[str]:
    """Every column of every table of both databases."""
    for alias in connections:
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor, include_views=True):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                columns = [column[0] for column in cursor.description]
                for row in cursor.fetchall():
                    for column, value in zip(columns, row, strict=True):
                        if holds(value, word):
                            yield f"{alias}: {table}.{column} {str(value)[:200]}"


def _in_files(word: str) -> Iterator[str]:
    """Every file of the installation, and the databases' own where they are files, with what is written ahead."""
    folders = [settings.SIDEBYSIDE_HOME, settings.SIDEBYSIDE_KEYS, settings.FILE_UPLOAD_TEMP_DIR, settings.MEDIA_ROOT]
    files = {path for folder in folders for path in Path(folder).rglob("*") if settings.STATIC_ROOT not in path.parents}
    for alias in connections:
        if connections[alias].vendor == "sqlite":
            name = str(connections[alias].settings_dict["NAME"])
            files |= {Path(name), Path(f"{name}-wal"), Path(f"{name}-journal")}
    for path in sorted(files):
        if path.is_file() and holds(_bytes_of(path), word):
            yield f"file: {path.name}"


def _bytes_of(path: Path) -> bytes:
    """What a file holds, read by another process: to close a database's file here would drop the locks that SQLite
    holds on it in this one, and a server started later would take it for its own and throw the log away."""
    return subprocess.run(["cat", str(path)], check=True, stdout=subprocess.PIPE).stdout


def _in_sessions(word: str) -> Iterator[str]:
    """Sessions as the program reads them, with the messages that wait in them."""
    for session in Session.objects.all():
        if holds(session.get_decoded(), word):
            yield f"session: {session.get_decoded()}"


def _in_mails(word: str) -> Iterator[str]:
    for one in getattr(mail, "outbox", []):
        if holds([one.subject, one.body, one.to, one.extra_headers, one.attachments, one.message().as_string()], word):
            yield f"mail: {one.subject}"
