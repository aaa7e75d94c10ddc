"""What a facilitator's page asks. The trust page of a partnership asks the very same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from sidebyside.cycles.models import Contact
from sidebyside.cycles.queries import movement
from sidebyside.partnerships.models import HelpOffer, Member, Partnership
from sidebyside.people.models import Person
from sidebyside.places.queries import ids_below
from sidebyside.summaries.small_numbers import FEWEST

LATELY = timedelta(days=14)


def partnerships_of(places: Iterable[int]) -> QuerySet:
    """The partnerships with a member at or below these places, the latest first, with their members' names."""
    there = Member.objects.filter(left_at=None, school__in=ids_below(places)).values("partnership")
    members = Member.objects.filter(left_at=None).select_related("person", "school").order_by("pk")
    return (
        Partnership.objects.filter(pk__in=there, ended_at=None)
        .prefetch_related(Prefetch("members", members, to_attr="current"))
        .order_by("-pk")
    )


def words_for(partnerships: Sequence[Partnership], *, at: datetime) -> dict[int, str]:
    """One word for each: "moving" (a contact in 14 days), "resting" (they paused), "quiet" (neither)."""
    return movement(partnerships, at=at)


def offered_by(person: Person, partnerships: Sequence[Partnership]) -> set[int]:
    """To which of these partnerships this person has an offer of help open."""
    offers = HelpOffer.objects.filter(by=person, put_away_at=None, partnership__in=[each.pk for each in partnerships])
    return set(offers.values_list("partnership_id", flat=True))


@dataclass(frozen=True)
class Counts:
    """Numbers for a facilitator; None where they would be about fewer than five partnerships."""

    partnerships: int
    contacts: int | None


def counts(places: Iterable[int], *, at: datetime) -> Counts:
    """How many partnerships there are, and how many contacts of 14 days, if at least five partnerships had some."""
    there = Member.objects.filter(left_at=None, partnership__ended_at=None, school__in=ids_below(places))
    lately = Contact.objects.filter(
        partnership__in=there.values("partnership"), removed_at=None, began_at__gte=at - LATELY
    )
    rows = list(lately.values_list("partnership_id", flat=True))
    number = there.values("partnership").distinct().count()
    return Counts(number, len(rows) if len(set(rows)) >= FEWEST else None)
