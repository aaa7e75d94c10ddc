"""Questions about persons and their ways in."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from sidebyside.base.tokens import digest
from sidebyside.people.models import EntryPass, FirstRun, Ownership, Person

OWNERS_WANTED = 2
TOLD_FOR = timedelta(days=30)


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


def may_have_codes(people: QuerySet[Person]) -> QuerySet[Person]:
    """Of these, for whom a slip of codes may be printed at all: without a mailbox, or not here yet; no owner, and
    nobody who has left. Whoever prints one could sign in as them, so who may print for whom is in the policy."""
    owners = Ownership.objects.filter(ended_at=None).values("person")
    return people.filter(Q(email=None) | Q(email="") | Q(joined_at=None), left_at=None).exclude(pk__in=owners)


def here_without_mailbox(people: QuerySet[Person]) -> QuerySet[Person]:
    """Of these, who has signed in before and has no mailbox, by name: when her codes are used up she needs new ones."""
    here = people.filter(Q(email=None) | Q(email=""), left_at=None).exclude(joined_at=None)
    return here.order_by("family_name", "given_name", "pk")


def printed_lately(person: Person, *, at: datetime) -> EntryPass | None:
    """A code of the slip that somebody else printed for her in the last 30 days, with who did; None if nobody."""
    codes = EntryPass.objects.filter(person=person, kind=EntryPass.Kind.CODE, made_at__gt=at - TOLD_FOR)
    return codes.exclude(made_by=person).select_related("made_by").order_by("-made_at", "-pk").first()


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
