"""Questions about the tree."""

from collections.abc import Iterable

from django.db.models import QuerySet

from sidebyside.places.models import Link, Place


def ids_below(places: Iterable[int]) -> QuerySet:
    """The ids of these places and of all below them, as a subquery."""
    return Link.objects.filter(above__in=list(places)).values("place")


def ids_above(places: Iterable[int]) -> QuerySet:
    """The ids of these places and of all above them, as a subquery."""
    return Link.objects.filter(place__in=list(places)).values("above")


def path_of(place: Place) -> list[Place]:
    """The places above this one, the root first, and the place itself last."""
    return list(Place.objects.filter(links_below__place=place).order_by("-links_below__depth"))


def school_of(place: Place | None) -> Place | None:
    """The school this place is or lies in; the place itself where it lies in none."""
    if place is None:
        return None
    above = Place.objects.filter(links_below__place=place, kind=Place.Kind.SCHOOL)
    return above.order_by("links_below__depth").first() or place


def faculty_of(place: Place | None) -> Place | None:
    """The place itself where it is a faculty, else none."""
    return place if place is not None and place.kind == Place.Kind.FACULTY else None
