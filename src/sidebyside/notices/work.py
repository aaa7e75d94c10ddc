"""Her partnerships as they stand, with whom, in which stage, and her own next dated step."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from django.db.models import FilteredRelation, OuterRef, Q, Subquery

from sidebyside.base import vault
from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled
from sidebyside.cycles.models import Contact, Step
from sidebyside.cycles.queries import MOVING_FOR
from sidebyside.cycles.twins import twins
from sidebyside.materials.models import MaterialVersion
from sidebyside.materials.queries import template
from sidebyside.notices.shapes import OwnStep, Waiting, Who, Work
from sidebyside.partnerships.models import Member
from sidebyside.policy import SIGHTS, Shape, Standing, of_my_partnerships, standing_values

MOST_STEPS = 40


def work_of(me: Standing, *, at: datetime) -> list[Work]:
    """Her partnerships that have not ended, the latest formed first. Three queries, and one to the key store."""
    if not me.partnerships:
        return []
    rows = _members_question(Shape.of(me)).rows(standing_values(me, at=at))
    steps = own_steps(me)
    found = [_work(me, list(rows_of_one), steps, at) for _pk, rows_of_one in groupby(rows, itemgetter(0))]
    return sorted(found, key=lambda work: work.pk, reverse=True)


def _work(me: Standing, rows: Sequence[tuple[Any, ...]], steps: dict[int, OwnStep], at: datetime) -> Work:
    pk, form, formed, rested, asks, cycle, stage, since, paused, version, made, latest = rows[0][:12]
    people = [
        Who(who, given, family, part, left is not None) for who, given, family, part, left in (r[12:] for r in rows)
    ]
    moving = latest is not None and latest > at - MOVING_FOR
    return Work(
        pk=pk,
        form=form,
        me=next(who for who in people if who.pk == me.person_id),
        others=tuple(who for who in people if who.pk != me.person_id),
        state="resting" if rested or paused else "moving" if moving else "quiet",
        formed_at=formed,
        rested_at=rested,
        asks_how_to_go_on_at=asks,
        cycle=cycle,
        stage=_stages(version, made).get(stage, "") if cycle else "",
        stage_since=since,
        paused_at=paused,
        latest_contact=latest,
        step=None if rested or paused else steps.get(pk),
    )


@asked_often
def _members_question(shape: Shape) -> Compiled:
    marks = Marks()
    me, at = shape.marked(marks), marks.moment("at")
    contacts = Contact.objects.filter(SIGHTS[Contact](me, False), removed_at=None, began_at__lte=at)
    latest = contacts.filter(partnership=OuterRef("partnership_id")).exclude(kinds=["errand"]).order_by("-began_at")
    running = FilteredRelation("partnership__cycles", condition=Q(partnership__cycles__ended_at=None))
    question = (
        Member.objects.filter(of_my_partnerships(me), left_at=None, partnership__ended_at=None)
        .annotate(running=running, latest=Subquery(latest.values("began_at")[:1]))
        .order_by("partnership_id", "joined_at", "pk")
        .values_list(
            "partnership_id", "partnership__form", "partnership__formed_at", "partnership__rested_at",
            "partnership__asks_how_to_go_on_at", "running__id", "running__stage", "running__stage_since",
            "running__paused_at", "running__template_id", "running__template__made_at", "latest",
            "person_id", "person__given_name", "person__family_name", "part", "person__left_at",
        )
    )  # fmt: skip
    return compiled(question, marks)


@lru_cache(maxsize=256)
def _stages(version: int, made_at: datetime) -> dict[str, str]:
    """The titles of the stages of a template version, by their slugs. A version never changes, so it is kept."""
    found = template(MaterialVersion.objects.get(pk=version, made_at=made_at))
    return {stage.slug: stage.title for stage in found.stages}


def own_steps(me: Standing) -> dict[int, OwnStep]:
    """The earliest dated step of hers that is not done, by partnership, opened. One query and one to the key store."""
    sealed: dict[int, Step] = {}
    for pk, partnership, text, by_date in _steps_question(Shape.of(me)).rows(standing_values(me)):
        sealed.setdefault(partnership, Step(pk=pk, partnership_id=partnership, text=text, by_date=by_date))
    return {
        step.partnership_id: OwnStep(step.pk, step.partnership_id, step.text, step.by_date)
        for step in vault.opened(sealed.values(), "text")
    }


@asked_often
def _steps_question(shape: Shape) -> Compiled:
    marks = Marks()
    me = shape.marked(marks)
    question = (
        Step.objects.filter(
            SIGHTS[Step](me, False) & of_my_partnerships(me), who=me.person_id, done_at=None, removed_at=None
        )
        .filter(by_date__isnull=False, cycle__ended_at=None)
        .order_by("by_date", "pk")
        .values_list("pk", "partnership_id", "text", "by_date")[:MOST_STEPS]
    )
    return compiled(question, marks)


# Two entries for one talk


def twins_of(me: Standing, *, at: datetime, lately: timedelta = MOVING_FOR) -> Iterator[Waiting]:
    """Entries of the log that may be one talk, begun lately, one item for each pair. One query."""
    if not me.partnerships:
        return
    rows = _recent_question(Shape.of(me)).rows(standing_values(me, lately=at - lately))
    for partnership, rows_of_one in groupby(rows, itemgetter(0)):
        for one, _other in twins(_entries(rows_of_one)):
            yield Waiting("twins", one.pk, partnership, at=one.began_at)


def _entries(rows: Iterable[tuple[Any, ...]]) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(pk=pk, began_at=began, minutes=minutes, logged_by_id=by, kept_apart_at=kept)
        for _partnership, pk, began, minutes, by, kept in rows
    ]


@asked_often
def _recent_question(shape: Shape) -> Compiled:
    marks = Marks()
    me, lately = shape.marked(marks), marks.moment("lately")
    question = (
        Contact.objects.filter(SIGHTS[Contact](me, False) & of_my_partnerships(me), began_at__gte=lately)
        .filter(removed_at=None, partnership__ended_at=None)
        .order_by("partnership_id", "began_at")
        .values_list("partnership_id", "pk", "began_at", "minutes", "logged_by_id", "kept_apart_at")
    )
    return compiled(question, marks)
