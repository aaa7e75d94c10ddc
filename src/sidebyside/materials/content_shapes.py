"""The shapes of the materials that ship with the program, and the names they may use.

Every text is English and is its own key in the catalogues; show it through gettext. ``code``,
``slug``, ``kind`` and ``type`` are names for the program and are never shown or translated.

Pure: no Django, no database.
"""

from __future__ import annotations

from dataclasses import dataclass

from sidebyside.materials.rating_shapes import Scale

STAGE_KINDS = ("assess", "set_goals", "prepare", "implement", "reflect")
"""The kinds of work a stage can be, whatever a cycle calls it; questions are kept by these."""

GATE_CODES = frozenset(
    {
        "agreement_signed",
        "focus_written",
        "goal_with_evidence_and_date",
        "plan_written",
        "contact_logged_in_stage",
        "observation_or_declined",
        "reflections_shared_or_skipped",
        "next_step_written",
    }
)
"""What a gate can look at. A gate advises; it never closes the way."""

QUESTION_TYPES = tuple(f"Q{number}" for number in range(1, 10))
PHRASE_TYPES = frozenset({"advice", "leading", "judging"})
PARTS = ("coach", "learning_partner", "peer")
SUMMARY_SOURCES = frozenset(
    {
        "members",
        "contact_dates",
        "focus",
        "goal_titles",
        "kinds_of_help",
        "nothing",
        "next_step",
    }
)
"""What a field of the summary form can fill itself from."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A sign that a stage is done: ``code`` is one of ``GATE_CODES``, ``sentence`` says it to people."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a cycle; ``minutes`` is the usual least and most of its meeting, where that is said."""

    slug: str
    kind: str
    title: str
    purpose: str
    prompts: tuple[str, ...]
    gates: tuple[Gate, ...]
    reflection: bool
    minutes: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class CycleTemplate:
    """A way to go through a cycle; only its last stage asks for reflections."""

    slug: str
    version: int
    title: str
    purpose: str
    for_whom: str
    reciprocal: bool
    observations_per_teacher: int
    asks_for: tuple[str, ...]
    focus_suggestions: tuple[str, ...]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class NormsStep:
    """One step of the norms activity."""

    slug: str
    title: str
    minutes: int
    text: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NormsTopic:
    """Example norms about one thing."""

    slug: str
    title: str
    norms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A headed list of sentences: the confidentiality clause, or what one part in a partnership takes on."""

    code: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Habit:
    """A question about how a partnership meets, with answers to choose."""

    slug: str
    question: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class NormsActivity:
    """The quarter of an hour that leads to an agreement; ``roles`` in the order coach, learning partner, peer."""

    slug: str
    version: int
    title: str
    purpose: str
    minutes: int
    steps: tuple[NormsStep, ...]
    topics: tuple[NormsTopic, ...]
    confidentiality: Clause
    roles: tuple[Clause, ...]
    habits: tuple[Habit, ...]


@dataclass(frozen=True, slots=True)
class QuestionType:
    """A type of question: ``serves`` says whose thinking it is for, ``test`` how to know it."""

    code: str
    title: str
    serves: str
    test: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question to borrow: ``type`` is a code such as "Q3", ``suits`` are kinds of stage."""

    type: str
    suits: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """All questions to borrow, in the order of their types."""

    title: str
    purpose: str
    types: tuple[QuestionType, ...]
    questions: tuple[Question, ...]

    def suited(self, kind: str) -> tuple[Question, ...]:
        """The questions that fit a stage of this kind (see ``STAGE_KINDS``)."""
        return tuple(question for question in self.questions if kind in question.suits)


@dataclass(frozen=True, slots=True)
class ParaphraseLevel:
    """Starters for one way of saying back what was heard."""

    slug: str
    title: str
    starters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paraphrases:
    """Starters for saying back what was heard."""

    title: str
    purpose: str
    levels: tuple[ParaphraseLevel, ...]


@dataclass(frozen=True, slots=True)
class AdvicePhrase:
    """An opening that is often advice; ``where`` is "start" or "anywhere", ``ambiguous`` asks for the softer hint."""

    phrase: str
    where: str
    type: str
    ambiguous: bool
    rewrites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdvicePhrases:
    """The word list behind the private hint; it belongs to one ``language`` and is not translated by catalogue."""

    title: str
    language: str
    hint: str
    soft_hint: str
    phrases: tuple[AdvicePhrase, ...]


@dataclass(frozen=True, slots=True)
class KindOfHelp:
    """What a contact can have been."""

    code: str
    label: str
    explanation: str
    counts_as_coaching: bool


@dataclass(frozen=True, slots=True)
class SummaryField:
    """One field of the summary form; ``fills_from`` is one of ``SUMMARY_SOURCES``."""

    slug: str
    label: str
    help: str
    fills_from: str
    long: bool


@dataclass(frozen=True, slots=True)
class SummaryForm:
    """What a partnership may release about its work."""

    slug: str
    version: int
    title: str
    purpose: str
    fields: tuple[SummaryField, ...]


@dataclass(frozen=True, slots=True)
class LeaderQuestion:
    """A question a leader hears or asks, with words to answer it."""

    slug: str
    asked: str
    asked_of: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeaderWords:
    """The sentences on the leader's page."""

    title: str
    never_shown: str
    why: str
    questions: tuple[LeaderQuestion, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that ships; ``cycles`` by slug, the five stages first; ``scales`` by slug."""

    cycles: dict[str, CycleTemplate]
    norms: NormsActivity
    bank: QuestionBank
    paraphrases: Paraphrases
    advice: AdvicePhrases
    kinds_of_help: tuple[KindOfHelp, ...]
    summary_form: SummaryForm
    leader_words: LeaderWords
    scales: dict[str, Scale]
