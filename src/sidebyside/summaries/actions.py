"""Drawing up, agreeing, releasing and taking back. Releasing is an act of the owner, and all members own it."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted, required
from sidebyside.base.versions import overwrite
from sidebyside.cycles.models import Cycle
from sidebyside.partnerships.actions import note_opening
from sidebyside.partnerships.models import Member
from sidebyside.people.models import Person
from sidebyside.summaries import queries
from sidebyside.summaries.models import Answer, Consent, Plan, PlanRelease, Summary, SummaryRelease

Released = Summary | Plan


@transaction.atomic
def draw_up(cycle: Cycle, *, fields: Mapping[str, str], by: Person, at: datetime) -> Summary:
    """Make the summary form of a cycle with these first texts, or return the one there is."""
    body = _sealable(fields)
    summary, new = Summary.objects.get_or_create(
        cycle=cycle,
        defaults={
            "partnership_id": cycle.partnership_id,
            "body": body,
            "written_at": at,
            "changed_at": at,
            "changed_by": by,
        },
    )
    if new:
        record("summary.drawn_up", summary, by=by, at=at, partnership=cycle.partnership_id)
    return summary


@transaction.atomic
def change(summary: Summary, *, fields: Mapping[str, str], version: int, by: Person, at: datetime) -> Summary:
    """Save the fields of a summary. Who had agreed is asked again.

    Raises Overtaken when somebody saved a newer version, Refused while it is released to anybody.
    """
    _hold(summary)
    if summary.releases.filter(withdrawn_at=None).exists():
        raise Refused(_("Others can read this now. Take it back first; then you can change it."))
    if overwrite(summary, version=version, by=by, at=at, body=_sealable(fields)):
        record("summary.changed", summary, by=by, at=at, partnership=summary.partnership_id)
    return summary


@transaction.atomic
def draw_up_plan(cycle: Cycle, *, ask: str, line: str, by: Person, at: datetime) -> Plan:
    """Make a plan to be shown, from the goals and steps as they are now, with at most one line that asks.

    Who makes it agrees to it; the others are asked.
    """
    if cycle.partnership.ended_at is not None:
        raise Refused(_("This partnership has ended. What you wrote stays here to read."))
    line = accepted(line, longest=300)
    if "\n" in line:
        raise Refused(_("One line is enough: please take out the line breaks."))
    if line and not ask:
        raise Refused(_("Choose what the line asks for: time, a room, a device or training."))
    plan = Plan.objects.create(
        partnership_id=cycle.partnership_id,
        cycle=cycle,
        body=json.dumps(queries.plan_of(cycle), ensure_ascii=False),
        ask=ask,
        line=line,
        written_at=at,
        changed_at=at,
        changed_by=by,
    )
    record("plan.drawn_up", plan, by=by, at=at, partnership=cycle.partnership_id)
    agree(plan, version=plan.version, by=by, at=at)
    return plan


@transaction.atomic
def agree(released: Released, *, version: int, by: Person, at: datetime) -> None:
    """A member agrees that this version may be released. Raises Refused when it has changed since she read it."""
    current = type(released)._default_manager.get(pk=released.pk)
    if current.version != version:
        raise Refused(_("It has changed since you read it. Please read it again."))
    Consent.objects.get_or_create(**{_name(released): released}, version=version, person=by, defaults={"at": at})
    record(f"{_name(released)}.agreed", released, by=by, at=at, partnership=released.partnership_id)


@transaction.atomic
def release(released: Released, *, to: Person, by: Person, at: datetime) -> SummaryRelease | PlanRelease:
    """Show a summary or plan to a named person. All members must have agreed to this version.

    No event and no mail tells of it: taken back unread, it leaves no trace.
    """
    _hold(released)
    released = type(released)._default_manager.select_related("partnership", "cycle").get(pk=released.pk)
    if waiting := queries.still_to_agree(released):
        names = ", ".join(person.name for person in waiting)
        raise Refused(_("Not everybody has agreed yet: %(names)s.") % {"names": names})
    if to.pk not in {role.person_id for role in queries.may_receive(released.partnership)}:
        raise Refused(_("This person leads or facilitates none of your schools."))
    model = SummaryRelease if isinstance(released, Summary) else PlanRelease
    try:
        with transaction.atomic():
            return model._default_manager.create(**{_name(released): released}, to=to, by=by, at=at)
    except IntegrityError:
        raise Refused(_("%(name)s can read it already.") % {"name": to.name}) from None


@transaction.atomic
def withdraw(given: SummaryRelease | PlanRelease, *, by: Person, at: datetime) -> bool:
    """Take a release back. Returns whether it had been opened: unread, it goes without a trace."""
    if given.opened_at is None and type(given)._default_manager.filter(pk=given.pk, opened_at=None).delete()[0]:
        return False
    if type(given)._default_manager.filter(pk=given.pk, withdrawn_at=None).update(withdrawn_at=at):
        released = given.summary if isinstance(given, SummaryRelease) else given.plan
        record(f"{_name(released)}.taken_back", released, by=by, at=at, partnership=released.partnership_id)
    return True


@transaction.atomic
def open_released(released: Released, *, reader: Person, at: datetime) -> bool:
    """Note that somebody to whom it was released opens it: the members see that.

    Returns whether she may read it: not when it was taken back a moment ago. Members leave no mark; do not ask
    for them.
    """
    given = released.releases.filter(to=reader, withdrawn_at=None)
    if not given.update(opened_at=Coalesce("opened_at", Value(at))):
        return False
    note_opening(released.partnership, reader=reader, record=released, at=at)
    return True


def withdraw_what_nobody_owns(event: Event) -> None:
    """Reads "partnership.ended": where its last member has left, nobody could take anything back any more."""
    if Member.objects.filter(partnership=event.about_id, left_at=None).exists():
        return
    SummaryRelease.objects.filter(summary__partnership=event.about_id, withdrawn_at=None).update(withdrawn_at=event.at)
    PlanRelease.objects.filter(plan__partnership=event.about_id, withdrawn_at=None).update(withdrawn_at=event.at)


@transaction.atomic
def answer(plan: Plan, *, text: str, by: Person, at: datetime) -> Answer:
    """A leader answers a plan. An answer gives time, a room, a device or words; it approves nothing."""
    given = Answer.objects.create(
        plan=plan, partnership_id=plan.partnership_id, by=by, text=required(text, longest=2000), at=at
    )
    record("plan.answered", plan, by=by, at=at, partnership=plan.partnership_id)
    return given


def _hold(released: Released) -> None:
    """Nobody else changes or releases this until the transaction ends: what is agreed is what is released."""
    type(released)._default_manager.filter(pk=released.pk).update(version=F("version"))


def _name(released: Released) -> str:
    return "summary" if isinstance(released, Summary) else "plan"


def _sealable(fields: Mapping[str, str]) -> str:
    return json.dumps({name: accepted(text) for name, text in fields.items()}, ensure_ascii=False)
