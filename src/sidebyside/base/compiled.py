"""Questions that are built once a process and then only run, with other values each time.

To build a queryset of many parts takes longer than its database needs to answer it. So it is built once, with a
stand-in at each place of a value; what is kept is its SQL, the same for everybody. Nothing of an answer is kept.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators

Built = TypeVar("Built")  # a question, or several
FIRST_NUMBER = -(10**15)
FIRST_MOMENT = datetime(1000, 1, 1, tzinfo=UTC)


class Marks:
    """Hands out stand-ins for values that are known only when the question is asked."""

    def __init__(self) -> None:
        self.names: dict[Any, str] = {}

    def number(self, name: str) -> int:
        """A stand-in for a whole number, such as an id."""
        mark = FIRST_NUMBER - len(self.names)
        self.names[mark] = name
        return mark

    def text(self, name: str) -> str:
        """A stand-in for a short text, such as a code."""
        mark = f"stand-in {len(self.names)}"
        self.names[mark] = name
        return mark

    def moment(self, name: str) -> datetime:
        """A stand-in for a point in time."""
        mark = FIRST_MOMENT + timedelta(days=len(self.names))
        self.names[mark] = name
        return mark


@dataclass(frozen=True)
class Compiled:
    """A question as SQL. A parameter is a value, or (as `str` in `names`) the name under which its value comes."""

    sql: str
    params: tuple[Any, ...]
    names: Mapping[int, str]
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]
    using: str = DEFAULT_DB_ALIAS
    # What the columns make, where the question is for records and not for values.
    shape: tuple[Any, ...] = ()

    def records(self, values: Mapping[str, Any]) -> list[Any]:
        """The records, as the queryset that was built would have given them, with what it selected beside them."""
        rows = self.rows(values)
        if not rows:
            return []
        classes, select, annotations = self.shape
        first, last = classes["select_fields"][0], classes["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        # (the stubs are those of a later Django)
        beside = get_related_populators(classes, select, self.using)  # type: ignore[call-arg]
        found = []
        for row in rows:
            record = _as_loaded(classes["model"], self.using, names, row[first:last])
            for populator in beside:
                populator.populate(row, record)
            for name, place in annotations.items():
                setattr(record, name, row[place])
            found.append(record)
        return found

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows, with these values in the places of the stand-ins."""
        if not self.sql:
            return []
        connection = connections[self.using]
        params = list(self.params)
        for place, name in self.names.items():
            value = values[name]
            params[place] = connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        return list(self._converted(found, connection)) if self.converters else found

    def _converted(self, found: Iterable[tuple[Any, ...]], connection: Any) -> Iterator[tuple[Any, ...]]:
        for row in found:
            cells = list(row)
            for place, converters, expression in self.converters:
                for convert in converters:
                    cells[place] = convert(cells[place], expression, connection)
            yield tuple(cells)


def _as_loaded(model: type[Model], using: str, names: list[str], values: tuple[Any, ...]) -> Model:
    """A record as it comes from the database: what `Model.from_db` makes, without its signals, which nobody hears."""
    record = model.__new__(model)
    record._state = ModelState()
    record._state.adding, record._state.db = False, using
    record.__dict__.update(zip(names, values, strict=True))
    return record


def compiled(question: QuerySet, marks: Marks) -> Compiled:
    """A queryset as SQL, with the stand-ins of `marks` in it. Ask for `rows` of `values_list`, else for `records`."""
    using = question.db
    connection = connections[using]
    compiler = question.query.get_compiler(using)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return Compiled("", (), {}, ())
    adapted = {
        connection.ops.adapt_datetimefield_value(mark) if isinstance(mark, datetime) else mark: name
        for mark, name in marks.names.items()
    }
    names = {place: adapted[param] for place, param in enumerate(params) if _hashable(param) and param in adapted}
    expressions = [column[0] for column in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(expressions)
    return Compiled(
        sql,
        tuple(params),
        names,
        tuple((at, tuple(found), expression) for at, (found, expression) in sorted(converters.items())),
        using,
        (compiler.klass_info, compiler.select, compiler.annotation_col_map) if compiler.klass_info else (),
    )


def asked_often(build: Callable[..., Built]) -> Callable[..., Built]:
    """Keep what `build` returns, for each kind of question (its arguments), as long as the process lives."""
    return lru_cache(maxsize=256)(build)


def room(count: int) -> int:
    """Up to how many values a question for `count` of them is built: 1, 2, 4, 8 ..., so that few are built."""
    return 1 << (count - 1).bit_length() if count else 0


def filled(name: str, values: list[Any]) -> dict[str, Any]:
    """Values for stand-ins `name0`, `name1` ... of a question with `room(len(values))`: the last one fills it up."""
    return {f"{name}{at}": values[min(at, len(values) - 1)] for at in range(room(len(values)))}


def _hashable(value: Any) -> bool:
    return isinstance(value, (int, str, datetime))
