"""Read one table of a content file key by key, with a sentence for everything that is wrong.

Pure: no Django, no database.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, TypeVar

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_LONGEST_TEXT = 2_000
Named = TypeVar("Named")


class ContentFault(ValueError):
    """A content file says something that cannot be used; its text is a sentence that names the file and the key."""


class Table:
    """One table of a content file.

    Each method takes one key and gives its value or raises ``ContentFault``. ``finish`` refuses keys that nobody
    asked for, so that a misspelt key is never passed over in silence.
    """

    def __init__(self, file: str, where: str, raw: object) -> None:
        self.file = file
        self.where = where
        if not isinstance(raw, dict):
            raise ContentFault(f"{file}: {where or 'the file'} must be a table of keys and values.")
        self.raw: dict[str, Any] = raw
        self._read: set[str] = set()

    @classmethod
    def of_file(cls, path: Path) -> Table:
        """The outermost table of the file at ``path``; a file that is absent or no TOML is a ``ContentFault``."""
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ContentFault(f"{path.name}: there is no such file in {path.parent.name}.") from None
        except UnicodeDecodeError:
            raise ContentFault(f"{path.name}: the file must be written in UTF-8.") from None
        except tomllib.TOMLDecodeError as fault:
            raise ContentFault(f"{path.name}: this cannot be read as TOML: {fault}.") from None
        return cls(path.name, "", raw)

    def fault(self, key: str, problem: str) -> ContentFault:
        """An error about ``key`` of this table; ``problem`` goes on after the key, without a full stop."""
        return ContentFault(f"{self.file}: {self._name(key)} {problem}.")

    def text(self, key: str) -> str:
        """Words for people: one line, not empty, without a percent sign (catalogues would read it as a placeholder)."""
        return self._checked_text(key, self._value(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words for people, each as in ``text`` and none twice; the list may be empty."""
        return self._distinct(key, [self._checked_text(key, item) for item in self._list(key)])

    def code(self, key: str, allowed: Collection[str] | None = None) -> str:
        """A name for the program: letters, digits and underscores, and one of ``allowed`` where that is given."""
        return self._checked_code(key, self._value(key), allowed)

    def codes(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list of at least one name for the program, each one of ``allowed`` and none twice."""
        found = self._distinct(key, [self._checked_code(key, item, allowed) for item in self._list(key)])
        if not found:
            raise self.fault(key, "must name at least one of " + ", ".join(sorted(allowed)))
        return found

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self._value(key)
        if not isinstance(value, bool):
            raise self.fault(key, "must be true or false")
        return value

    def number(self, key: str, *, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.fault(key, f"must be a whole number from {least} to {most}")
        return value

    def table(self, key: str) -> Table:
        """The table below ``key``."""
        return Table(self.file, self._name(key), self._value(key))

    def has(self, key: str) -> bool:
        """Whether ``key`` is there at all."""
        return key in self.raw

    def tables(self, key: str, *, least: int = 1) -> Iterator[Table]:
        """The tables in the list below ``key``, at least so many."""
        found = self._list(key)
        if len(found) < least:
            raise self.fault(key, f"must hold at least {least}")
        for number, raw in enumerate(found, start=1):
            yield Table(self.file, f"{self._name(key)} {number}", raw)

    def finish(self) -> None:
        """Refuse every key that was not read."""
        unknown = sorted(set(self.raw) - self._read)
        if unknown:
            raise self.fault(unknown[0], "is not a key that is known here")

    def _name(self, key: str) -> str:
        return f"{self.where}, {key}" if self.where else key

    def _value(self, key: str) -> Any:
        self._read.add(key)
        if key not in self.raw:
            raise self.fault(key, "is missing")
        return self.raw[key]

    def _list(self, key: str) -> list[Any]:
        value = self._value(key)
        if not isinstance(value, list):
            raise self.fault(key, "must be a list")
        return value

    def _checked_text(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self.fault(key, "must be words in quotation marks")
        if not value.strip():
            raise self.fault(key, "is empty")
        if value != value.strip() or "\n" in value:
            raise self.fault(key, "must be one line without spaces around it")
        if "%" in value:
            raise self.fault(key, "must not hold a percent sign; write the word")
        if len(value) > _LONGEST_TEXT:
            raise self.fault(key, f"is longer than {_LONGEST_TEXT} letters")
        return value

    def _checked_code(self, key: str, value: object, allowed: Collection[str] | None) -> str:
        if not isinstance(value, str) or not _CODE.match(value):
            raise self.fault(key, "must be a name of letters, digits and underscores")
        if allowed is not None and value not in allowed:
            raise self.fault(key, f"is {value!r}, but must be one of " + ", ".join(sorted(allowed)))
        return value

    def _distinct(self, key: str, found: list[str]) -> tuple[str, ...]:
        for item in found:
            if found.count(item) > 1:
                raise self.fault(key, f"holds {item!r} twice")
        return tuple(found)


def distinct(table: Table, key: str, found: list[Named], attribute: str) -> tuple[Named, ...]:
    """``found`` as a tuple, if no two have the same ``attribute`` (their slug or code)."""
    seen: set[str] = set()
    for item in found:
        name = getattr(item, attribute)
        if name in seen:
            raise table.fault(key, f"holds two with the {attribute} {name!r}")
        seen.add(name)
    return tuple(found)
