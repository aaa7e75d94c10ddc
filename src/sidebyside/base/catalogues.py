"""Catalogues of words: gathered from the code, written for the made language, compiled for all.

Knows Babel and files, nothing of Django and nothing of the programme.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from sidebyside.base import pseudo

DOMAIN = "django"
_KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# The same messages give the same file, byte for byte.
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
Extracted = tuple[int, str, str, list[str]]


@dataclass(frozen=True, slots=True)
class Gap:
    """A message that a catalogue lacks: ``fault`` is "untranslated", "fuzzy" or "placeholders"."""

    locale: str
    fault: str
    text: str


def extract_content(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Extracted]:
    """Babel's way into a TOML file: every string in it, but for keys named in ``options["codes"]``.

    ``codes`` is a list of keys, separated by spaces, whose values are names for the program.
    """
    codes = frozenset(str(options.get("codes", "")).split())
    source = file.read().decode("utf-8")
    lines = source.splitlines()
    for text in _strings(tomllib.loads(source), codes):
        number = next((n for n, line in enumerate(lines, start=1) if text in line), 1)
        yield number, "gettext", text, []


def _strings(value: object, codes: frozenset[str]) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, codes)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in codes:
                yield from _strings(item, codes)


def gathered(package: Path, mapping: Path) -> Catalog:
    """Every message below the folder ``package``, read as the file ``mapping`` (babel.cfg) says.

    Raises whatever the reader of a file raises when it cannot be read: a string that is silently
    lost is worse.
    """
    with mapping.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, str(mapping))
    catalog = Catalog(domain=DOMAIN, charset="utf-8")
    found = extract_from_dir(
        package,
        method_map=methods,
        options_map=options,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
    )
    for filename, line, message, comments, context in found:
        catalog.add(message, locations=[(filename, line)], auto_comments=comments, context=context)
    return catalog


def with_messages_of(catalog: Catalog, sources: Iterable[Path]) -> Catalog:
    """A copy of ``catalog`` with the messages of other catalogues (po files); absent ones are left out.

    Messages already there keep their place: the words of the frameworks come second.
    """
    whole = Catalog(domain=DOMAIN, charset="utf-8")
    for message in catalog:
        if message.id:
            whole.add(message.id, context=message.context, flags=message.flags)
    for path in sources:
        if not path.exists():
            continue
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and whole.get(_single(message), message.context) is None:
                    whole.add(message.id, context=message.context, flags=message.flags)
    return whole


def made_language(source: Catalog) -> Catalog:
    """The catalogue of the made language: each message of ``source`` disguised."""
    catalog = Catalog(
        locale=pseudo.LOCALE,
        domain=DOMAIN,
        header_comment="# Made by build_translations; never edited.",
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        charset="utf-8",
        fuzzy=False,
    )
    for message in source:
        if not message.id:
            continue
        if isinstance(message.id, tuple | list):
            disguised: Any = tuple(pseudo.disguised(form) for form in message.id)
        else:
            disguised = pseudo.disguised(message.id)
        catalog.add(message.id, disguised, context=message.context, flags=message.flags)
    return catalog


def write_made_language(catalog: Catalog, folder: Path) -> Path:
    """Write ``catalog`` as po and mo below the folder ``folder`` of locales; gives the po's path."""
    target = folder / pseudo.LOCALE / "LC_MESSAGES" / f"{DOMAIN}.po"
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, lambda file: write_po(file, catalog, width=100, no_location=True))
    _write(target.with_suffix(".mo"), lambda file: write_mo(file, catalog))
    return target


def real_catalogues(folder: Path) -> list[Path]:
    """The po files of real languages below ``folder``, in order."""
    found = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return [path for path in found if path.parent.parent.name != pseudo.LOCALE]


def compile_catalogue(path: Path) -> Path:
    """Write the mo beside the po at ``path``; fuzzy messages are left out. Gives the mo's path."""
    with path.open("rb") as file:
        catalog = read_po(file, domain=DOMAIN)
    target = path.with_suffix(".mo")
    _write(target, lambda file: write_mo(file, catalog))
    return target


def _write(target: Path, fill: Callable[[IO[bytes]], None]) -> None:
    """Fill a new file and put it in the place of ``target`` in one step: a server may be reading."""
    new = target.with_name(f"{target.name}.{os.getpid()}")
    with new.open("wb") as file:
        fill(file)
    new.replace(target)


def gaps(source: Catalog, path: Path) -> list[Gap]:
    """What the catalogue at ``path`` lacks of ``source``: untranslated, fuzzy, or wrong placeholders."""
    with path.open("rb") as file:
        translated = read_po(file, domain=DOMAIN)
    locale = path.parent.parent.name
    found = []
    for message in source:
        if not message.id:
            continue
        there = translated.get(_single(message), message.context)
        fault = _fault(message, there)
        if fault:
            found.append(Gap(locale, fault, _single(message)))
    return found


def _fault(message: Message, there: Message | None) -> str | None:
    if there is None:
        return "untranslated"
    forms = _forms(there.string)
    if not forms or not all(forms):
        return "untranslated"
    if there.fuzzy:
        return "fuzzy"
    # A form for one, two or none may leave its number out; it may never invent a placeholder.
    wanted = {kept for form in _forms(message.id) for kept in pseudo.placeholders(form)}
    needed = set(pseudo.placeholders(_forms(message.id)[-1]))
    for form in forms:
        if not set(pseudo.placeholders(form)) <= wanted:
            return "placeholders"
    if not needed <= set(pseudo.placeholders(forms[-1])):
        return "placeholders"
    return None


def _forms(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(form) for form in value] if isinstance(value, tuple | list) else []


def _single(message: Message) -> str:
    return _forms(message.id)[0]
