"""Which lesson is taught in a visit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.lessons.actions.versions import as_it_stands
from sidebyside.lessons.models import Lesson, LessonVersion
from sidebyside.people.models import Person
from sidebyside.visits.actions.parts import must_go_on
from sidebyside.visits.models import Visit


@transaction.atomic
def teach_version(visit: Visit, version: LessonVersion | None, *, by: Person, at: datetime) -> None:
    """Say which version of a lesson is taught in a visit, before or after it took place; None: none of theirs.

    Raises Refused for a lesson of another partnership or of somebody else than who is visited, for one that was
    removed, and for a visit that was cancelled.
    """
    must_go_on(visit.partnership, by)
    if visit.cancelled_at is not None:
        raise Refused(_("This visit was cancelled."))
    if version is not None:
        lesson = version.lesson
        if lesson.partnership_id != visit.partnership_id or lesson.teacher_id != visit.observed_id:
            raise Refused(_("Choose a lesson that whoever is visited has in this partnership."))
        if lesson.removed_at is not None:
            raise Refused(_("This lesson was removed. Whose lesson it is can take it out of the bin."))
    if visit.version_id == (version.pk if version else None):
        return
    visit.version, visit.changed_at = version, at
    visit.save(update_fields=["version", "changed_at"])
    record("visit.lesson_chosen", visit, by=by, at=at, partnership=visit.partnership_id)


@transaction.atomic
def teach_as_it_is(visit: Visit, lesson: Lesson, *, by: Person, at: datetime) -> LessonVersion:
    """Say that a lesson is taught in a visit as it stands now: that is kept as a version, unless the last version
    says it already. Returns the version. Raises Refused as `teach_version` does."""
    taught = LessonVersion.Kind.TAUGHT
    again = lesson.versions.filter(kind=taught).exists()
    version = as_it_stands(lesson, kind=LessonVersion.Kind.TAUGHT_AGAIN if again else taught, by=by, at=at)
    teach_version(visit, version, by=by, at=at)
    return version
