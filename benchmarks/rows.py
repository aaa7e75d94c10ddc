"""Rows straight into the tables, many at a time."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connections, models, router, transaction

AT_ONCE = 20_000


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of values for the named columns. Values are as Django's fields take them. Returns how many."""
    connection = connections[router.db_for_write(model)]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    number, waiting = 0, iter(rows)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        while some := list(islice(waiting, AT_ONCE)):
            number += len(some)
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copying:
                    for row in some:
                        copying.write_row([json.dumps(v) if isinstance(v, (list, dict)) else v for v in row])
            else:
                marks = ", ".join("%s" for _name in names)
                sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
                cursor.executemany(sql, [[_plain(connection, value) for value in row] for row in some])
    return number


def _plain(connection: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return json.dumps(value) if isinstance(value, (list, dict)) else value


def go_on_counting(*kinds: type[models.Model]) -> None:
    """Let new rows get ids after those inserted."""
    for model in kinds:
        connection = connections[router.db_for_write(model)]
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(sql)


def analyse() -> None:
    """Let both databases look at what they hold, as they do by themselves after a while."""
    for connection in connections.all():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
