"""The materials that ship with the program: plain text files in ``content/``, read and checked.

Pure: no Django, no database. A file that cannot be used raises ``ContentFault``, whose sentence
names the file and the key for its editor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sidebyside.materials.content_shapes import (
    GATE_CODES,
    PARTS,
    PHRASE_TYPES,
    QUESTION_TYPES,
    STAGE_KINDS,
    SUMMARY_SOURCES,
    AdvicePhrase,
    AdvicePhrases,
    Choice,
    Clause,
    Content,
    CycleTemplate,
    Gate,
    Habit,
    KindOfHelp,
    LeaderQuestion,
    LeaderWords,
    NormsActivity,
    NormsStep,
    NormsTopic,
    ParaphraseLevel,
    Paraphrases,
    Question,
    QuestionBank,
    QuestionType,
    Stage,
    SummaryField,
    SummaryForm,
)
from sidebyside.materials.content_tables import ContentFault, Table, distinct
from sidebyside.materials.rating_files import read_chains, read_checklist, read_levels
from sidebyside.materials.rating_shapes import Scale

__all__ = [
    "CONTENT",
    "ContentFault",
    "Shipped",
    "Table",
    "read_content",
    "read_cycle",
    "read_norms",
    "read_summary_form",
    "shipped_materials",
]

CONTENT = Path(__file__).resolve().parent / "content"
FIRST_CYCLE = "five_stages"
SCALES: tuple[tuple[str, str, Callable[[Table], Scale]], ...] = (
    ("checklist", "checklists", read_checklist),
    ("chain", "chains", read_chains),
    ("levels", "levels", read_levels),
)
"""What a lesson is rated by: the kind of material, its folder, its reader."""
Versioned = TypeVar("Versioned", bound=CycleTemplate | NormsActivity | SummaryForm | Scale)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A material as a place can keep it: ``body`` is JSON-ready, and its reader takes it back."""

    kind: str
    slug: str
    version: int
    body: dict[str, Any]


def read_content(folder: Path = CONTENT) -> Content:
    """All content files below ``folder``; raises ``ContentFault`` for the first thing wrong."""
    return Content(
        cycles={path.stem: _named(path, read_cycle) for path in _cycle_paths(folder)},
        norms=_named(folder / "norms" / "pair.toml", read_norms),
        bank=read_bank(Table.of_file(folder / "questions" / "bank.toml")),
        paraphrases=read_paraphrases(Table.of_file(folder / "questions" / "paraphrase.toml")),
        advice=read_advice(Table.of_file(folder / "questions" / "advice.toml")),
        kinds_of_help=read_kinds_of_help(Table.of_file(folder / "kinds_of_help.toml")),
        summary_form=read_summary_form(Table.of_file(folder / "summary_form.toml")),
        leader_words=read_leader_words(Table.of_file(folder / "leader_words.toml")),
        scales={path.stem: _named(path, reader) for _kind, path, reader in _scale_paths(folder)},
    )


def shipped_materials(folder: Path = CONTENT) -> list[Shipped]:
    """The versioned materials below ``folder``, each checked by its reader.

    Kinds: "cycle" (``read_cycle``), "norms" (``read_norms``), "summary" (``read_summary_form``), and those of
    ``SCALES``: "checklist", "chain", "levels".
    To read a kept body again: ``read_cycle(Table("five_stages", "", body))``.
    """
    return [
        *(_shipped("cycle", path, read_cycle) for path in _cycle_paths(folder)),
        _shipped("norms", folder / "norms" / "pair.toml", read_norms),
        _shipped("summary", folder / "summary_form.toml", read_summary_form),
        *(_shipped(kind, path, reader) for kind, path, reader in _scale_paths(folder)),
    ]


def _shipped(kind: str, path: Path, reader: Callable[[Table], Versioned]) -> Shipped:
    table = Table.of_file(path)
    read = reader(table)
    return Shipped(kind, read.slug, read.version, table.raw)


def _named(path: Path, reader: Callable[[Table], Versioned]) -> Versioned:
    """What ``reader`` makes of the file, whose slug must be the file's name."""
    table = Table.of_file(path)
    read = reader(table)
    if read.slug != path.stem:
        raise table.fault("slug", f"is {read.slug!r}, but must be the name of the file")
    return read


