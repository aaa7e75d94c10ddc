"""Questions about partnerships: who is with whom, who is asked, who has room, who watches, what was agreed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from sidebyside.partnerships.models import (
    Agreement,
    Member,
    NormCard,
    Opening,
    Part,
    Partnership,
    Proposal,
    Seat,
    Signature,
)
from sidebyside.partnerships.shapes import form_of
from sidebyside.people.models import Person
from sidebyside.places.models import Link, Place, Post, Role

# Partnerships and their members


def with_members(partnerships: QuerySet[Partnership]) -> QuerySet[Partnership]:
    """These partnerships, each with `current`: its members of today with person, school and faculty."""
    members = Member.objects.filter(left_at=None).select_related("person", "school", "faculty")
    return partnerships.prefetch_related(Prefetch("members", members.order_by("joined_at", "pk"), to_attr="current"))


def current_members(partnership: Partnership) -> list[Member]:
    """Who is in it today; what `with_members` brought, where it did."""
    if not hasattr(partnership, "current"):
        members = partnership.members.filter(left_at=None).select_related("person", "school", "faculty")
        # (`current` is brought along by `with_members` or here; no field of the model)
        partnership.current = list(members.order_by("joined_at", "pk"))  # type: ignore[attr-defined]
    return partnership.current  # type: ignore[attr-defined]


def of_person(partnerships: QuerySet[Partnership], person: Person) -> list[Partnership]:
    """The partnerships among these that she is in, with members: open ones first, then by age. Two queries."""
    hers = Member.objects.filter(partnership=OuterRef("pk"), person=person, left_at=None)
    rows = with_members(partnerships.filter(Exists(hers)))
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-formed_at", "-pk"))


def others_of(partnership: Partnership, person: Person) -> list[Person]:
    """The other members of a partnership, in the order in which they joined."""
    return [member.person for member in current_members(partnership) if member.person_id != person.pk]


def part_of(partnership: Partnership, person: Person) -> str:
    """The part this person has in it; "" where she is not in it."""
    return next((member.part for member in current_members(partnership) if member.person_id == person.pk), "")


def gone_from(partnership: Partnership) -> list[Member]:
    """Members who have left their school and are still in it: the others are asked how to go on."""
    return [member for member in current_members(partnership) if member.person.left_at is not None]


def can_go_on_without(partnership: Partnership, member: Member) -> bool:
    """Whether those who remain without this member make a partnership."""
    return form_of(other.part for other in current_members(partnership) if other.pk != member.pk) is not None


def word_for_state(partnership: Partnership) -> str:
    """What state it is in, in a word or two, without blame."""
    if partnership.ended_at is not None:
        return _("ended")
    return _("resting") if partnership.is_resting else _("under way")


# Proposals


def with_seats(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """These proposals, each with who made it and `asked`: its seats with persons, in order."""
    seats = Seat.objects.select_related("person").order_by("pk")
    members = Member.objects.filter(left_at=None).select_related("person").order_by("joined_at", "pk")
    return proposals.select_related("by", "joining").prefetch_related(
        Prefetch("seats", seats, to_attr="asked"), Prefetch("joining__members", members, to_attr="current")
    )


def to_answer(proposals: QuerySet[Proposal], person: Person) -> list[Proposal]:
    """The open proposals among these that wait for her answer, the oldest first."""
    hers = Seat.objects.filter(proposal=OuterRef("pk"), person=person, accepted_at=None)
    rows = proposals.filter(Exists(hers), closed_at=None, formed_at=None)
    return list(with_seats(rows).order_by("at", "pk"))


def made_by(proposals: QuerySet[Proposal], person: Person) -> list[Proposal]:
    """The proposals among these that she made and that are open, or closed and not yet put away; latest first."""
    return list(with_seats(proposals.filter(by=person, formed_at=None)).order_by("-at", "-pk"))


def accepted_and_waiting(proposals: QuerySet[Proposal], person: Person) -> list[Proposal]:
    """The open proposals of others among these that she has accepted and that wait for somebody else."""
    hers = Seat.objects.filter(proposal=OuterRef("pk"), person=person, accepted_at__isnull=False)
    rows = proposals.filter(Exists(hers), closed_at=None, formed_at=None).exclude(by=person)
    return list(with_seats(rows).order_by("at", "pk"))


# Coaches and room


@dataclass(frozen=True)
class CoachThere:
    """A coach somebody may ask: where she coaches, and whether she has room. Never how many she works with."""

    person: Person
    place: Place
    has_room: bool


def has_room(roles: Iterable[Role]) -> dict[int, bool]:
    """For these coach roles: the person's id to whether she has room. One query.

    Room is the most that any of her roles gives, less the learning partners she has in open partnerships. It
    is advice: nothing is refused for want of room.
    """
    room: dict[int, int] = {}
    for role in roles:
        room[role.person_id] = max(room.get(role.person_id, 0), role.room_for)
    coaching = Member.objects.filter(person__in=room, part=Part.COACH, left_at=None, partnership__ended_at=None)
    partners = Q(partnership__members__part=Part.PARTNER, partnership__members__left_at=None)
    rows = coaching.values("person").annotate(number=Count("partnership__members", filter=partners))
    taken = dict(rows.values_list("person", "number"))
    return {person: number > taken.get(person, 0) for person, number in room.items()}


def coaches_for(person: Person, roles: QuerySet[Role]) -> list[CoachThere]:
    """The coaches among these roles whose place is at or above her posts; who has room first, then by name.

    Without herself, leaders, and those she works with already in an open partnership. Two queries.
    """
    mine = Link.objects.filter(place__posts__person=person, place__posts__to_date=None).values("above")
    leaders = Role.objects.filter(kind=Role.Kind.LEADER, ended_at=None).values("person")
    together = Partnership.objects.filter(members__person=person, members__left_at=None, ended_at=None)
    rows = (
        roles.filter(kind=Role.Kind.COACH, ended_at=None, place__in=mine, person__left_at=None)
        .exclude(person=person)
        .exclude(person__in=leaders)
        .exclude(person__memberships__in=Member.objects.filter(left_at=None, partnership__in=together.values("pk")))
        .select_related("person", "place")
        .order_by("person__given_name", "person__family_name", "pk")
    )
    nearest: dict[int, Role] = {}
    for role in rows:
        nearest.setdefault(role.person_id, role)
    room = has_room(nearest.values())
    found = [CoachThere(role.person, role.place, room[role.person_id]) for role in nearest.values()]
    return sorted(found, key=lambda coach: not coach.has_room)


def who_may_coach(people: Iterable[Person]) -> set[int]:
    """The ids of those among these who may take the part of a coach: coaches of the programme, and facilitators."""
    kinds = (Role.Kind.COACH, Role.Kind.FACILITATOR)
    rows = Role.objects.filter(person__in=[person.pk for person in people], kind__in=kinds, ended_at=None)
    return set(rows.values_list("person", flat=True))


def part_for_newcomer(partnership: Partnership) -> str:
    """The part somebody who joins would have; "" where nobody more can join."""
    parts = [member.part for member in current_members(partnership)]
    return next((part for part in Part.values if form_of([*parts, part]) is not None), "")


def who_reads_a_wish(person: Person, place: Place, roles: QuerySet[Role], *, to: Person | None = None) -> list[Person]:
    """Those who see a wish of this person at this place: its facilitators among these roles, by name, without herself
    and without anybody who leads a place where she works; with `to`, that one alone, where she is among them."""
    hers = Post.objects.filter(person=person, to_date=None)
    leading = Role.objects.filter(kind=Role.Kind.LEADER, ended_at=None, place__links_below__place__posts__in=hers)
    rows = roles.filter(kind=Role.Kind.FACILITATOR, ended_at=None, place__links_below__place=place)
    rows = rows.exclude(person=person).exclude(person__in=leading.values("person"))
    if to is not None:
        rows = rows.filter(person=to)
    ordered = rows.select_related("person").order_by("person__given_name", "person__family_name", "pk")
    return list(dict.fromkeys(role.person for role in ordered))


def can_be_asked(people: QuerySet[Person], person: Person, words: str, *, at_most: int = 20) -> list[Person]:
    """The persons among these whose name has all these words, without herself, leavers and leaders; by name.

    Nothing where no words are given: nobody is laid out as a list to choose from.
    """
    named = people.filter(left_at=None).exclude(pk=person.pk)
    parts = words.split()[:5]
    if not parts:
        return []
    for part in parts:
        named = named.filter(Q(given_name__icontains=part) | Q(family_name__icontains=part))
    leaders = Role.objects.filter(kind=Role.Kind.LEADER, ended_at=None).values("person")
    return list(named.exclude(pk__in=leaders).order_by("given_name", "family_name", "pk")[:at_most])


def places_of_people(people: Iterable[Person]) -> dict[int, str]:
    """For these persons: id to the name of the place of her latest post. One query."""
    posts = Post.objects.filter(person__in=[person.pk for person in people], to_date=None).order_by("from_date", "pk")
    return dict(posts.values_list("person", "place__name"))


# The agreement


def latest_agreement(agreements: QuerySet[Agreement], partnership: Partnership) -> Agreement | None:
    """The version that stands, with `signed`: its signatures with persons."""
    signatures = Signature.objects.select_related("person").order_by("at", "pk")
    rows = agreements.filter(partnership=partnership).select_related("written_by", "partnership")
    return rows.prefetch_related(Prefetch("signatures", signatures, to_attr="signed")).order_by("-number").first()


def is_signed_by_all(partnership: Partnership, agreement: Agreement | None) -> bool:
    """Whether all members of today have signed this version."""
    if agreement is None:
        return False
    # (`signed` is brought along by the prefetch above; no field of the model)
    signed = {signature.person_id for signature in agreement.signed}  # type: ignore[attr-defined]
    return all(member.person_id in signed for member in current_members(partnership))


def unsigned(agreements: QuerySet[Agreement], person: Person) -> list[Agreement]:
    """The versions that stand in her open partnerships and that she has not signed. One query.

    `agreements` are those she sees. Nothing waits for a signature.
    """
    newer = Agreement.objects.filter(partnership=OuterRef("partnership"), number__gt=OuterRef("number"))
    hers = Signature.objects.filter(agreement=OuterRef("pk"), person=person)
    member = Member.objects.filter(partnership=OuterRef("partnership"), person=person, left_at=None)
    rows = agreements.filter(~Exists(newer), ~Exists(hers), Exists(member), partnership__ended_at=None)
    return list(rows.select_related("partnership", "written_by").order_by("written_at", "pk"))


@dataclass(frozen=True)
class Cards:
    """Norm cards as a member sees them: in her own hand, on the table, and of earlier times."""

    in_hand: list[NormCard]
    on_the_table: list[NormCard]
    earlier: list[NormCard]


def cards_for(cards: QuerySet[NormCard], partnership: Partnership, person: Person) -> Cards:
    """The cards of a partnership among those she sees. On the table lies what was turned since the last agreement.

    Two queries; the texts are still sealed.
    """
    rows = cards.filter(partnership=partnership, removed_at=None).select_related("author").order_by("pk")
    last = Agreement.objects.filter(partnership=partnership).order_by("-number").first()
    found = Cards([], [], [])
    for card in rows:
        if card.turned_at is None:
            if card.author_id == person.pk:
                found.in_hand.append(card)
        elif last is None or card.turned_at > last.written_at:
            found.on_the_table.append(card)
        else:
            found.earlier.append(card)
    return found


# Who sees something of it from outside


@dataclass(frozen=True)
class Watcher:
    """Somebody who is no member and sees something of a partnership, by a role at a place.

    `sees_names` is whether she sees that this partnership exists; `places` are all places where she has that role.
    """

    person: Person
    place: Place
    places: tuple[int, ...]
    sees_names: bool = True


@dataclass(frozen=True)
class Watchers:
    facilitators: list[Watcher]
    leaders: list[Watcher]


def watchers(partnership: Partnership) -> Watchers:
    """The facilitators and the leaders of the members' schools, each person once, by name; without members.

    A leader sees that a partnership exists where the programme in force at a member's school shows it; else she
    sees numbers alone.
    At most four queries.
    """
    members = current_members(partnership)
    schools = [member.school_id for member in members if member.school_id]
    inside = [member.person_id for member in members]
    kinds = (Role.Kind.FACILITATOR, Role.Kind.LEADER)
    links = list(Link.objects.filter(place__in=schools).values_list("above", "place"))
    above = {place for place, _school in links}
    here = Role.objects.filter(kind__in=kinds, ended_at=None, place__in=above).exclude(person__in=inside)
    all_of_them = Role.objects.filter(kind__in=kinds, ended_at=None, person__in=here.values("person"))
    rows = list(
        all_of_them.select_related("person", "place").order_by("person__given_name", "person__family_name", "-pk")
    )
    shows = _shows_leaders(set(schools))
    shown = {place for place, school in links if shows[school]}
    found = Watchers([], [])
    for kind, watching in ((Role.Kind.FACILITATOR, found.facilitators), (Role.Kind.LEADER, found.leaders)):
        of_kind = [role for role in rows if role.kind == kind]
        for person in dict.fromkeys(role.person for role in of_kind if role.place_id in above):
            hers = [role for role in of_kind if role.person_id == person.pk]
            near = [role for role in hers if role.place_id in above]
            sees = kind == Role.Kind.FACILITATOR or any(role.place_id in shown for role in near)
            watching.append(Watcher(person, near[0].place, tuple(sorted({role.place_id for role in hers})), sees))
    return found


def _shows_leaders(places: Iterable[int]) -> dict[int, bool]:
    """For places: whether the programme in force there shows its leaders that partnerships exist."""
    places = list(places)
    shown = dict.fromkeys(places, True)
    if places:
        rows = Link.objects.filter(place__in=places, above__programme__isnull=False).order_by("-depth")
        shown |= dict(rows.values_list("place", "above__programme__leaders_see_partnerships"))
    return shown


def openings_of(openings: QuerySet[Opening], partnership: Partnership) -> QuerySet[Opening]:
    """Who opened what of this partnership, the latest day first."""
    return openings.filter(partnership=partnership).select_related("reader").order_by("-on_date", "-pk")


def offers_for(offers: QuerySet[Any], partnership: Partnership) -> list[Any]:
    """The offers of help that lie with this partnership and were not put away."""
    return list(offers.filter(partnership=partnership, put_away_at=None).select_related("by").order_by("at", "pk"))
