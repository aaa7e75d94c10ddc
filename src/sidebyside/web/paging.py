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
    """The page that the address asks for (`?page=2`); one query, whatever the number of rows. Nonsense is page 1."""
    written = request.GET.get("page", "1")
    number = max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 7 else 1
    found = list(rows[(number - 1) * size : number * size + 1])
    return Page(found[:size], number, len(found) > size)