def _cycle_paths(folder: Path) -> list[Path]:
    found = (folder / "cycles").glob("*.toml")
    paths = sorted(found, key=lambda path: (path.stem != FIRST_CYCLE, path.stem))
    if not paths:
        raise ContentFault("cycles: the folder holds no cycle template.")
    return paths


def _scale_paths(folder: Path) -> list[tuple[str, Path, Callable[[Table], Scale]]]:
    return [(kind, path, reader) for kind, below, reader in SCALES for path in sorted((folder / below).glob("*.toml"))]


def read_cycle(table: Table) -> CycleTemplate:
    """The cycle template in ``table``."""
    stages = [_read_stage(stage) for stage in table.tables("stages", least=2)]
    template = CycleTemplate(
        slug=table.code("slug"),
        version=table.number("version", least=1, most=9_999),
        title=table.text("title"),
        purpose=table.text("purpose"),
        for_whom=table.text("for_whom"),
        reciprocal=table.flag("reciprocal"),
        observations_per_teacher=table.number("observations_per_teacher", least=0, most=20),
        asks_for=table.texts("asks_for"),
        focus_suggestions=table.texts("focus_suggestions"),
        stages=distinct(table, "stages", stages, "slug"),
    )
    if [stage.reflection for stage in stages] != [False] * (len(stages) - 1) + [True]:
        raise table.fault("stages", "must ask for reflections in the last stage and in no other")
    table.finish()
    return template


def _read_stage(table: Table) -> Stage:
    gates = []
    for gate in table.tables("gates", least=0):
        gates.append(Gate(code=gate.code("code", GATE_CODES), sentence=gate.text("sentence")))
        gate.finish()
    stage = Stage(
        slug=table.code("slug"),
        kind=table.code("kind", STAGE_KINDS),
        title=table.text("title"),
        purpose=table.text("purpose"),
        prompts=table.texts("prompts"),
        gates=distinct(table, "gates", gates, "code"),
        reflection=table.flag("reflection"),
        minutes=_read_minutes(table.table("minutes")) if table.has("minutes") else None,
    )
    table.finish()
    return stage


def _read_minutes(table: Table) -> tuple[int, int]:
    least = table.number("from", least=1, most=600)
    most = table.number("to", least=least, most=600)
    table.finish()
    return least, most


def read_norms(table: Table) -> NormsActivity:
    """The norms activity in ``table``; the minutes of its steps must add up to its own."""
    steps = [_read_norms_step(step) for step in table.tables("steps")]
    topics = [_read_norms_topic(topic) for topic in table.tables("topics")]
    roles = [_read_clause(role, role.code("code", PARTS)) for role in table.tables("roles")]
    habits = [_read_habit(habit) for habit in table.tables("habits")]
    activity = NormsActivity(
        slug=table.code("slug"),
        version=table.number("version", least=1, most=9_999),
        title=table.text("title"),
        purpose=table.text("purpose"),
        minutes=table.number("minutes", least=1, most=600),
        steps=distinct(table, "steps", steps, "slug"),
        topics=distinct(table, "topics", topics, "slug"),
        confidentiality=_read_clause(table.table("confidentiality"), "confidentiality"),
        roles=distinct(table, "roles", roles, "code"),
        habits=distinct(table, "habits", habits, "slug"),
    )
    if tuple(role.code for role in roles) != PARTS:
        raise table.fault("roles", "must be " + ", ".join(PARTS) + ", in this order")
    if sum(step.minutes for step in steps) != activity.minutes:
        raise table.fault("minutes", "must be the sum of the minutes of the steps")
    table.finish()
    return activity


def _read_norms_step(table: Table) -> NormsStep:
    step = NormsStep(
        slug=table.code("slug"),
        title=table.text("title"),
        minutes=table.number("minutes", least=1, most=120),
        text=table.text("text"),
        prompts=table.texts("prompts"),
    )
    table.finish()
    return step


def _read_norms_topic(table: Table) -> NormsTopic:
    topic = NormsTopic(table.code("slug"), table.text("title"), table.texts("norms"))
    table.finish()
    return topic


def _read_clause(table: Table, code: str) -> Clause:
    clause = Clause(code=code, title=table.text("title"), lines=table.texts("lines"))
    table.finish()
    return clause


def _read_habit(table: Table) -> Habit:
    choices = []
    for choice in table.tables("choices", least=2):
        choices.append(Choice(choice.code("slug"), choice.text("label")))
        choice.finish()
    habit = Habit(
        slug=table.code("slug"),
        question=table.text("question"),
        choices=distinct(table, "choices", choices, "slug"),
    )
    table.finish()
    return habit


