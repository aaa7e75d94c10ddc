"""How somebody begins: the one act of an empty home for each role, and the first steps of an arrival."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from sidebyside.notices.shapes import Home
from sidebyside.people.models import Person
from sidebyside.places.models import Role
from sidebyside.policy import Standing

NEW_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Beginning:
    """What a place to begin is for, and the one act there. Without an address there is nothing to do yet."""

    title: str
    text: str
    href: str = ""
    label: str = ""


@dataclass(frozen=True)
class Step:
    """A line of the list of first steps."""

    text: str
    href: str
    done: bool


def beginnings(me: Standing, home: Home) -> list[Beginning]:
    """Where she can begin, by what she is here; the first is the one for an empty home."""
    found = [*_leading(me), *_working(me, home)]
    return found or [
        Beginning(
            _("Nothing waits for you"),
            _("You have no work and no role here yet. Whoever runs the programme at your place can give you one."),
        )
    ]


def _leading(me: Standing) -> list[Beginning]:
    found = []
    if Role.Kind.LEAD in me.roles:
        found.append(
            Beginning(
                _("Bring your schools in"),
                _("A roster brings places and people. You see what would change before anything does."),
                reverse("rosters"),
                _("Bring a roster"),
            )
        )
    if Role.Kind.FACILITATOR in me.roles:
        found.append(
            Beginning(
                _("You look after partnerships"),
                _("You see partnerships by name, with one word each, and can offer help. What they write is theirs."),
                reverse("facilitator"),
                _("See your partnerships"),
            )
        )
    if Role.Kind.LEADER in me.roles:
        found.append(
            Beginning(
                _("Your school"),
                _("What partnerships release to you arrives here. You can give time, room, devices or training."),
                reverse("leader"),
                _("See your school"),
            )
        )
    if me.is_owner:
        found.append(
            Beginning(
                _("You own this installation"),
                _("You set it up and see nobody's work. There should be two owners at any time."),
                reverse("owners"),
                _("See the owners"),
            )
        )
    if not found and (Role.Kind.EVALUATOR in me.roles or Role.Kind.COVER_DESK in me.roles):
        found.append(
            Beginning(_("Nothing waits for you"), _("What concerns you will arrive here. You need not look every day."))
        )
    return found


def _working(me: Standing, home: Home) -> list[Beginning]:
    if not me.schools or Role.Kind.LEADER in me.roles or me.partnerships:
        return []
    if home.asked:
        return [_asked(home)]
    if Role.Kind.COACH in me.roles:
        return [
            Beginning(
                _("Invite a colleague"),
                _("You are a coach. Ask a colleague whether she or he would like to work on a lesson with you."),
                reverse("new_partnership"),
                _("Invite a colleague"),
            )
        ]
    return [
        Beginning(
            _("Find somebody to work with"),
            _("Two colleagues, one real lesson, a few weeks. You choose what you work on, and nobody grades it."),
            reverse("coaches"),
            _("Find a coach"),
        )
    ]


def _asked(home: Home) -> Beginning:
    if any(item.kind == "wish" for item in home.asked):
        return Beginning(
            _("You asked for a coach"),
            _("The facilitators of your places see it, and nobody else. You can also ask somebody yourself."),
            reverse("coaches"),
            _("See the coaches"),
        )
    return Beginning(
        _("You have asked a colleague"),
        _("Nothing more to do: the answer will arrive here."),
        reverse("partnerships"),
        _("See what you asked"),
    )


def first_steps(person: Person, me: Standing, home: Home, *, at: datetime) -> list[Step]:
    """The first steps of somebody who works at a school and came lately; none when all are done."""
    if not me.schools or Role.Kind.LEADER in me.roles or person.joined_at is None or person.joined_at < at - NEW_FOR:
        return []
    work = home.partnerships
    there = reverse("workspace", args=[work[0].pk]) if work else ""
    steps = [
        Step(_("Say in a line who you are"), reverse("me"), bool(person.about)),
        Step(_("Find somebody to work with"), reverse("coaches"), bool(work or home.asked)),
        Step(_("Begin a cycle together"), there, any(one.cycle for one in work)),
        Step(_("Log your first contact: three taps"), there, any(one.latest_contact for one in work)),
    ]
    return [] if all(step.done for step in steps) else steps
