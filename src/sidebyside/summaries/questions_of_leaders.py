"""What a school leader's page asks. The trust page of a partnership asks the very same."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from sidebyside.cycles.models import Cycle
from sidebyside.materials.showing import Shown
from sidebyside.partnerships.models import Member, Partnership
from sidebyside.people.models import Person
from sidebyside.places.queries import ids_below
from sidebyside.summaries.models import PlanRelease, SummaryRelease
from sidebyside.summaries.small_numbers import FEWEST, shown


@dataclass(frozen=True)
class Counts:
    """Numbers for a leader; None where one stays hidden.

    `split`: some of her schools show who works together and others do not, so that a number stays hidden also
    where the other schools' share could be found by counting the names.
    """

    partnerships: int | None
    cycles: int | None
    split: bool = False


def counts(places: Iterable[int], *, named: Shown) -> Counts:
    """How many partnerships have a member at or below these places, and how many cycles they have begun.

    One line for all her places together. `named` is where she sees the names: those she can count, so the sum is
    told only if neither the number of those nor the rest is small (`small_numbers.shown`). Cycles are told only
    where at least five partnerships have begun some, again of either sort: else the number would be about few.
    """
    places = list(places)
    there = Member.objects.filter(left_at=None, partnership__ended_at=None, school__in=ids_below(places))
    rows = Cycle.objects.filter(partnership__in=there.values("partnership")).order_by()
    begun = dict(rows.values_list("partnership").annotate(Count("pk")).values_list("partnership", "pk__count"))
    partnerships = set(there.values_list("partnership", flat=True))
    split = named.anywhere and not named.whole
    with_names = set(there.filter(named.rule(_at_schools)).values_list("partnership", flat=True)) if split else set()
    return Counts(
        len(partnerships) if _tells(partnerships, with_names, split=split) else None,
        sum(begun.values()) if _tells(set(begun), with_names, split=split) else None,
        split,
    )


def _tells(partnerships: set[int], with_names: set[int], *, split: bool) -> bool:
    """Whether a number about these partnerships may be told, some of which she knows by name."""
    parts = {0: len(partnerships - with_names)} | ({1: len(partnerships & with_names)} if split else {})
    told, _total = shown(parts, fewest=FEWEST)
    return None not in told.values()


def _at_schools(places: Iterable[int]) -> Q:
    return Q(school__in=ids_below(places))


def named_partnerships(named: Shown) -> QuerySet:
    """The partnerships with a member where leaders see that they exist, by their members' names and in the order of
    these; nothing else of them: the order of their making would tell when they began."""
    there = Member.objects.filter(named.rule(_at_schools), left_at=None).values("partnership")
    by_name = Member.objects.filter(left_at=None).order_by("person__family_name", "person__given_name", "pk")
    first = by_name.filter(partnership=OuterRef("pk"))
    return (
        Partnership.objects.filter(pk__in=there, ended_at=None)
        .only("pk")
        .annotate(
            first_family=Subquery(first.values("person__family_name")[:1]),
            first_given=Subquery(first.values("person__given_name")[:1]),
        )
        .prefetch_related(Prefetch("members", by_name.select_related("person"), to_attr="current"))
        .order_by("first_family", "first_given", "pk")
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
