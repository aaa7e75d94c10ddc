"""Questions about persons and their ways in."""

from datetime import datetime

from django.db.models import QuerySet

from sidebyside.base.tokens import digest
from sidebyside.people.models import EntryPass, FirstRun, Ownership, Person

OWNERS_WANTED = 2


def owners_missing() -> int:
    """How many owners are still wanted: there should be two, so that one may fall ill."""
    return max(0, OWNERS_WANTED - Ownership.objects.filter(ended_at=None).count())


def is_empty() -> bool:
    """Whether nobody has ever owned this installation."""
    return not Ownership.objects.exists()


def first_run_is_open(secret: str) -> bool:
    """Whether this secret opens the first-run page."""
    return FirstRun.objects.filter(digest=digest(secret), used_at=None).exists() and is_empty()


def owns(person: Person) -> bool:
    """Whether somebody is an owner today."""
    return Ownership.objects.filter(person=person, ended_at=None).exists()


def to_sign_in(email: str) -> Person | None:
    """The person of an address, for a link by mail."""
    return Person.objects.filter(email=email.strip().lower()).first()


def to_invite(people: QuerySet[Person]) -> QuerySet[Person]:
    """Of these, who has never signed in and has not left, in the order of a list of names."""
    return people.filter(joined_at=None, left_at=None).order_by("family_name", "given_name", "pk")


def invited_until(people: list[Person], *, at: datetime) -> dict[int, datetime]:
    """Of these, who has an invitation that still works, and until when."""
    rows = EntryPass.objects.filter(person__in=people, kind=EntryPass.Kind.INVITATION, used_at=None, expires_at__gt=at)
    return dict(rows.order_by("expires_at").values_list("person", "expires_at"))


def holding_codes(people: list[Person], *, at: datetime) -> set[int]:
    """Of these, who has a printed code that still works."""
    rows = EntryPass.objects.filter(person__in=people, kind=EntryPass.Kind.CODE, used_at=None, expires_at__gt=at)
    return set(rows.values_list("person", flat=True))


def not_invited(people: QuerySet[Person], *, at: datetime) -> QuerySet[Person]:
    """Of these, who has an address and no invitation that still works."""
    invited = EntryPass.objects.filter(kind=EntryPass.Kind.INVITATION, used_at=None, expires_at__gt=at)
    return people.exclude(email=None).exclude(email="").exclude(pk__in=invited.values("person"))
