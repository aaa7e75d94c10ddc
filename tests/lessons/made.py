"""Lessons for tests: Ben's, in his partnership with Ana."""

from datetime import timedelta

from sidebyside.base.rich_text.markdown import from_markdown
from sidebyside.lessons.actions.lessons import begin
from sidebyside.lessons.models import Lesson
from sidebyside.lessons.text import ChosenStandard, LessonPart, LessonText
from tests.pairs import NOW, Pair

DAY = timedelta(days=1)
TASK, MOVES = "Which drink is **stronger**?", "I explain first.\n\nThen they compare."


def text(**words: str) -> LessonText:
    """A lesson text with these parts (kind=Markdown); their ids are their kinds."""
    words = words or {"task": TASK, "moves": MOVES}
    parts = (LessonPart(kind, kind, "", 0, from_markdown(markdown)) for kind, markdown in words.items())
    return LessonText("", "", tuple(parts), (ChosenStandard("s-1", "7.RP", "Compare ratios"),))


def lesson_of(ours: Pair, *, title: str = "Drinks", **words: str) -> Lesson:
    """A lesson of Ben's, begun before any test begins."""
    return begin(
        partnership=ours.partnership, teacher=ours.partner, title=title, about="Year 7, science", by=ours.partner,
        at=NOW - 5 * DAY, cycle=ours.cycle, text=text(**words),
    )  # fmt: skip
