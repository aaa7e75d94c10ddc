"""Roles: what a person is in the programme at a place and below it. She may hold many."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.people.actions import take_back_passes
from sidebyside.people.models import EntryPass, Person
from sidebyside.places.models import Place, Role, Source

MOST_ROOM = 20


@transaction.atomic
def give_role(
    person: Person,
    *,
    kind: str,
    place: Place,
    by: Person | None,
    at: datetime,
    room_for: int = 2,
    source: Source | None = None,
) -> Role:
    """Make somebody a coach, a facilitator ... at a place and below it. She may have it already: then it stays.

    `source` is the roster that brought it, if one did. Raises Refused for a closed place, for somebody who has
    left and for what is no role.
    """
    if kind not in Role.Kind.values:
        raise Refused(_("This is no role."))
    room_for = _room(room_for)
    if Place.objects.filter(pk=place.pk).exclude(closed_at=None).exists():
        raise Refused(_("This place is closed. Nobody can be given a role there."))
    if Person.objects.filter(pk=person.pk).exclude(left_at=None).exists():
        raise Refused(_("This person has left. Whoever comes back needs a post first."))
    role, new = Role.objects.get_or_create(
        person=person,
        kind=kind,
        place=place,
        ended_at=None,
        defaults={"given_at": at, "given_by": by, "room_for": room_for, "from_source": source},
    )
    if new and kind != Role.Kind.COACH:
        # Whoever printed a slip for her may be nobody who could give this role: she gets a new one.
        take_back_passes([person], kind=EntryPass.Kind.CODE, at=at)
    if new:
        record("role.given", role, by=by, at=at, person=person.pk, place=place.pk, kind_of_role=kind)
    return role


@transaction.atomic
def end_role(role: Role, *, by: Person | None, at: datetime) -> bool:
    """End a role. The partnerships of a coach go on: ending them is for their members. Returns whether it was held."""
    held = Role.objects.filter(pk=role.pk, ended_at=None).update(ended_at=at, ended_by=by)
    if not held:
        return False
    role.ended_at, role.ended_by = at, by
    record("role.ended", role, by=by, at=at, person=role.person_id, place=role.place_id, kind_of_role=role.kind)
    return True


@transaction.atomic
def set_room(role: Role, *, room_for: int, by: Person, at: datetime) -> Role:
    """How many learning partners a coach has room for; 0 takes her off the list of coaches who have room."""
    role.room_for = _room(room_for)
    if not Role.objects.filter(pk=role.pk, ended_at=None, kind=Role.Kind.COACH).update(room_for=role.room_for):
        raise Refused(_("Only a coach has room for learning partners."))
    record("role.room_set", role, by=by, at=at)
    return role


def _room(room_for: int) -> int:
    if not 0 <= room_for <= MOST_ROOM:
        raise Refused(_("Choose a number from 0 to %(most)s.") % {"most": MOST_ROOM})
    return room_for
