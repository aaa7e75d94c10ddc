"""To write in the parts of a lesson without an editor: words sent as Markdown, parts added, moved, named, removed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sidebyside.base.refusals import Refused
from sidebyside.base.rich_text.markdown import from_markdown
from sidebyside.base.rich_text.merging import merge
from sidebyside.base.text import accepted
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions.lessons import change_text
from sidebyside.lessons.models import Lesson
from sidebyside.lessons.text import LONGEST_TITLE, MOST_MINUTES, MOST_PARTS, PART_KINDS, LessonText
from sidebyside.people.models import Person

LONGEST_LESSON = 200_000  # characters in all parts together


def write_part(lesson: Lesson, part: str, *, markdown: str, began_from: str, by: Person, at: datetime) -> None:
    """Make a part say what this Markdown says. `began_from` is the Markdown that its writer had before her.

    What others wrote since is kept: where both changed the same paragraph, both stand there, theirs first. A part
    that was removed meanwhile takes the words and stays removed. Raises Refused for more characters than a lesson may
    have, and for a part there is none of.
    """
    mine = from_markdown(_kept(markdown))
    base = from_markdown(_kept(began_from))

    def change(doc: Any) -> None:
        there = lesson_text.read(doc)
        found = there.part(part) or next((one for one in lesson_text.removed_parts(doc) if one.id == part), None)
        if found is None:
            raise Refused(_unknown())
        lesson_text.set_nodes(doc, part, merge(base, mine, found.nodes))
        must_fit(lesson_text.read(doc))

    change_text(lesson, change, by=by, at=at)


def add_part(lesson: Lesson, *, kind: str, after: str, by: Person, at: datetime) -> str:
    """Add a part after another one, or at the end (""). Returns its id. Raises Refused for a kind there is none of,
    and when there are too many parts."""
    if kind not in PART_KINDS:
        raise Refused(_("Choose what kind of part it is."))
    made: list[str] = []

    def change(doc: Any) -> None:
        parts = lesson_text.read(doc).parts
        if len(parts) + len(lesson_text.removed_parts(doc)) >= MOST_PARTS:
            raise Refused(_("A lesson has at most %(count)s parts.") % {"count": MOST_PARTS})
        there = {part.id for part in parts}
        made.append(lesson_text.add_part(doc, kind, after=after if after in there else None))

    change_text(lesson, change, by=by, at=at)
    return made[0]


def move_part(lesson: Lesson, part: str, *, up: bool, by: Person, at: datetime) -> None:
    """Move a part before the one above it, or after the one below it. Where there is none, nothing happens."""

    def change(doc: Any) -> None:
        ids = [one.id for one in lesson_text.read(doc).parts]
        if part not in ids:
            raise Refused(_unknown())
        to = ids.index(part) + (-1 if up else 1)
        if 0 <= to < len(ids):
            others = [one for one in ids if one != part]
            lesson_text.move_part(doc, part, after=others[to - 1] if to else None)

    change_text(lesson, change, by=by, at=at)


def name_part(lesson: Lesson, part: str, *, title: str, minutes: int, by: Person, at: datetime) -> None:
    """Say what a part is called ("": as its kind) and how many minutes it takes (0: nothing is said)."""
    title = accepted(title, longest=LONGEST_TITLE)
    if not 0 <= minutes <= MOST_MINUTES:
        raise Refused(_("Give the minutes as a number from 0 to %(most)s.") % {"most": MOST_MINUTES})
    _changed(lesson, part, lambda doc: lesson_text.change_part(doc, part, title=title, minutes=minutes), by=by, at=at)


def remove_part(lesson: Lesson, part: str, *, by: Person, at: datetime) -> None:
    """Take a part out of a lesson. Its words stay, and it can be brought back."""
    _changed(lesson, part, lambda doc: lesson_text.change_part(doc, part, removed=True), by=by, at=at)


def bring_part_back(lesson: Lesson, part: str, *, by: Person, at: datetime) -> None:
    """Bring a removed part back to where it was."""
    _changed(lesson, part, lambda doc: lesson_text.change_part(doc, part, removed=False), by=by, at=at)


def must_fit(text: LessonText) -> None:
    """Raises Refused for a lesson of more characters than one may have."""
    length = len(text.plain())
    if length > LONGEST_LESSON:
        raise Refused(
            _("With this the lesson has %(length)s characters; at most %(longest)s can be kept. Your words are still "
              "here: shorten them, or attach them as a document.")
            % {"length": f"{length:,}", "longest": f"{LONGEST_LESSON:,}"}
        )  # fmt: skip


def _changed(lesson: Lesson, part: str, say: Callable[[Any], None], *, by: Person, at: datetime) -> None:
    def change(doc: Any) -> None:
        try:
            say(doc)
        except KeyError:
            raise Refused(_unknown()) from None

    change_text(lesson, change, by=by, at=at)


def _kept(markdown: str) -> str:
    """Markdown as it is kept. Raises Refused where it is longer than a whole lesson."""
    return accepted(markdown, longest=LONGEST_LESSON)


def _unknown() -> str:
    return _("This part is not there any more.")
