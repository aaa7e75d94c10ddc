"""What ships can be read, and every mistake in it is named to its editor."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from sidebyside.materials import words
from sidebyside.materials.content_files import (
    CONTENT,
    SCALES,
    ContentFault,
    Table,
    read_content,
    read_cycle,
    read_norms,
    read_summary_form,
    shipped_materials,
)
from sidebyside.materials.content_shapes import GATE_CODES, STAGE_KINDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# Mistakes of an editor

MISTAKES = [
    ("cycles/short.toml", 'slug = "short"', 'slug = "quick"', "slug is 'quick'"),
    ("cycles/short.toml", 'title = "The short cycle"', 'titel = "x"', "title is missing"),
    ("cycles/short.toml", "version = 1", "version = 1\nversoin = 2", "versoin is not a key"),
    ("cycles/short.toml", "version = 1", 'version = "1"', "version must be a whole number"),
    ("cycles/short.toml", "version = 1", "version = true", "version must be a whole number"),
    ("cycles/short.toml", "reciprocal = false", 'reciprocal = "no"', "must be true or false"),
    ("cycles/short.toml", "One small thing,", "50 % of a thing,", "percent sign"),
    ("cycles/short.toml", '"The short cycle"', '""', "title is empty"),
    ("cycles/short.toml", '"The short cycle"', '" x"', "without spaces around"),
    ("cycles/short.toml", '"The short cycle"', f'"{"x" * 2001}"', "longer than 2000"),
    ("cycles/short.toml", '"The short cycle"', "7", "words in quotation marks"),
    ("cycles/short.toml", '"next_step_written"', '"next_stop"', "stages 3, gates 2, code"),
    ("cycles/short.toml", 'kind = "set_goals"', 'kind = "dream"', "stages 1, kind is 'dream'"),
    ("cycles/short.toml", "from = 20", "from = 40", "stages 1, minutes, to must be"),
    ("cycles/short.toml", "reflection = true", "reflection = false", "in the last stage"),
    ("cycles/short.toml", "reflection = false", "reflection = true", "in the last stage"),
    ("cycles/short.toml", 'slug = "talk"', 'slug = "goal"', "two with the slug 'goal'"),
    ("cycles/short.toml", '"One group of students"', '"One tool or method I want to try"', "twice"),
    ("cycles/short.toml", "[[stages]]", "[[stages", "cannot be read as TOML"),
    ("norms/pair.toml", "minutes = 15", "minutes = 20", "sum of the minutes"),
    ("norms/pair.toml", 'code = "peer"', 'code = "boss"', "roles 3, code is 'boss'"),
    ("questions/bank.toml", 'suits = ["assess"]', "suits = []", "at least one of assess"),
    ("questions/bank.toml", 'code = "Q9"', 'code = "Q8"', "Q1 to Q9"),
    ("questions/advice.toml", '"you could"', '"You could"', "small letters"),
    ("questions/advice.toml", 'where = "start"', 'where = "end"', "phrases 1, where is 'end'"),
    ("kinds_of_help.toml", 'code = "errand"', 'code = "training"', "two with the code"),
    ("summary_form.toml", '"contact_dates"', '"minutes"', "fields 2, fills_from is 'minutes'"),
    ("leader_words.toml", "never_shown =", "sometimes_shown =", "never_shown is missing"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), MISTAKES)
def test_a_mistake_is_named(folder: Path, file: str, old: str, new: str, expected: str) -> None:
    spoil(folder / file, old, new)
    with pytest.raises(ContentFault, match=re.escape(expected)) as caught:
        read_content(folder)
    sentence = str(caught.value)
    assert sentence.startswith(Path(file).name + ": ")
    assert sentence.endswith(".")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "leader_words.toml").unlink()
    with pytest.raises(ContentFault, match=r"leader_words.toml: there is no such file"):
        read_content(folder)


def test_no_cycles_at_all(folder: Path) -> None:
    shutil.rmtree(folder / "cycles")
    with pytest.raises(ContentFault, match="no cycle template"):
        read_content(folder)


def test_another_encoding_is_named(folder: Path) -> None:
    (folder / "leader_words.toml").write_bytes('title = "Café"'.encode("latin-1"))
    with pytest.raises(ContentFault, match="UTF-8"):
        read_content(folder)


# What ships


def test_three_cycles_the_five_stages_first() -> None:
    cycles = read_content().cycles
    assert list(cycles) == ["five_stages", "short", "two_observations"]
    assert [stage.kind for stage in cycles["five_stages"].stages] == list(STAGE_KINDS)
    both = cycles["two_observations"]
    assert both.reciprocal
    assert both.observations_per_teacher == 2
    assert len(both.focus_suggestions) >= 8
    assert both.asks_for
    minutes = [stage.minutes for stage in cycles["short"].stages]
    assert minutes == [(20, 30), (30, 45), (30, 40), None]


def test_every_gate_is_used() -> None:
    used = {gate.code for cycle in read_content().cycles.values() for stage in cycle.stages for gate in stage.gates}
    assert used == GATE_CODES


def test_an_errand_never_counts() -> None:
    kinds = read_content().kinds_of_help
    assert [kind.code for kind in kinds if not kind.counts_as_coaching] == ["errand"]
    assert len(kinds) == 9


def test_questions_for_every_stage_and_type() -> None:
    bank = read_content().bank
    assert len(bank.questions) >= 60
    assert {question.type for question in bank.questions} == {kind.code for kind in bank.types}
    # While somebody teaches, nobody asks: only what was agreed before.
    assert {question.type for question in bank.suited("implement")} == {"Q1"}
    for kind in STAGE_KINDS:
        assert bank.suited(kind)
    assert all(question.text.endswith("?") for question in bank.questions)


def test_no_question_is_advice_in_disguise() -> None:
    """Our own questions pass our own list, but for the phrases that are ambiguous."""
    content = read_content()
    plain = [entry for entry in content.advice.phrases if not entry.ambiguous]
    offered = [question.text for question in content.bank.questions]
    offered += [text for entry in content.advice.phrases for text in entry.rewrites]
    offered += [text for cycle in content.cycles.values() for s in cycle.stages for text in s.prompts]
    for text in offered:
        for entry in plain:
            said = text.lower()
            assert not said.startswith(entry.phrase), text
            assert entry.where == "start" or f"{entry.phrase} " not in said, text


def test_the_norms_take_a_quarter_of_an_hour() -> None:
    norms = read_content().norms
    assert sum(step.minutes for step in norms.steps) == norms.minutes == 15
    assert [topic.slug for topic in norms.topics] == [
        "time",
        "listening",
        "confidentiality",
        "decisions",
        "participation",
        "expectations",
    ]
    assert norms.confidentiality.lines


def test_a_kept_body_gives_the_same_material() -> None:
    content = read_content()
    readers = {"cycle": read_cycle, "norms": read_norms, "summary": read_summary_form}
    readers |= {kind: reader for kind, _folder, reader in SCALES}
    shipped = shipped_materials()
    assert [entry.kind for entry in shipped] == ["cycle"] * 3 + ["norms", "summary", "checklist", "chain"] + [
        "levels"
    ] * 3
    for entry in shipped:
        body = json.loads(json.dumps(entry.body))
        again = readers[entry.kind](Table(entry.slug, "", body))
        assert again in (*content.cycles.values(), content.norms, content.summary_form, *content.scales.values())


# Words that a place may rename


def test_a_place_has_its_own_words() -> None:
    own = {"learning_partner": ("coachee", "coachees")}
    assert words.word("learning_partner", own=own) == "coachee"
    assert words.word("learning_partner", count=0, own=own) == "coachees"
    assert words.word("coach", count=2, own=own) == "coaches"
    assert words.word("coach", translate=str.upper) == "COACH"
    assert words.word("learning_partner", own=own, translate=str.upper) == "coachee"


@pytest.mark.parametrize("blank", [("", ""), (" ", " "), (), ("coachee",)])
def test_half_a_word_falls_back(blank: tuple[str, ...]) -> None:
    own = {"learning_partner": blank}
    # (a plain dict stands for the own words here)
    assert words.word("learning_partner", count=2, own=own) == "learning partners"  # type: ignore[arg-type]


def test_no_such_word() -> None:
    with pytest.raises(KeyError):
        words.word("boss")


def test_the_glossary_names_every_word_that_may_be_renamed() -> None:
    glossary = Path(__file__).resolve().parents[2] / "docs" / "words.md"
    named = set(re.findall(r"\| `(\w+)` \|", glossary.read_text(encoding="utf-8")))
    assert named == set(words.WORDS)
