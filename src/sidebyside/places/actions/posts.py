"""Posts: who works where, from and to. When her last post ends, a person has left."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted
from sidebyside.people.models import Ownership, Person
from sidebyside.places.actions.roles import end_role
from sidebyside.places.models import Place, Post, Role, Source


@transaction.atomic
def give_post(
    person: Person,
    *,
    place: Place,
    from_date: date,
    title: str = "",
    source: Source | None = None,
    by: Person | None = None,
    at: datetime | None = None,
) -> Post:
    """Say that somebody works at a place from a day on. Where she does already, that post stays as it is.

    Whoever had left is back. `at` is when it was written down: the beginning of `from_date` where nobody says.
    Raises Refused for a closed place.
    """
    at = at or datetime.combine(from_date, time(), UTC)
    if Place.objects.filter(pk=place.pk).exclude(closed_at=None).exists():
        raise Refused(_("This place is closed. Nobody can begin to work there."))
    title = accepted(title, longest=40)
    # The database takes two empty sources for two different ones, so it is asked first.
    there = Post.objects.filter(person=person, place=place, source=source, to_date=None).first()
    if there is not None:
        return there
    post = Post.objects.create(person=person, place=place, title=title, source=source, from_date=from_date)
    record("post.given", post, by=by, at=at, person=person.pk, place=place.pk)
    mark_returned([person.pk], by=by, at=at)
    person.left_at = None
    return post


@transaction.atomic
def end_post(post: Post, *, on: date, at: datetime, by: Person | None = None) -> bool:
    """End a post on a day. Her last one: she has left, and her roles end. Returns whether it was still held.

    Raises Refused for a day before the post began.
    """
    if on < post.from_date:
        raise Refused(_("A post cannot end before it began."))
    if not Post.objects.filter(pk=post.pk, to_date=None).update(to_date=on):
        return False
    post.to_date = on
    record("post.ended", post, by=by, at=at, person=post.person_id, place=post.place_id)
    mark_left([post.person_id], by=by, at=at)
    return True


@transaction.atomic
def mark_left(people: Iterable[int], *, by: Person | None, at: datetime) -> list[int]:
    """Of these persons (ids), those without any post have left: `left_at` is set and their roles end.

    An owner never leaves by losing a post: an installation without owners could not be helped. Records
    "person.left" for each. Returns the ids of those who left.
    """
    asked = list(people)
    owners = Ownership.objects.filter(ended_at=None).values("person")
    leaving = list(
        Person.objects.filter(pk__in=asked, left_at=None)
        .exclude(pk__in=Post.objects.filter(person__in=asked, to_date=None).values("person"))
        .exclude(pk__in=owners)
        .order_by("pk")
    )
    Person.objects.filter(pk__in=[person.pk for person in leaving]).update(left_at=at)
    for role in Role.objects.filter(person__in=leaving, ended_at=None):
        end_role(role, by=by, at=at)
    for person in leaving:
        person.left_at = at
        record("person.left", person, by=by, at=at)
    return [person.pk for person in leaving]


@transaction.atomic
def mark_returned(people: Iterable[int], *, by: Person | None, at: datetime) -> list[int]:
    """Of these persons (ids), those who had left and have a post again are back. Returns their ids."""
    asked = list(people)
    held = Post.objects.filter(person__in=asked, to_date=None).values("person")
    back = list(Person.objects.filter(pk__in=held).exclude(left_at=None).order_by("pk"))
    Person.objects.filter(pk__in=[person.pk for person in back]).update(left_at=None)
    for person in back:
        record("person.returned", person, by=by, at=at)
    return [person.pk for person in back]
