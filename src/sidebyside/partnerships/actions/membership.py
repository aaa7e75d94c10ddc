"""What several verbs of partnerships ask and do about members."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.models import Member, Partnership, Proposal, Seat
from sidebyside.partnerships.shapes import form_of
from sidebyside.people.models import Person
from sidebyside.places.models import Post
from sidebyside.places.queries import faculty_of, school_of


def key_of(people: Iterable[int]) -> str:
    """The ids of some people in order, as `Partnership.people` and `Proposal.people` keep them."""
    return "-".join(str(pk) for pk in sorted(people))


def members_of(partnership: Partnership) -> list[Member]:
    """Who is in it today, with the persons, in the order in which they joined."""
    return list(partnership.members.filter(left_at=None).select_related("person").order_by("joined_at", "pk"))


def must_be_member(partnership: Partnership, by: Person) -> None:
    """Raises Refused where `by` is not in this partnership today."""
    if not partnership.members.filter(person=by, left_at=None).exists():
        raise Refused(_("Only those who are in this partnership can do this."))


def must_be_open(partnership: Partnership) -> None:
    """Raises Refused where the partnership has ended. Looks at the database, not at the record in hand."""
    if not Partnership.objects.filter(pk=partnership.pk, ended_at=None).exists():
        raise Refused(_("This partnership has ended. What you wrote in it stays yours to read."))


def hold_open(partnership: Partnership) -> None:
    """Take the partnership for this transaction, so that who joins, leaves or ends it comes one after the other.

    Always before its proposals and members are read. Raises Refused where it has ended.
    """
    if not Partnership.objects.filter(pk=partnership.pk, ended_at=None).update(form=F("form")):
        raise Refused(_("This partnership has ended. What you wrote in it stays yours to read."))


def close_unnamed(proposals: QuerySet[Proposal], *, at: datetime) -> None:
    """Close these open proposals: not this time. Their seats go, so that nobody can list, count or name who would
    rather not; somebody who left and a partnership that ended leave the very same rows, and the same event."""
    for proposal in proposals.filter(closed_at=None, formed_at=None).order_by("pk"):
        Seat.objects.filter(proposal=proposal).delete()
        Proposal.objects.filter(pk=proposal.pk).update(closed_at=at, people="")
        record("proposal.closed", proposal, by=None, at=at, partnership=proposal.joining_id)


def add_member(
    partnership: Partnership, person: Person, part: str, *, at: datetime, sees_from: datetime | None = None
) -> Member:
    """Put a person into a partnership, with the school and faculty of this day."""
    post = (
        Post.objects.filter(person=person, to_date=None).select_related("place").order_by("-from_date", "-pk").first()
    )
    place = post.place if post else None
    return Member.objects.create(
        partnership=partnership,
        person=person,
        part=part,
        school=school_of(place),
        faculty=faculty_of(place),
        joined_at=at,
        sees_from=sees_from,
    )


def fit_form(partnership: Partnership, members: Iterable[Member]) -> bool:
    """Give a partnership the form and the key of these members. Returns whether they make a form at all.

    Where they make none the form stays as it was, and the key goes: the same people may begin anew.
    """
    members = list(members)
    form = form_of(member.part for member in members)
    people = key_of(member.person_id for member in members) if form else ""
    taken = Partnership.objects.filter(people=people, ended_at=None).exclude(pk=partnership.pk)
    if people and taken.exists():
        people = ""
    partnership.form, partnership.people = form or partnership.form, people
    Partnership.objects.filter(pk=partnership.pk).update(form=partnership.form, people=people)
    return form is not None
