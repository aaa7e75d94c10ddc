"""Lessons of the test world: Ben's, improved with Ana; Hana's, improved with Goran; and one of Lena's own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sidebyside.base.rich_text.markdown import from_markdown, to_markdown
from sidebyside.demo.lesson_files import attach_files
from sidebyside.lessons.actions import parts, remarks
from sidebyside.lessons.actions.lessons import begin
from sidebyside.lessons.actions.versions import keep_version
from sidebyside.lessons.models import Lesson, LessonVersion, Remark
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.text import LessonPart, LessonText
from sidebyside.visits.actions import teach_version

if TYPE_CHECKING:
    from sidebyside.demo.world import World

DAY = timedelta(days=1)

DRINKS = (
    ("goals", "", 0, """
Students compare mixtures and say why one is stronger, with fractions or ratios as their reasons.

- I can tell which of two mixtures is stronger before I taste it.
- I can show my reason in a drawing that another pair understands.
"""),
    ("task", "Which drink is stronger?", 5, """
Four jugs stand in front. Each is mixed from red syrup and water:

1. 2 cups of syrup and 3 cups of water
2. 1 cup of syrup and 2 cups of water
3. 4 cups of syrup and 6 cups of water
4. 3 cups of syrup and 5 cups of water

Which tastes strongest? Are there two that taste the same? Put them in order **before** anybody tastes.
"""),
    ("moves", "", 30, """
I show the jugs and explain how to compare two of them with a fraction.

Pairs put the jugs in order. Then they taste and check.

Questions I keep ready:

- How could you convince somebody who only trusts drawings?
- What would happen if we put jugs 1 and 3 together?
"""),
    ("assessment", "", 5, """
On a slip of paper: a fifth jug of their own that is stronger than jug 2 and weaker than jug 1, with a reason.
"""),
    ("resources", "", 0, """
Four jugs, syrup, paper cups, one sheet for each pair. The tablets stay in the trolley until the end: a pair films \
its reason in thirty seconds, for the class next door.
"""),
    ("timing", "", 0, """
If time is short, leave jug 4 out. The slip of paper stays.
"""),
)  # fmt: skip

FIRST_MOVES = """
I show the jugs and say nothing about fractions. Each student writes an order down alone.

Pairs put the jugs in order and find a reason that both believe. Two pairs with different orders sit together.

Then they taste and check. Only now do I show how a fraction says the same.

Questions I keep ready:

- How could you convince somebody who only trusts drawings?
- What would happen if we put jugs 1 and 3 together?
"""

BOX = (
    ("goals", "", 0, "Students measure twice, cut once, and can say which measure matters for a lid that closes."),
    ("task", "A box for something you own", 10, """
Make a box of card for one thing that you carry every day. It must close, and it must open with one hand.
"""),
    ("moves", "", 60, """
They bring the thing. They draw the box flat before they touch the card.

I ask: *Which of your measures could be wrong without anybody noticing?*
"""),
    ("assessment", "", 10, """
Somebody else opens the box with one hand, three times. What has to be better is written inside the lid.
"""),
    ("resources", "", 0, "Card, rulers, knives, one sample that does not close."),
)  # fmt: skip

WOOL = (
    ("goals", "", 0, "Students find out that something can become heavier when it burns."),
    ("task", "Heavier or lighter?", 10, """
Steel wool hangs on a balance and is lit. Write down what will happen, and why.
"""),
    ("moves", "", 20, ""),
)  # fmt: skip


def plan_lessons(world: World) -> None:
    """Give three teachers a lesson each; Ben's has been taught, asked about and improved."""
    _ben(world)
    _hana(world)
    attach_files(world)
    world.lessons["steel_wool"] = begin(
        partnership=None, teacher=world.lena, title="Does it get lighter when it burns?", about="Year 8, science",
        by=world.lena, at=world.at - 4 * DAY, text=_text("Does it get lighter when it burns?", "", WOOL),
    )  # fmt: skip


