"""Lists page by page, without counting all of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

SIZE = 50


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(request: HttpRequest, rows: QuerySet, *, size: int = SIZE) -> Page:
    """The page that the address asks for (`?page=2`); one query, whatever the number of rows."""
    number = number_of(request)
    return page_with(list(rows[(number - 1) * size : number * size + 1]), number, size=size)


def number_of(request: HttpRequest) -> int:
    """Which page the address asks for. Nonsense is page 1."""
    written = request.GET.get("page", "1")
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 7 else 1


def page_with(found: list[Any], number: int, *, size: int = SIZE) -> Page:
    """A page of rows that were found, one more than fit where there is a further page."""
    return Page(found[:size], number, len(found) > size)
