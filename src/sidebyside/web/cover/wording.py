"""Stretches of time in words."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside.web.dates import clock, date_in_words, day_and_time


def stretch(begin: datetime, end: datetime) -> str:
    """From when to when somebody is away, in the active time zone: days where it is whole days, else times."""
    here, there = timezone.localtime(begin), timezone.localtime(end)
    last = there - timedelta(microseconds=1)
    if here.time() == there.time() == time():
        if here.date() == last.date():
            return date_in_words(here.date())
        return _("%(first)s to %(last)s") % {"first": date_in_words(here.date()), "last": date_in_words(last.date())}
    if here.date() == last.date():
        values = {"day": date_in_words(here.date()), "begin": clock(begin), "end": clock(end)}
        return _("%(day)s, %(begin)s–%(end)s") % values
    return _("%(first)s to %(last)s") % {"first": day_and_time(begin), "last": day_and_time(end)}
