"""Ways in that work once: a link in a mail, an invitation, a code on a printed sheet."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.tokens import digest, new_code, new_token, tidy_code
from sidebyside.people.models import EntryPass, Person
from sidebyside.people.queries import may_have_codes

LAST = {
    EntryPass.Kind.LINK: timedelta(hours=1),
    EntryPass.Kind.INVITATION: timedelta(days=30),
    EntryPass.Kind.CODE: timedelta(days=365),
}
CODES_ON_A_SLIP = 4
CODE_LENGTH = len(tidy_code(new_code()))
# A code with a letter too many is still a code to whoever typed it; a link is much longer.
LONGEST_CODE = 2 * CODE_LENGTH
KEPT_AFTER_ITS_END = timedelta(days=30)


class NoWayIn(Refused):
    """A way in that does not work. `why` is "wrong", "used" or "expired"; `kind` says of what, where that is known."""

    def __init__(self, why: str, *, kind: str = "") -> None:
        super().__init__(_sentence(why, kind))
        self.why = why
        self.kind = kind


def _sentence(why: str, kind: str) -> str:
    code = kind == EntryPass.Kind.CODE
    if why == "used":
        return (
            _("This code has been used. Each one works once.")
            if code
            else _("This link has been used. Each one works once.")
        )
    if why == "expired":
        return _("This code is too old to be used.") if code else _("This link is too old to be used.")
    return _("This code is not known here. Look at it once more.") if code else _("This link is not known here.")


@transaction.atomic
def give_link(person: Person, *, kind: str = EntryPass.Kind.LINK, by: Person | None, at: datetime) -> str:
    """Make a way in for somebody and return its secret, which is kept nowhere.

    A link works for an hour, an invitation for 30 days; a new invitation puts an end to the one before.
    """
    if kind == EntryPass.Kind.INVITATION:
        take_back_passes([person], kind=kind, at=at)
    secret = new_token()
    entry = EntryPass.objects.create(
        kind=kind,
        person=person,
        digest=digest(secret),
        made_at=at,
        made_by=by,
        expires_at=at + LAST[EntryPass.Kind(kind)],
    )
    if kind == EntryPass.Kind.INVITATION:
        record("person.invited", person, by=by, at=at, entry_pass=entry.pk)
    return secret


@transaction.atomic
def print_codes(people: Iterable[Person], *, by: Person, at: datetime) -> list[tuple[Person, list[str]]]:
    """Make four one-time codes for each of some people, for a printed sheet. Their older codes stop working.

    Whoever prints could sign in as them, so there are none for owners and for who has joined and has an address:
    Refused. Returns each person with her codes, in the order given. The codes are kept nowhere: print them now
    or never.
    """
    people = list(people)
    ids = [person.pk for person in people]
    if Person.objects.filter(pk__in=ids).exclude(pk__in=may_have_codes(Person.objects.all()).values("pk")).exists():
        raise Refused(_("Whoever has a mailbox and has signed in before, owns the installation or left gets no codes."))
    take_back_passes(people, kind=EntryPass.Kind.CODE, at=at)
    slips = [(person, [new_code() for _number in range(CODES_ON_A_SLIP)]) for person in people]
    until = at + LAST[EntryPass.Kind.CODE]
    EntryPass.objects.bulk_create(
        EntryPass(
            kind=EntryPass.Kind.CODE, person=person, digest=digest(code), made_at=at, made_by=by, expires_at=until
        )
        for person, codes in slips
        for code in codes
    )
    for person in people:
        record("person.codes_printed", person, by=by, at=at)
    return slips


def take_back_passes(people: Iterable[Person], *, kind: str, at: datetime) -> int:
    """Put an end to the unused passes of one kind of some people. Returns how many."""
    open_ones = EntryPass.objects.filter(person__in=list(people), kind=kind, used_at=None, expires_at__gt=at)
    return open_ones.update(expires_at=at)


def look_at_pass(secret: str, *, at: datetime) -> EntryPass:
    """The pass of a secret, without using it. Raises NoWayIn, as `use_pass` does."""
    written = _tidy(secret)
    kind = EntryPass.Kind.CODE if len(written) <= LONGEST_CODE else ""
    found = EntryPass.objects.select_related("person").filter(digest=digest(written)).first()
    if found is None:
        raise NoWayIn("wrong", kind=kind)
    if found.used_at is not None:
        raise NoWayIn("used", kind=found.kind)
    if not found.works(at):
        raise NoWayIn("expired", kind=found.kind)
    return found


@transaction.atomic
def use_pass(secret: str, *, at: datetime) -> Person:
    """Use a link, an invitation or a code up. Returns whose it is. It works for exactly one of two who come at once.

    A code may be typed in small letters, with spaces or without hyphens. Raises NoWayIn with a sentence that says
    whether it is wrong, used or too old.
    """
    found = look_at_pass(secret, at=at)
    if not EntryPass.objects.filter(pk=found.pk, used_at=None, expires_at__gt=at).update(used_at=at):
        raise NoWayIn("used", kind=found.kind)
    if found.kind != EntryPass.Kind.CODE:
        # Her mailbox lets her in. What lies about on paper need not any more.
        take_back_passes([found.person], kind=EntryPass.Kind.CODE, at=at)
    return found.person


def _tidy(secret: str) -> str:
    """A link's secret as it is; what is short enough to be a code, as a code was printed."""
    short = secret if len(secret) <= 40 else ""
    code = tidy_code(short)
    return code if len(code) == CODE_LENGTH else secret.encode("utf-8", "replace").decode()


@transaction.atomic
def admit(person: Person, *, at: datetime) -> None:
    """Somebody has signed in. The first time, she has joined."""
    if Person.objects.filter(pk=person.pk, joined_at=None).update(joined_at=at):
        person.joined_at = at
        record("person.joined", person, by=person, at=at)


def forget_passes(*, at: datetime) -> int:
    """Delete passes that ended 30 days ago: until then they can say that they were used. Returns how many."""
    return EntryPass.objects.filter(expires_at__lte=at - KEPT_AFTER_ITS_END).delete()[0]
