"""To choose which standards a lesson works towards. The lesson keeps the words that were chosen."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sidebyside.base.refusals import Refused
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions.lessons import change_text
from sidebyside.lessons.models import Lesson
from sidebyside.lessons.text import ChosenStandard
from sidebyside.materials.models import Standard
from sidebyside.people.models import Person

MOST_CHOSEN = 40


def choose_standard(lesson: Lesson, *, standard: Standard, by: Person, at: datetime) -> None:
    """Say that a lesson works towards a standard; chosen before, it takes on the words of this one.

    Who has the lesson open sees it. Raises Refused where many are chosen already, and where the lesson is only there
    to read.
    """
    chosen = chosen_of(standard)

    def change(doc: Any) -> None:
        there = {one.identifier for one in lesson_text.read(doc).standards}
        if len(there) >= MOST_CHOSEN and chosen.identifier not in there:
            raise Refused(
                _("A lesson has at most %(count)s standards. Choose those that it really works towards.")
                % {"count": MOST_CHOSEN}
            )
        lesson_text.add_standard(doc, chosen)

    change_text(lesson, change, by=by, at=at)


def drop_standard(lesson: Lesson, *, identifier: str, by: Person, at: datetime) -> None:
    """Say that a lesson works towards a standard no more. Not chosen: nothing happens. Raises Refused where the
    lesson is only there to read."""
    change_text(lesson, lambda doc: lesson_text.remove_standard(doc, identifier), by=by, at=at)


def chosen_of(standard: Standard) -> ChosenStandard:
    """A standard as a lesson keeps it."""
    return ChosenStandard(
        identifier=standard.identifier,
        code=standard.code,
        statement=standard.statement,
        uri=standard.uri,
        framework=standard.version.title,
    )
