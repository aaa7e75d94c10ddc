"""What a school leader's page asks. The trust page of a partnership asks the very same."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from sidebyside.cycles.models import Cycle
from sidebyside.partnerships.models import Member, Partnership
from sidebyside.people.models import Person
from sidebyside.places.queries import ids_below
from sidebyside.summaries.models import PlanRelease, SummaryRelease
from sidebyside.summaries.small_numbers import FEWEST


@dataclass(frozen=True)
class Counts:
    """Numbers for a leader; None where a number is under five and stays hidden."""

    partnerships: int | None
    cycles: int | None


def counts(places: Iterable[int]) -> Counts:
    """How many partnerships have a member at or below these places, and how many cycles they have begun.

    One line for all her places together, so that nothing can be subtracted from anything. Cycles are told only
    where at least five partnerships have begun some: else the number would be about few.
    """
    there = Member.objects.filter(left_at=None, partnership__ended_at=None, school__in=ids_below(places))
    rows = Cycle.objects.filter(partnership__in=there.values("partnership")).order_by()
    begun = list(rows.values_list("partnership").annotate(Count("pk")).values_list("pk__count", flat=True))
    partnerships = there.values("partnership").distinct().count()
    return Counts(
        partnerships if partnerships >= FEWEST else None,
        sum(begun) if len(begun) >= FEWEST else None,
    )


def named_partnerships(places: Iterable[int]) -> QuerySet:
    """The partnerships of these places by the names of their members, in the order of the names; nothing else of them.

    Pass only places whose programme lets leaders see that partnerships exist.
    """
    there = Member.objects.filter(left_at=None, school__in=ids_below(places)).values("partnership")
    members = Member.objects.filter(left_at=None).select_related("person").order_by("pk")
    return (
        Partnership.objects.filter(pk__in=there, ended_at=None)
        .only("pk")
        .prefetch_related(Prefetch("members", members, to_attr="current"))
        .order_by("pk")
    )


def received(releases: QuerySet[SummaryRelease] | QuerySet[PlanRelease], person: Person, what: str) -> list:
    """What was released to this person and not taken back, the latest first, with the names of who released it."""
    members = Member.objects.filter(left_at=None).select_related("person").order_by("pk")
    rows = releases.filter(to=person, withdrawn_at=None).select_related(what)
    return list(
        rows.prefetch_related(Prefetch(f"{what}__partnership__members", members, to_attr="current")).order_by("-at")[
            :50
        ]
    )
