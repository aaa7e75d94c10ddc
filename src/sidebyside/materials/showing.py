"""Where leaders are shown that partnerships exist: a setting of the programme, and a lower place may own its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from sidebyside.places.models import Link


@dataclass(frozen=True)
class Shown:
    """A part of the tree in steps, from the top down: these subtrees are in, these within them out, these in again.

    `whole` is whether nothing below the places that were asked about is left out.
    """

    steps: tuple[tuple[bool, tuple[int, ...]], ...] = ()
    whole: bool = False

    @property
    def anywhere(self) -> bool:
        """Whether anything is shown at all."""
        return bool(self.steps)

    def rule(self, below: Callable[[Iterable[int]], Q]) -> Q:
        """The filter for rows in this part, where `below` gives the one for rows at or below some places."""
        rule = Q(pk__in=[])
        for is_in, places in self.steps:
            rule = rule | below(places) if is_in else rule & ~below(places)
        return rule


def shown_to_leaders(places: Iterable[int]) -> Shown:
    """In which part of these places and all below them the programme in force shows leaders that partnerships exist.

    The nearest programme above a school decides, as with everything a programme settles; without any it shows
    them. One query; none for no places.
    """
    asked = set(places)
    if not asked:
        return Shown()
    rows = Link.objects.filter(
        Q(place__in=asked, above__programme__isnull=False)
        | Q(above__in=asked, place__programme__isnull=False)
        | Q(above__in=asked, place__in=asked)
    ).values_list(
        "above",
        "place",
        "depth",
        "above__programme__leaders_see_partnerships",
        "place__programme__leaders_see_partnerships",
    )
    nearest: dict[int, tuple[int, bool]] = {}
    lower: dict[int, dict[bool, set[int]]] = {}
    links = list(rows)
    tops = asked - {place for above, place, depth, *_ in links if depth and above in asked}
    for above, place, depth, shown_above, shown_here in links:
        if place in tops and shown_above is not None:
            nearest[place] = min(nearest.get(place, (depth, shown_above)), (depth, shown_above))
        if above in tops and depth and shown_here is not None:
            lower.setdefault(depth, {True: set(), False: set()})[shown_here].add(place)
    begin = {place for place in tops if nearest.get(place, (0, True))[1]}
    steps: list[tuple[bool, tuple[int, ...]]] = [(True, tuple(sorted(begin)))] if begin else []
    for depth in sorted(lower):
        # What lies deeper comes later, so that the nearest has the last word.
        for is_in in (False, True):
            found = lower[depth][is_in]
            if found and (steps or is_in):
                steps.append((is_in, tuple(sorted(found))))
    if all(is_in for is_in, _places in steps) and begin == tops:
        return Shown(tuple(steps[:1]), whole=True)
    return Shown(tuple(steps))
