"""Dates and times in words, in the reader's language and time zone."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def day(moment: date | datetime) -> str:
    """'today', 'yesterday', 'tomorrow', or the date; with the year only where it is another."""
    here = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return _in_words(here, timezone.localdate(), get_language() or "")


@lru_cache(maxsize=4096)
def _in_words(here: date, today: date, language: str) -> str:
    """A day as it is called in a language, on this day. Pages name few days, many times."""
    near = (here - today).days
    if near in (-1, 0, 1):
        return {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}[near]
    return formats.date_format(here, "j F" if here.year == today.year else "j F Y")


def date_in_words(on: date) -> str:
    """A date with its day of the week, whatever day it is today: 'Monday 7 September'; the year where it is another."""
    return formats.date_format(on, "l j F" if on.year == timezone.localdate().year else "l j F Y")


def clock(moment: datetime) -> str:
    """The time of day, such as 10:42."""
    return f"{timezone.localtime(moment):%H:%M}"


def day_and_time(moment: datetime) -> str:
    """The day in words and the time: 'today, 10:42'."""
    here = timezone.localtime(moment)
    return _with_time(here.date(), f"{here:%H:%M}", timezone.localdate(), get_language() or "")


@lru_cache(maxsize=4096)
def _with_time(here: date, time: str, today: date, language: str) -> str:
    return _("%(day)s, %(time)s") % {"day": _in_words(here, today, language), "time": time}


def on_paper(moment: datetime) -> str:
    """The date in full, for what is printed: there it is not "today" for long."""
    return formats.date_format(timezone.localtime(moment), "j F Y")


def weekday(moment: date | datetime) -> str:
    """The name of the day of the week: Thursday."""
    return formats.date_format(_here(moment), "l")


def date_of(moment: date | datetime, *, year: bool = False) -> str:
    """The date as it is written: 26 November; with the year where it is another, or where it is asked for."""
    here = _here(moment)
    return formats.date_format(here, "j F Y" if year or here.year != timezone.localdate().year else "j F")


def _here(moment: date | datetime) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
