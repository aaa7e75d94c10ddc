"""Goals: what the partner wants for her students, how she would know, and by when."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from sidebyside.base.events import record
from sidebyside.base.text import accepted, required
from sidebyside.base.versions import overwrite
from sidebyside.cycles.actions.sheets import must_be_open
from sidebyside.cycles.models import Cycle, Goal
from sidebyside.materials.models import PlaceGoal
from sidebyside.people.models import Person


@transaction.atomic
def add_goal(
    cycle: Cycle, *, text: str, evidence: str, by_date: date | None, place_goal: PlaceGoal | None,
    by: Person, at: datetime,
) -> Goal:  # fmt: skip
    """Write a goal: its text, what would show that it is reached, and a date; the last two may wait.

    `place_goal` links it to a goal of a place. Raises Refused for a text that is empty or cannot be kept, and when
    the cycle has ended.
    """
    must_be_open(cycle)
    goal = Goal.objects.create(
        cycle=cycle, partnership_id=cycle.partnership_id, text=required(text), evidence=accepted(evidence),
        by_date=by_date, place_goal=place_goal, written_at=at, changed_at=at, changed_by=by,
    )  # fmt: skip
    record("goal.added", goal, by=by, at=at, partnership=cycle.partnership_id)
    return goal


@transaction.atomic
def change_goal(
    goal: Goal, *, text: str, evidence: str, by_date: date | None, place_goal: PlaceGoal | None,
    version: int, by: Person, at: datetime,
) -> None:  # fmt: skip
    """Change a goal. Raises Overtaken when somebody changed it since `version`; Refused as `add_goal` does, and
    when it was removed."""
    must_be_open(goal.cycle)
    changes: dict[str, Any] = {"text": required(text), "evidence": accepted(evidence), "by_date": by_date}
    if overwrite(goal, version=version, by=by, at=at, place_goal=place_goal, **changes):
        record("goal.changed", goal, by=by, at=at, partnership=goal.partnership_id)


@transaction.atomic
def reach(goal: Goal, *, by: Person, at: datetime) -> None:
    """Say that a goal is reached. Said already: nothing happens."""
    if Goal.objects.filter(pk=goal.pk, reached_at=None).update(reached_at=at, reached_by=by):
        goal.reached_at, goal.reached_by = at, by
        record("goal.reached", goal, by=by, at=at, partnership=goal.partnership_id)


@transaction.atomic
def unreach(goal: Goal, *, by: Person, at: datetime) -> None:
    """Say that a goal is open again. Open already: nothing happens."""
    if Goal.objects.filter(pk=goal.pk, reached_at__isnull=False).update(reached_at=None, reached_by=None):
        goal.reached_at = goal.reached_by = None
        record("goal.unreached", goal, by=by, at=at, partnership=goal.partnership_id)
