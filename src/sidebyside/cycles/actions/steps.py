"""The action plan: what, who, by when."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import required
from sidebyside.base.versions import overwrite
from sidebyside.cycles.actions.sheets import must_be_open
from sidebyside.cycles.models import Cycle, Step
from sidebyside.people.models import Person


@transaction.atomic
def add_step(cycle: Cycle, *, text: str, who: Person | None, by_date: date | None, by: Person, at: datetime) -> Step:
    """Add a line to the plan. `who` is a member, or None for all together.

    Raises Refused for a text that is empty or cannot be kept, for somebody who is no member, and when the cycle has
    ended.
    """
    must_be_open(cycle)
    _must_be_member(cycle, who)
    step = Step.objects.create(
        cycle=cycle, partnership_id=cycle.partnership_id, text=required(text), who=who, by_date=by_date,
        written_at=at, changed_at=at, changed_by=by,
    )  # fmt: skip
    record("step.added", step, by=by, at=at, partnership=cycle.partnership_id)
    return step


@transaction.atomic
def change_step(
    step: Step, *, text: str, who: Person | None, by_date: date | None, version: int, by: Person, at: datetime
) -> None:
    """Change a line of the plan. Raises Overtaken when somebody changed it since `version`; Refused as `add_step`
    does, and when it was removed."""
    must_be_open(step.cycle)
    if who != step.who:
        _must_be_member(step.cycle, who)
    if overwrite(step, version=version, by=by, at=at, text=required(text), who=who, by_date=by_date):
        record("step.changed", step, by=by, at=at, partnership=step.partnership_id)


@transaction.atomic
def finish(step: Step, *, by: Person, at: datetime) -> None:
    """Say that a step is done. Said already: nothing happens."""
    if Step.objects.filter(pk=step.pk, done_at=None).update(done_at=at, done_by=by):
        step.done_at, step.done_by = at, by
        record("step.finished", step, by=by, at=at, partnership=step.partnership_id)


@transaction.atomic
def reopen_step(step: Step, *, by: Person, at: datetime) -> None:
    """Say that a step is open again. Open already: nothing happens."""
    if Step.objects.filter(pk=step.pk, done_at__isnull=False).update(done_at=None, done_by=None):
        step.done_at = step.done_by = None
        record("step.reopened", step, by=by, at=at, partnership=step.partnership_id)


def _must_be_member(cycle: Cycle, who: Person | None) -> None:
    members = cycle.partnership.members.filter(left_at=None)
    if who is not None and not members.filter(person=who).exists():
        raise Refused(_("A step belongs to one of you, or to all of you together."))