def _ben(world: World) -> None:
    ana, ben, at = world.ana, world.ben, world.at
    lesson = begin(
        partnership=world.ana_and_ben, teacher=ben, title="Which drink is stronger?",
        about="Year 7, science with fractions", by=ben, at=at - 11 * DAY, cycle=world.cycles["ana_and_ben_cycle"],
        text=_text("", "", DRINKS),
    )  # fmt: skip
    world.lessons["drinks"] = lesson
    ids = _ids(lesson)
    taught, improved = LessonVersion.Kind.TAUGHT, LessonVersion.Kind.IMPROVED
    keep_version(lesson, kind=taught, name="With 7B", by=ben, at=at - 9 * DAY)
    question = remarks.say(
        lesson, part=ids["moves"], kind=Remark.Kind.QUESTION, by=ana, at=at - 8 * DAY,
        quote="explain how to compare two of them with a fraction",
        text="When do your pupils have to decide something before they know how it is done?",
    )  # fmt: skip
    remarks.say(
        lesson, kind=Remark.Kind.REMARK, by=ben, at=at - 7 * DAY, answers=question,
        text="Never, now that I see it written down. I explain first. Let me turn it round.",
    )  # fmt: skip
    parts.write_part(
        lesson, ids["moves"], markdown=FIRST_MOVES, began_from=_markdown(lesson, "moves"), by=ben, at=at - 7 * DAY
    )
    remarks.mark_cause(question, by=ben, at=at - 7 * DAY)
    accepted = remarks.say(
        lesson, part=ids["task"], kind=Remark.Kind.SUGGESTION, by=ana, at=at - 6 * DAY,
        quote="Which tastes strongest?", replacement="Which will taste strongest, and how sure are you?",
        text="Then they take a position before there is an answer.",
    )  # fmt: skip
    remarks.accept(accepted, version=1, by=ben, at=at - 6 * DAY)
    version = keep_version(lesson, kind=improved, name="They decide before I explain", by=ben, at=at - 5 * DAY)
    teach_version(world.ana_visits_ben, version, by=ben, at=at - 2 * DAY)
    remarks.say(
        lesson, part=ids["assessment"], kind=Remark.Kind.SUGGESTION, by=ana, at=at - 2 * DAY,
        quote="with a reason", replacement="with a reason for somebody who thinks otherwise",
        text="It would show whether they can argue, which is your focus.",
    )  # fmt: skip
    remarks.say(
        lesson, kind=Remark.Kind.QUESTION, by=ana, at=at - DAY,
        text="Whom of the two groups who never speak would you like me to sit beside on the day?",
    )  # fmt: skip


def _hana(world: World) -> None:
    goran, hana, at = world.goran, world.hana, world.at
    lesson = begin(
        partnership=world.goran_and_hana, teacher=hana, title="A box that closes", about="Year 9, technology", by=hana,
        at=at - 40 * DAY, cycle=world.cycles["goran_and_hana_cycle"], text=_text("", "", BOX),
    )  # fmt: skip
    world.lessons["box"] = lesson
    keep_version(lesson, kind=LessonVersion.Kind.TAUGHT, name="", by=hana, at=at - 38 * DAY)
    question = remarks.say(
        lesson, kind=Remark.Kind.QUESTION, by=goran, at=at - 36 * DAY,
        text="Шта ученици виде пре него што почну да режу?",
    )  # fmt: skip
    part, began = _ids(lesson)["moves"], _markdown(lesson, "moves")
    first = "They pass the sample round without a word, and each writes down what it shows about the maker."
    parts.write_part(lesson, part, markdown=f"{first}\n\n{began}", began_from=began, by=hana, at=at - 35 * DAY)
    remarks.mark_cause(question, by=hana, at=at - 35 * DAY)
    keep_version(lesson, kind=LessonVersion.Kind.IMPROVED, name="", by=hana, at=at - 30 * DAY)


def _text(title: str, about: str, rows: tuple[tuple[str, str, int, str], ...]) -> LessonText:
    """A lesson text of (kind, title, minutes, Markdown)."""
    parts = (
        LessonPart(f"{kind}{at}", kind, called, minutes, from_markdown(words.strip()))
        for at, (kind, called, minutes, words) in enumerate(rows, start=1)
    )
    return LessonText(title, about, tuple(parts))


def _ids(lesson: Lesson) -> dict[str, str]:
    """The ids of the parts of a lesson, by kind."""
    return {part.kind: part.id for part in text_of(lesson).parts}


def _markdown(lesson: Lesson, kind: str) -> str:
    """The words of the first part of this kind."""
    return next(to_markdown(part.nodes) for part in text_of(lesson).parts if part.kind == kind)
