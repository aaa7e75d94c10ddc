"""What a facilitator's page asks. The trust page of a partnership asks the very same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from sidebyside.cycles.queries import movement
from sidebyside.partnerships.models import HelpOffer, Member, Partnership
from sidebyside.people.models import Person
from sidebyside.places.queries import ids_below
from sidebyside.summaries.small_numbers import FEWEST

LATELY = timedelta(days=14)


def partnerships_of(places: Iterable[int], *, reader: Person) -> QuerySet:
    """The partnerships with a member at or below these places, the latest first, with their members' names.

    Each says with `offered` whether the reader has an offer of help open there.
    """
    there = Member.objects.filter(left_at=None, school__in=ids_below(places)).values("partnership")
    members = Member.objects.filter(left_at=None).select_related("person").order_by("pk")
    offers = HelpOffer.objects.filter(partnership=OuterRef("pk"), by=reader, put_away_at=None)
    return (
        Partnership.objects.filter(pk__in=there, ended_at=None)
        .annotate(offered=Exists(offers))
        .prefetch_related(Prefetch("members", members, to_attr="current"))
        .order_by("-pk")
    )


def words_for(partnerships: Sequence[Partnership], *, at: datetime) -> Mapping[int, str]:
    """One word for each: "moving" (a contact in 14 days), "resting" (they paused), "quiet" (neither)."""
    return movement(partnerships, at=at)


@dataclass(frozen=True)
class Counts:
    """Numbers for a facilitator; None where they would be about fewer than five partnerships."""

    partnerships: int
    contacts: int | None


def counts(places: Iterable[int], *, at: datetime) -> Counts:
    """How many partnerships there are, and how many contacts of 14 days, if at least five partnerships had some."""
    there = Member.objects.filter(left_at=None, partnership__ended_at=None, school__in=ids_below(places))
    lately = Q(contacts__removed_at=None, contacts__began_at__gte=at - LATELY)
    rows = Partnership.objects.filter(pk__in=there.values("partnership")).annotate(lately=Count("contacts", lately))
    contacts = list(rows.values_list("lately", flat=True))
    had_some = sum(1 for number in contacts if number)
    return Counts(len(contacts), sum(contacts) if had_some >= FEWEST else None)
