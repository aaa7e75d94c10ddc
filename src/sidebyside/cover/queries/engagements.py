"""When people are engaged, their cover among it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from sidebyside.calendars.queries import engaged
from sidebyside.calendars.slots import Span
from sidebyside.cover.models import Away, CoverOffer

# What stands on somebody's day: she said yes, was asked, or the desk keeps her for it. A proposal does not.
STANDS = Q(no_at=None, withdrawn_at=None) & (
    Q(yes_at__isnull=False) | Q(asked_at__isnull=False) | Q(locked_at__isnull=False)
)


def duties(people: Collection[int], *, begin: datetime, end: datetime) -> QuerySet[CoverOffer]:
    """The lessons that these persons take, or were asked to take, between two moments."""
    return CoverOffer.objects.filter(STANDS, person__in=people, begin__lt=end, end__gt=begin)


def away_between(people: Collection[int], *, begin: datetime, end: datetime) -> QuerySet[Away]:
    """When these persons are away, between two moments."""
    return Away.objects.filter(person__in=people, ended_at=None, begin__lt=end, end__gt=begin)


def engaged_with_cover(
    people: Collection[int], begin: datetime, end: datetime, *, but: Collection[int] = (), offers: bool = True
) -> dict[int, list[Span]]:
    """When these persons are engaged between two moments beside their lessons: by appointments (without those of the
    ids in `but`), by calendars they brought along, by lessons of others they take or were asked to take (left out
    with `offers=False`), and because they are away. In the order of time; four queries."""
    found = engaged(people, begin=begin, end=end, but=but)
    rows = list(away_between(people, begin=begin, end=end).values_list("person", "begin", "end"))
    if offers:
        rows += duties(people, begin=begin, end=end).values_list("person", "begin", "end")
    for person, *times in rows:
        found[person].append(Span(*times))
    return {person: sorted(spans, key=lambda span: (span.begin, span.end)) for person, spans in found.items()}
