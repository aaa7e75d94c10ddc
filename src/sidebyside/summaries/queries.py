"""Questions about summaries, plans and their releases."""

import json
from typing import Any

from django.db.models import QuerySet

from sidebyside.base import vault
from sidebyside.cycles.models import Cycle, Goal, Sheet, Step
from sidebyside.partnerships.models import Member, Partnership
from sidebyside.people.models import Person
from sidebyside.places.models import Role
from sidebyside.places.queries import ids_above
from sidebyside.summaries.models import Consent, Plan, Summary

MAY_RECEIVE = (Role.Kind.LEADER, Role.Kind.FACILITATOR, Role.Kind.LEAD)


def body_of(record: Summary | Plan) -> dict[str, Any]:
    """The fields of a summary or plan whose `body` was opened. An erased one has none."""
    return json.loads(record.body) if record.body else {}


def fill(cycle: Cycle) -> dict[str, str]:
    """What the summary form of this cycle starts from: the work itself, as the members know it.

    Opens the sealed texts of the cycle: ask the policy first. Minutes are left out on purpose, and so are
    reflections: they are their authors' own, also after they were shared.
    """
    sheets = list(Sheet.objects.filter(cycle=cycle))
    goals = list(Goal.objects.filter(cycle=cycle, removed_at=None).order_by("pk"))
    vault.open_texts((row, "text") for row in [*sheets, *goals])
    by_kind = {sheet.kind: sheet.text for sheet in sheets}
    contacts = list(cycle.contacts.filter(removed_at=None).order_by("began_at").values_list("began_at", "kinds"))
    return {
        "members": names_of(cycle.partnership),
        "contact_dates": "\n".join(dict.fromkeys(began.date().isoformat() for began, _kinds in contacts)),
        "focus": by_kind.get(Sheet.Kind.FOCUS, ""),
        "goal_titles": "\n".join(goal.text.split("\n")[0] for goal in goals),
        "kinds_of_help": ",".join(sorted({kind for _began, kinds in contacts for kind in kinds} - {"errand"})),
        "next_step": by_kind.get(Sheet.Kind.NEXT_STEP, ""),
    }


def plan_of(cycle: Cycle) -> dict[str, Any]:
    """The goals and steps of a cycle as a plan shows them. Opens sealed texts: ask the policy first."""
    focus = list(Sheet.objects.filter(cycle=cycle, kind=Sheet.Kind.FOCUS))
    goals = list(Goal.objects.filter(cycle=cycle, removed_at=None).select_related("place_goal").order_by("pk"))
    steps = list(Step.objects.filter(cycle=cycle, removed_at=None).select_related("who").order_by("by_date", "pk"))
    vault.open_texts([(row, "text") for row in [*focus, *goals, *steps]] + [(goal, "evidence") for goal in goals])
    return {
        "focus": focus[0].text if focus else "",
        "goals": [
            {
                "text": goal.text,
                "evidence": goal.evidence,
                "by": goal.by_date.isoformat() if goal.by_date else "",
                "place_goal": goal.place_goal.text if goal.place_goal else "",
            }
            for goal in goals
        ],
        "steps": [
            {
                "text": step.text,
                "who": step.who.name if step.who else "",
                "by": step.by_date.isoformat() if step.by_date else "",
            }
            for step in steps
        ],
    }


def names_of(partnership: Partnership) -> str:
    """The members' names, as one line."""
    return ", ".join(member.person.name for member in current_members(partnership))


def current_members(partnership: Partnership) -> list[Member]:
    """Who is in a partnership today."""
    members = Member.objects.filter(partnership=partnership, left_at=None)
    return list(members.select_related("person", "school").order_by("pk"))


def still_to_agree(record: Summary | Plan) -> list[Person]:
    """The members who have not agreed that this very version may be released.

    Who joined after its cycle had begun sees none of it, so she is not asked.
    """
    agreed = set(_consents(record).values_list("person_id", flat=True))
    began = record.cycle.began_at
    members = [
        member for member in current_members(record.partnership) if not member.sees_from or member.sees_from <= began
    ]
    return [member.person for member in members if member.person_id not in agreed]


def has_agreed(record: Summary | Plan, person: Person) -> bool:
    """Whether this member agreed to this version."""
    return _consents(record).filter(person=person).exists()


def _consents(record: Summary | Plan) -> QuerySet:
    name = "summary" if isinstance(record, Summary) else "plan"
    return Consent.objects.filter(**{name: record}, version=record.version)


def may_receive(partnership: Partnership) -> list[Role]:
    """To whom a partnership may release: who leads, facilitates or runs the programme at or above its schools."""
    schools = [member.school_id for member in current_members(partnership) if member.school_id]
    members = [member.person_id for member in current_members(partnership)]
    roles = Role.objects.filter(kind__in=MAY_RECEIVE, ended_at=None, place__in=ids_above(schools))
    seen: dict[int, Role] = {}
    for role in roles.exclude(person__in=members).select_related("person", "place").order_by("kind", "pk"):
        seen.setdefault(role.person_id, role)
    return sorted(seen.values(), key=lambda role: (role.kind != Role.Kind.LEADER, role.person.name))


def releases_of(record: Summary | Plan) -> QuerySet:
    """Every release of a record, those taken back after they were read included, the latest first."""
    return record.releases.select_related("to", "by").order_by("-at")
