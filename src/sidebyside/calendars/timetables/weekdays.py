"""Recognising the days of the week among the names of a timetable's days, in many languages.

The names come from the Unicode locale data that Babel ships.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Literal

from babel.dates import get_day_names

# fmt: off
LANGUAGES = (
    "en", "ar", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "es", "et", "eu", "fa", "fi", "fil", "fr",
    "ga", "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "ky", "lt", "lv", "mk",
    "mn", "ms", "mt", "nb", "ne", "nl", "nn", "pl", "ps", "pt", "ro", "ru", "rw", "si", "sk", "sl", "so", "sq",
    "sr", "sr_Latn", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh", "zu",
)
# fmt: on
WIDTHS: tuple[Literal["wide", "abbreviated", "short"], ...] = ("wide", "abbreviated", "short")
LONG_ENOUGH = 3  # letters by which a longer word is known: "Tues", "Tueday"
MOST = 400

EXACT, BEGUN = 2, 1  # how sure a name is: it is the day's name, or only begins like it


def guess_weekdays(days: Sequence[str]) -> tuple[int, ...] | None:
    """The day of the week of each name, 0 is Monday; None where not every name is one, or languages disagree.

    What stands around a name does not matter: "gr_Mo", "A-Monday", "2 - maanantai", "Δευτέρα 7/9". All names must be
    of one language. Where several languages could be meant, the one counts in which the days follow one another.
    """
    if not days or len(days) > MOST:
        return None
    forms = [_forms(day) for day in days]
    best: dict[tuple[int, int], set[tuple[int, ...]]] = {}
    for language in LANGUAGES:
        known = [_known(language, of_day) for of_day in forms]
        found = [entry for entry in known if entry]
        if len(found) < len(days):
            continue
        weekdays = tuple(weekday for weekday, _sure in found)
        if len(days) > 1 and len(set(weekdays)) == 1:
            continue
        steps = sum((after - before) % 7 <= 1 for before, after in zip(weekdays, weekdays[1:], strict=False))
        best.setdefault((steps, sum(sure for _weekday, sure in found)), set()).add(weekdays)
    likeliest = best[max(best)] if best else set()
    return likeliest.pop() if len(likeliest) == 1 else None


def _forms(name: str) -> list[str]:
    """What may be the day's name in a longer one: all of it, all but digits, and each of its words."""
    plain = _plain(name)
    words = re.findall(r"[^\W\d_]+", plain)
    whole = "".join(re.findall(r"[^\W_]+", plain))
    forms = [whole, "".join(words), *(word for word in words if len(word) > 1)]
    return [form for form in dict.fromkeys(forms) if form]


def _known(language: str, forms: Sequence[str]) -> tuple[int, int] | None:
    """The day of the week of one name and how sure that is, or None."""
    exact, wide = _names(language)
    for form in forms:
        if form in exact:
            return exact[form], EXACT
    for form in forms:
        begun = {weekday for name, weekday in wide if name.startswith(form)}
        if not begun and len(form) > LONG_ENOUGH:
            begun = {day for name, day in exact.items() if len(name) >= LONG_ENOUGH and form.startswith(name)}
        if len(begun) == 1:
            return begun.pop(), BEGUN
    return None


@cache
def _names(language: str) -> tuple[dict[str, int], tuple[tuple[str, int], ...]]:
    """The names of a language's days: those that mean one day only, and the long ones."""
    days: dict[str, set[int]] = {}
    wide = []
    for context in ("format", "stand-alone"):
        for width in WIDTHS:
            for weekday, name in get_day_names(width, context, language).items():
                form = "".join(re.findall(r"[^\W_]+", _plain(name)))
                days.setdefault(form, set()).add(weekday)
                if width == "wide":
                    wide.append((form, weekday))
    return {form: found.pop() for form, found in days.items() if len(found) == 1}, tuple(dict.fromkeys(wide))


def _plain(text: str) -> str:
    """Small letters without accents and joiners."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in split if unicodedata.category(sign) not in ("Mn", "Cf"))
