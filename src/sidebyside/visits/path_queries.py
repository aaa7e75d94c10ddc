"""The path of a lesson: its versions, and the visits in which each was taught, in the order of the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from sidebyside.lessons.models import Lesson, LessonVersion
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person
from sidebyside.visits.models import Visit


@dataclass(frozen=True)
class Step:
    """One step: a kept version, a visit in which it is taught, or the lesson as it stands now.

    `kind` is "version", "visit" or "now"; `at` is when it was kept or takes place (none for now). What is seen in a
    visit and what is written afterwards are steps of their own kinds once there are such records.
    """

    kind: str
    at: datetime | None
    version: LessonVersion | None = None
    visit: Visit | None = None
    is_ahead: bool = False


def path_of(lesson: Lesson, versions: QuerySet[LessonVersion], visits: QuerySet[Visit], *, at: datetime) -> list[Step]:
    """The path of a lesson among the versions and visits that somebody may see; two queries. Names are still sealed.

    Each version is followed by its visits, by their time; cancelled visits are left out. What is written now stands
    after the last version and what was done with it, before what is still to come.
    """
    kept = list(versions.filter(lesson=lesson).select_related("made_by").defer("body").order_by("number"))
    found = visits.filter(version__in=[version.pk for version in kept], cancelled_at=None)
    held: dict[int, list[Visit]] = {}
    for visit in found.select_related("observed", "observer").order_by("begin", "pk"):
        held.setdefault(visit.version_id or 0, []).append(visit)
    steps: list[Step] = []
    for version in kept:
        steps.append(Step("version", version.made_at, version=version))
        for visit in held.get(version.pk, []):
            ahead = visit.held_at is None and visit.begin > at
            steps.append(Step("visit", visit.begin, version=version, visit=visit, is_ahead=ahead))
    place = len(steps)
    while place and steps[place - 1].is_ahead:
        place -= 1
    return [*steps[:place], Step("now", None), *steps[place:]]


def without_lesson(visits: QuerySet[Visit], partnership: Partnership, teacher: Person, *, at: datetime) -> list[Visit]:
    """The visits to come among these in which somebody is visited and nobody has said yet which lesson is taught."""
    open_ones = visits.filter(partnership=partnership, observed=teacher, version=None, cancelled_at=None, held_at=None)
    return list(open_ones.filter(end__gt=at).select_related("observed", "observer").order_by("begin", "pk")[:5])
