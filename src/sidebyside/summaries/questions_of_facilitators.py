"""What a facilitator's page asks. The trust page of a partnership asks the very same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled, filled, room
from sidebyside.cycles.models import Contact, Cycle
from sidebyside.cycles.queries import movement
from sidebyside.partnerships.models import HelpOffer, Member, Partnership, Wish
from sidebyside.people.models import Person
from sidebyside.places.models import Place
from sidebyside.places.queries import ids_below
from sidebyside.summaries.small_numbers import FEWEST

LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Listed:
    """One partnership as a facilitator sees it: names, one word, and whether her offer of help lies there."""

    pk: int
    word: str
    offered: bool
    names: list[str] = field(default_factory=list)
    initials: list[str] = field(default_factory=list)


def listed(places: Iterable[int], *, reader: Person, at: datetime, page: int = 1, size: int = 50) -> list[Listed]:
    """The partnerships with a member at or below these places, the latest first, with their members' names.

    One page of so many, and one more where there is a further page. The word is that of `words_for`. Two queries.
    """
    places = list(places)
    if not places:
        return []
    values = {**filled("place", places), "reader": reader.pk, "at": at, "lately": at - LATELY}
    states, members = _page_questions(room(len(places)), page, size)
    found = {
        pk: Listed(pk, _word(rests, paused, moving), bool(offered))
        for pk, rests, paused, moving, offered in states.rows(values)
    }
    for pk, given, family in members.rows(values):
        found[pk].names.append(f"{given} {family}".strip())
        found[pk].initials.append(given[:1].upper())
    return list(found.values())


def _word(rests: datetime | None, paused: bool, moving: bool) -> str:
    return "resting" if rests or paused else "moving" if moving else "quiet"


@asked_often
def _page_questions(places: int, page: int, size: int) -> tuple[Compiled, Compiled]:
    marks = Marks()
    there = partnerships_below([marks.number(f"place{at}") for at in range(places)])
    there = there.order_by("-pk")[(page - 1) * size : page * size + 1]
    lately = Contact.objects.filter(partnership=OuterRef("pk"), removed_at=None, began_at__gt=marks.moment("lately"))
    lately = lately.filter(began_at__lte=marks.moment("at")).exclude(kinds=["errand"])
    paused = Cycle.objects.filter(partnership=OuterRef("pk"), ended_at=None, paused_at__isnull=False)
    offers = HelpOffer.objects.filter(partnership=OuterRef("pk"), by=marks.number("reader"), put_away_at=None)
    states = there.annotate(paused=Exists(paused), moving=Exists(lately), offered=Exists(offers))
    members = Member.objects.filter(left_at=None, partnership__in=there.values("pk")).order_by("pk")
    return (
        compiled(states.values_list("pk", "rested_at", "paused", "moving", "offered"), marks),
        compiled(members.values_list("partnership_id", "person__given_name", "person__family_name"), marks),
    )


def partnerships_below(places: Iterable[int]) -> QuerySet:
    """The partnerships that have not ended and have a member at or below these places."""
    there = Member.objects.filter(left_at=None, school__in=ids_below(places)).values("partnership")
    return Partnership.objects.filter(pk__in=there, ended_at=None)


def open_wishes(wishes: QuerySet[Wish], marks: Marks) -> QuerySet[Wish]:
    """Of the wishes for a coach that she sees, the open ones of others with person and place, the oldest first.

    50 at most. For `policy.seen_often`.
    """
    rows = wishes.filter(closed_at=None).exclude(person=marks.number("person"))
    return rows.select_related("person", "place").order_by("at", "pk")[:50]


def names_of_places(places: Iterable[int]) -> list[str]:
    """What these places are called, in the order of the names."""
    places = list(places)
    return [name for (name,) in _names_question(room(len(places))).rows(filled("place", places))] if places else []


@asked_often
def _names_question(places: int) -> Compiled:
    marks = Marks()
    there = Place.objects.filter(pk__in=[marks.number(f"place{at}") for at in range(places)])
    return compiled(there.order_by("name").values_list("name"), marks)


def words_for(partnerships: Sequence[Partnership], *, at: datetime) -> Mapping[int, str]:
    """One word for each: "moving" (a contact in 14 days), "resting" (they paused), "quiet" (neither)."""
    return movement(partnerships, at=at)


@dataclass(frozen=True)
class Counts:
    """Numbers for a facilitator; None where they would be about fewer than five partnerships."""

    partnerships: int
    contacts: int | None


def counts(places: Iterable[int], *, at: datetime) -> Counts:
    """How many partnerships there are, and how many contacts of 14 days, if at least five partnerships had some.

    As with the one word of each, an errand is no coaching contact, and one to come does not count.
    """
    places = list(places)
    if not places:
        return Counts(0, None)
    rows = _counts_question(room(len(places))).rows({**filled("place", places), "at": at, "lately": at - LATELY})
    had_some = sum(1 for _pk, number in rows if number)
    return Counts(len(rows), sum(number for _pk, number in rows) if had_some >= FEWEST else None)


@asked_often
def _counts_question(places: int) -> Compiled:
    marks = Marks()
    there = partnerships_below([marks.number(f"place{at}") for at in range(places)])
    lately = Contact.objects.filter(partnership=OuterRef("pk"), removed_at=None, began_at__gt=marks.moment("lately"))
    lately = lately.filter(began_at__lte=marks.moment("at")).exclude(kinds=["errand"])
    counted = lately.order_by().values("partnership").annotate(number=Count("pk")).values("number")
    number = Coalesce(Subquery(counted), 0, output_field=IntegerField())
    return compiled(there.order_by("pk").annotate(lately=number).values_list("pk", "lately"), marks)