def read_bank(table: Table) -> QuestionBank:
    """The question bank in ``table``: every type Q1 to Q9 with questions, none of them twice."""
    types = []
    for row in table.tables("types"):
        code = row.code("code", QUESTION_TYPES)
        types.append(QuestionType(code, row.text("title"), row.text("serves"), row.text("test")))
        row.finish()
    if tuple(kind.code for kind in types) != QUESTION_TYPES:
        raise table.fault("types", "must be Q1 to Q9, in this order")
    by_type = table.table("questions")
    questions = []
    for code in QUESTION_TYPES:
        for row in by_type.tables(code):
            questions.append(Question(code, row.codes("suits", STAGE_KINDS), row.text("text")))
            row.finish()
    by_type.finish()
    bank = QuestionBank(
        title=table.text("title"),
        purpose=table.text("purpose"),
        types=tuple(types),
        questions=distinct(table, "questions", questions, "text"),
    )
    table.finish()
    return bank


def read_paraphrases(table: Table) -> Paraphrases:
    """The starters in ``table`` for saying back what was heard."""
    levels = []
    for row in table.tables("levels"):
        levels.append(
            ParaphraseLevel(row.code("slug"), row.text("title"), row.texts("starters")),
        )
        row.finish()
    found = Paraphrases(
        title=table.text("title"),
        purpose=table.text("purpose"),
        levels=distinct(table, "levels", levels, "slug"),
    )
    table.finish()
    return found


def read_advice(table: Table) -> AdvicePhrases:
    """The list in ``table`` of openings that are often advice; phrases in small letters, none twice."""
    phrases = []
    for row in table.tables("phrases"):
        phrase = AdvicePhrase(
            phrase=row.text("phrase"),
            where=row.code("where", {"start", "anywhere"}),
            type=row.code("type", PHRASE_TYPES),
            ambiguous=row.flag("ambiguous"),
            rewrites=row.texts("rewrites"),
        )
        if phrase.phrase != phrase.phrase.lower():
            raise row.fault("phrase", "must be in small letters, as it is compared without regard to them")
        if not phrase.rewrites:
            raise row.fault("rewrites", "must offer at least one question")
        row.finish()
        phrases.append(phrase)
    found = AdvicePhrases(
        title=table.text("title"),
        language=table.code("language"),
        hint=table.text("hint"),
        soft_hint=table.text("soft_hint"),
        phrases=distinct(table, "phrases", phrases, "phrase"),
    )
    table.finish()
    return found


def read_kinds_of_help(table: Table) -> tuple[KindOfHelp, ...]:
    """The kinds of help in ``table``, in the order in which they are offered."""
    table.text("title")
    kinds = []
    for row in table.tables("kinds"):
        kinds.append(
            KindOfHelp(
                code=row.code("code"),
                label=row.text("label"),
                explanation=row.text("explanation"),
                counts_as_coaching=row.flag("counts_as_coaching"),
            )
        )
        row.finish()
    table.finish()
    return distinct(table, "kinds", kinds, "code")


def read_summary_form(table: Table) -> SummaryForm:
    """The fields in ``table`` of what a partnership may release about its work."""
    fields = []
    for row in table.tables("fields"):
        fields.append(
            SummaryField(
                slug=row.code("slug"),
                label=row.text("label"),
                help=row.text("help"),
                fills_from=row.code("fills_from", SUMMARY_SOURCES),
                long=row.flag("long"),
            )
        )
        row.finish()
    form = SummaryForm(
        slug=table.code("slug"),
        version=table.number("version", least=1, most=9_999),
        title=table.text("title"),
        purpose=table.text("purpose"),
        fields=distinct(table, "fields", fields, "slug"),
    )
    table.finish()
    return form


def read_leader_words(table: Table) -> LeaderWords:
    """The sentences in ``table`` for the leader's page."""
    questions = []
    for row in table.tables("questions"):
        questions.append(
            LeaderQuestion(
                slug=row.code("slug"),
                asked=row.text("asked"),
                asked_of=row.text("asked_of"),
                answers=row.texts("answers"),
            )
        )
        row.finish()
    words = LeaderWords(
        title=table.text("title"),
        never_shown=table.text("never_shown"),
        why=table.text("why"),
        questions=distinct(table, "questions", questions, "slug"),
    )
    table.finish()
    return words
