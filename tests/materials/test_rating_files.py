"""What a lesson is rated by: the checklist, the chains and the levels that ship, and an editor's mistakes in them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from sidebyside.materials.content_files import CONTENT, ContentFault, read_content
from sidebyside.materials.rating_shapes import LEVEL, Chains, Checklist, Levels

SCALES = read_content().scales
CHECKLIST, CHAINS = SCALES["learning_activity"], SCALES["design_21"]
assert isinstance(CHECKLIST, Checklist)
assert isinstance(CHAINS, Chains)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


MISTAKES = [
    ("checklists/learning_activity.toml", 'code = "ST2"', 'code = "ST1"', "two with the code 'ST1'"),
    ("checklists/learning_activity.toml", 'code = "ST2"', 'code = "EN2"', "must be ST and a number"),
    ("checklists/learning_activity.toml", 'code = "ST2"', 'code = "STx"', "must be ST and a number"),
    ("checklists/learning_activity.toml", 'code = "EN"', 'code = "ST"', "must be ST and a number"),
    ("chains/design_21.toml", 'no = "level_1"', 'no = "level_9"', "lead to 'level_9', which is neither"),
    ("chains/design_21.toml", 'no = "level_1"', 'no = "level_2"', "must lead to 'level_1' in exactly one way"),
    ("chains/design_21.toml", 'yes = "q2"', 'yes = "q1"', "must lead to 'q1' in exactly one way"),
    ("chains/design_21.toml", 'yes = "q2"', 'yse = "q2"', "chains 1, questions 1, yes is missing"),
    ("levels/samr.toml", 'code = "augmentation"', 'code = "substitution"', "two with the code 'substitution'"),
    ("levels/tim.toml", "credit = ", "credits = ", "credit is missing"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), MISTAKES)
def test_a_mistake_is_named(folder: Path, file: str, old: str, new: str, expected: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentFault, match=re.escape(expected)) as caught:
        read_content(folder)
    assert str(caught.value).startswith(path.name + ": ")


def test_the_checklist_has_28_items_in_four_areas() -> None:
    counts = {area.code: len(area.items) for area in CHECKLIST.areas}
    assert counts == {"ST": 7, "EN": 9, "PB": 6, "TE": 6}
    codes = [item.code for item in CHECKLIST.items]
    assert codes == [f"{area}{number}" for area, count in counts.items() for number in range(1, count + 1)]
    assert not any(item.is_own for item in CHECKLIST.items)


def test_every_chain_ends_and_reaches_each_level_once() -> None:
    assert [len(chain.levels) for chain in CHAINS.chains] == [5, 5, 5, 5, 5, 4]
    for chain in CHAINS.chains:
        ends: list[str] = []
        open_ends = [(chain.questions[0].code, 0)]
        while open_ends:
            code, steps = open_ends.pop()
            assert steps <= len(chain.questions), "a chain never goes round"
            if code.startswith(LEVEL):
                ends.append(code)
            else:
                question = chain.question(code)
                open_ends += [(question.yes, steps + 1), (question.no, steps + 1)]
        assert sorted(ends) == [level.code for level in chain.levels]


def test_the_chains_name_whom_they_are_after_and_their_licence() -> None:
    for name in ("21CLD", "ITL Research", "SRI", "Microsoft", "CC BY 3.0", "Adapted"):
        assert name in CHAINS.credit
    assert CHAINS.licence == "CC BY 3.0"


def test_the_vocabularies_name_their_levels_and_whose_names_they_are() -> None:
    cells = {}
    for slug in ("samr", "picrat", "tim"):
        levels = SCALES[slug]
        assert isinstance(levels, Levels)
        cells[slug] = [len(one.levels) for one in levels.dimensions]
        assert "for orientation" in levels.credit
    assert cells == {"samr": [4], "picrat": [3, 3], "tim": [5] * 5}
    matrix = SCALES["tim"]
    assert isinstance(matrix, Levels)
    assert {tuple(level.code for level in one.levels) for one in matrix.dimensions} == {
        ("entry", "adoption", "adaptation", "infusion", "transformation")
    }


def test_of_a_matrix_that_is_not_ours_only_the_names_ship() -> None:
    """What its cells say belongs to its makers, and words of ours for them would be one like it."""
    matrix, ours = SCALES["tim"], SCALES["samr"]
    assert isinstance(matrix, Levels)
    assert isinstance(ours, Levels)
    assert not any(level.text for one in matrix.dimensions for level in one.levels)
    assert all(level.text for one in ours.dimensions for level in one.levels)
