"""Fill in forms as a person would, with words that the caller chooses."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import Resolver404, resolve
from django.utils import timezone

from tests.calendars.timetable_files import SHEET
from tests.materials import packages
from tests.page import Field, Form

Words = Callable[[Field], str]
# What these fields take is no free text.
# (the address of a calendar: one that is refused before anybody is asked for it)
# (who is away, or has limits of her own: somebody of the school, by name)
FIXED = {
    "time_zone": "Europe/Lisbon",
    "address": "http://127.0.0.1/calendar.ics",
    "away-who": "Dara Diaz",
    "limit-who": "Dara Diaz",
}
# A day at the school may be over when the tests are run; somebody from outside stays until it ends.
TIMES = {"substitute-ends": "23:59"}


def goes_to(form: Form, page: str) -> str:
    """Where a form on this page is sent."""
    return urljoin(page, form.action.partition("#")[0])


def kind_of(form: Form, page: str) -> tuple[str, tuple[str, ...]]:
    """What makes two forms the same: the name of the address, and the names of the fields, of rows alike once.

    (A form that grows by a line whenever it is sent is no new one.)
    """
    names = tuple(sorted({re.sub(r"\d+", "", name) for name in form.names}))
    return name_of(urlsplit(goes_to(form, page)).path), names


@cache
def name_of(path: str) -> str:
    """The name of the address that this path has; "" where there is none. (Asked a hundred thousand times.)"""
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


def filled(form: Form, words: Words, *, button: tuple[str, str] = ("", ""), file: bytes = b"") -> dict[str, Any]:
    """What a browser would send once she has filled in everything: each free text is `words(field)`."""
    sent: dict[str, list[Any]] = {}
    chosen: dict[str, list[Field]] = {}
    for one in form.fields:
        if not one.name or "disabled" in one.attributes or one.tag == "button" or one.kind in ("submit", "reset"):
            continue
        if one.kind == "radio":
            chosen.setdefault(one.name, []).append(one)
        else:
            sent.setdefault(one.name, []).append(_value(one, words, file))
    for name, options in chosen.items():
        others = [one for one in options if one.value and "checked" not in one.attributes]
        sent[name] = [(others or options)[-1].value]
    if button[0]:
        sent.setdefault(button[0], []).append(button[1])
    return sent


def _value(one: Field, words: Words, file: bytes) -> Any:
    match one.kind:
        case "hidden":
            return one.value
        case "checkbox":
            return one.value or "on"
        case "select":
            if one.name == "language":
                return one.value
            return next((value for value in one.options if value and value != one.value), one.value)
        case "number":
            return one.value or str(max(int(one.attributes.get("min") or 1), 1))
        case "date":
            after = 40 if one.name in ("end", "until") else 0
            return one.value or (timezone.localdate() + timedelta(days=after)).isoformat()
        case "datetime-local":
            return one.value or (timezone.localtime() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        case "time":
            return TIMES.get(one.name, one.value)
        case "file" if ".json" in one.attributes.get("accept", ""):
            return SimpleUploadedFile("list.json", _standards(words(one)), content_type="application/json")
        case "file" if one.name == "sheets":
            return SimpleUploadedFile("week.csv", SHEET.encode(), content_type="text/csv")
        case "file":
            return SimpleUploadedFile("staff.csv", file, content_type="text/csv")
        case _ if one.name.startswith("teacher-"):
            return one.value  # the name of a colleague, or nobody's
        case _ if one.name in FIXED:
            return FIXED[one.name]
        case "email":
            return f"{words(one)}@example.org"
        case _:
            return words(one) if one.takes_words or one.kind == "password" else one.value or "30"


def _standards(word: str) -> bytes:
    return packages.as_bytes(packages.package([packages.item("a", word)], document={"title": word}))


def longer(sent: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The same, with more in each of these fields than any text may hold."""
    return {name: [value + "x" * 200_001 for value in sent[name]] if name in names else sent[name] for name in sent}
