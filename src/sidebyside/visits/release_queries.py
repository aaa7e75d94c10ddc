"""Questions about calendars that partnerships show to their leaders."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from sidebyside.partnerships.models import Member, Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.people.models import Person
from sidebyside.places.models import Role
from sidebyside.places.queries import ids_above
from sidebyside.visits.models import CalendarConsent, CalendarRelease


def leaders_of(partnership: Partnership) -> list[Role]:
    """The school leaders to whom a partnership may show when it meets: at or above its members' schools, none of them
    a member; each person once, by name."""
    members = current_members(partnership)
    schools = [member.school_id for member in members if member.school_id]
    roles = Role.objects.filter(kind=Role.Kind.LEADER, ended_at=None, place__in=ids_above(schools))
    seen: dict[int, Role] = {}
    for role in roles.exclude(person__in=[member.person_id for member in members]).select_related("person", "place"):
        seen.setdefault(role.person_id, role)
    return sorted(seen.values(), key=lambda role: role.person.name)


def with_consents(releases: QuerySet[CalendarRelease]) -> QuerySet[CalendarRelease]:
    """These releases, each with `agreed`: who agreed to it, by id, and with the leader it is for."""
    consents = Prefetch("consents", CalendarConsent.objects.order_by("pk"), to_attr="agreed")
    return releases.select_related("to", "by").prefetch_related(consents).order_by("-at", "-pk")


def still_to_agree(release: CalendarRelease) -> list[Person]:
    """The members of today who have not agreed that this leader sees when they meet, in the order they joined."""
    agreed = set(CalendarConsent.objects.filter(release=release).values_list("person_id", flat=True))
    members = Member.objects.filter(partnership=release.partnership_id, left_at=None).select_related("person")
    return [member.person for member in members.order_by("joined_at", "pk") if member.person_id not in agreed]


def shown_to(releases: QuerySet[CalendarRelease], leader: Person) -> list[CalendarRelease]:
    """Of these, the releases in force that show this leader a calendar, with members; the latest first. Two queries
    beside the first."""
    current = Member.objects.filter(left_at=None).select_related("person").order_by("joined_at", "pk")
    members = Prefetch("partnership__members", current, to_attr="current")
    rows = releases.filter(to=leader, withdrawn_at=None, in_force_at__isnull=False)
    return list(rows.select_related("partnership", "to").prefetch_related(members).order_by("-in_force_at", "-pk"))


def names_of(members: Iterable[Member]) -> list[str]:
    """The names of members, in the order given."""
    return [member.person.name for member in members]
