"""A cycle begins, moves, rests and ends."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.cycles.models import Cycle
from sidebyside.materials.models import MaterialVersion
from sidebyside.materials.queries import template as read_template
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person


@transaction.atomic
def begin(partnership: Partnership, *, template: MaterialVersion, by: Person, at: datetime) -> Cycle:
    """Begin the first or the next cycle. It keeps this version of the template for as long as it runs.

    Raises Refused when a cycle is running, when the partnership has ended, or when the material is no cycle.
    """
    if partnership.ended_at is not None:
        raise Refused(_("This partnership has ended. What you wrote stays here to read."))
    if template.material.kind != "cycle":
        raise Refused(_("This is not a cycle. Please choose one of those offered."))
    last = Cycle.objects.filter(partnership=partnership).aggregate(last=Max("number"))["last"] or 0
    stage = read_template(template).stages[0].slug
    try:
        with transaction.atomic():
            cycle = Cycle.objects.create(
                partnership=partnership, number=last + 1, template=template, began_at=at, began_by=by,
                stage=stage, stage_since=at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("A cycle is running already. Complete or stop it, then begin the next.")) from None
    record("cycle.began", cycle, by=by, at=at, partnership=partnership.pk)
    return cycle


@transaction.atomic
def move_to(cycle: Cycle, *, stage: str, by: Person, at: datetime) -> None:
    """Move a cycle to any of its stages, forwards or back. Already there: nothing happens.

    Raises Refused for a stage that its template does not have, and when the cycle has ended.
    """
    if stage not in {one.slug for one in read_template(cycle.template).stages}:
        raise Refused(_("This cycle has no such stage."))
    rows = Cycle.objects.filter(pk=cycle.pk)
    if not rows.filter(ended_at=None).exclude(stage=stage).update(stage=stage, stage_since=at):
        if not rows.filter(stage=stage).exists():
            raise Refused(_("This cycle has ended. Take it up again, or begin the next."))
        return
    before, cycle.stage, cycle.stage_since = cycle.stage, stage, at
    record("cycle.moved", cycle, by=by, at=at, partnership=cycle.partnership_id, before=before, stage=stage)


@transaction.atomic
def pause(cycle: Cycle, *, by: Person, at: datetime) -> None:
    """Let a cycle rest where it is. Resting already: nothing happens. Raises Refused when it has ended."""
    _must_not_have_ended(cycle)
    if Cycle.objects.filter(pk=cycle.pk, ended_at=None, paused_at=None).update(paused_at=at, paused_by=by):
        cycle.paused_at, cycle.paused_by = at, by
        record("cycle.paused", cycle, by=by, at=at, partnership=cycle.partnership_id)


@transaction.atomic
def resume(cycle: Cycle, *, by: Person, at: datetime) -> None:
    """Go on where it was paused. Not paused: nothing happens. Raises Refused when it has ended."""
    _must_not_have_ended(cycle)
    paused = Cycle.objects.filter(pk=cycle.pk, ended_at=None, paused_at__isnull=False)
    if paused.update(paused_at=None, paused_by=None):
        cycle.paused_at = cycle.paused_by = None
        record("cycle.resumed", cycle, by=by, at=at, partnership=cycle.partnership_id)


def complete(cycle: Cycle, *, by: Person, at: datetime) -> None:
    """End a cycle that did what it was for. Completed already: nothing happens."""
    _end(cycle, Cycle.Ending.COMPLETED, "cycle.completed", by, at)


def stop(cycle: Cycle, *, by: Person, at: datetime) -> None:
    """End a cycle early; that is nobody's fault, and nothing is asked. Ended already: nothing happens."""
    _end(cycle, Cycle.Ending.STOPPED, "cycle.stopped", by, at)


def stop_with_partnership(event: Event) -> None:
    """Reads "partnership.ended": the cycle that was running ends with it."""
    for cycle in Cycle.objects.filter(partnership=event.about_id, ended_at=None):
        stop(cycle, by=_who(event), at=event.at)


def begin_anew_with_newcomer(event: Event) -> None:
    """Reads "partnership.joined": who joins sees what is written from then on, so a new cycle begins for all.

    It has the template and the stage of the one that was running; that one ends, and stays with those who wrote it.
    """
    running = Cycle.objects.filter(partnership=event.about_id, ended_at=None).select_related("template", "partnership")
    for cycle in running:
        by = _who(event)
        stop(cycle, by=by, at=event.at)
        anew = begin(cycle.partnership, template=cycle.template, by=by, at=event.at)
        if anew.stage != cycle.stage:
            move_to(anew, stage=cycle.stage, by=by, at=event.at)


@transaction.atomic
def reopen(cycle: Cycle, *, by: Person, at: datetime) -> None:
    """Take an ended cycle up again where it was. Running: nothing happens.

    Raises Refused when another cycle runs, or when the partnership has ended.
    """
    if cycle.partnership.ended_at is not None:
        raise Refused(_("This partnership has ended. What you wrote stays here to read."))
    try:
        with transaction.atomic():
            ended = Cycle.objects.filter(pk=cycle.pk, ended_at__isnull=False)
            changed = ended.update(ended_at=None, ended_by=None, ending="")
    except IntegrityError:
        raise Refused(_("Another cycle is running already, so this one stays as it is.")) from None
    if changed:
        cycle.ended_at, cycle.ended_by, cycle.ending = None, None, ""
        record("cycle.reopened", cycle, by=by, at=at, partnership=cycle.partnership_id)


def _who(event: Event) -> Person:
    assert event.by is not None, "somebody ended it or joined it"
    return Person.objects.get(pk=event.by)


@transaction.atomic
def _end(cycle: Cycle, ending: Cycle.Ending, event: str, by: Person, at: datetime) -> None:
    running = Cycle.objects.filter(pk=cycle.pk, ended_at=None)
    if running.update(ended_at=at, ended_by=by, ending=ending, paused_at=None, paused_by=None):
        cycle.ended_at, cycle.ended_by, cycle.ending = at, by, ending
        cycle.paused_at = cycle.paused_by = None
        record(event, cycle, by=by, at=at, partnership=cycle.partnership_id)


def _must_not_have_ended(cycle: Cycle) -> None:
    if cycle.ended_at is not None:
        raise Refused(_("This cycle has ended. Take it up again, or begin the next."))
