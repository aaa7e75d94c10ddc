"""What answers are taken, and what they say, area by area."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidebyside.lessons import ratings
from sidebyside.lessons.ratings import Answers, UnknownAnswer
from sidebyside.materials.content_files import read_content
from sidebyside.materials.rating_shapes import Chains, Checklist, Levels

SCALES = read_content().scales
CHECKLIST, CHAINS, MATRIX = SCALES["learning_activity"], SCALES["design_21"], SCALES["tim"]
assert isinstance(CHECKLIST, Checklist)
assert isinstance(CHAINS, Chains)
assert isinstance(MATRIX, Levels)
TALKING = CHAINS.chains[-1]


@pytest.mark.parametrize(
    ("scale", "given", "notes"),
    [
        (CHECKLIST, {"ST8": "partly"}, {}),
        (CHECKLIST, {"ST1": "brilliant"}, {}),
        (CHECKLIST, {"ST1": "open"}, {}),
        (CHECKLIST, {"ST1\0": "partly"}, {}),
        (CHECKLIST, {}, {"ST": "a note to an area"}),
        (CHECKLIST, {"collaboration.q1": "yes"}, {}),
        (CHAINS, {"collaboration.q1": "maybe"}, {}),
        (CHAINS, {"collaboration": "level_5"}, {}),
        (CHAINS, {"collaboration.level_5": "yes"}, {}),
        (CHAINS, {}, {"collaboration.q1": "a note to a question"}),
        (MATRIX, {"active": "level_1"}, {}),
        (MATRIX, {"": ""}, {}),
    ],
)
def test_what_is_not_asked_is_not_taken(scale, given, notes) -> None:
    with pytest.raises(UnknownAnswer):
        ratings.checked(scale, given, notes)


def test_empty_answers_are_left_out_and_all_else_comes_back() -> None:
    kept = ratings.checked(CHECKLIST, {"ST2": "clearly", "ST1": "", "EN1": "not_intended"}, {"ST2": "«ü»", "EN1": ""})
    assert kept == Answers({"ST2": "clearly", "EN1": "not_intended"}, {"ST2": "«ü»"})
    assert Answers.from_json(kept.to_json()) == kept
    assert Answers.from_json("") == Answers()
    assert ratings.checked(CHECKLIST, {"ST1": ""}, {"ST1": "a note"}).is_empty


def test_what_was_kept_once_and_is_not_asked_is_passed_over() -> None:
    found = Answers({"ST1": "clearly", "ST2": "brilliant", "XX": "partly"}, {"ST1": "why", "YY": "what"})
    assert ratings.known(CHECKLIST, found) == Answers({"ST1": "clearly"}, {"ST1": "why"})
    assert ratings.known(MATRIX, Answers({"active": "level_1"})).is_empty


def test_areas_are_counted_each_for_itself() -> None:
    answers = Answers({"ST1": "clearly", "ST2": "clearly", "ST3": "partly", "ST4": "not_intended", "TE1": "not_yet"})
    found = {one.code: one for one in ratings.results(CHECKLIST, answers)}
    assert found["ST"].counts == {"clearly": 2, "partly": 1, "not_yet": 0, "not_intended": 1, "open": 3}
    assert (found["ST"].items, found["EN"].is_open, found["TE"].is_open) == (7, True, False)
    # what a result can be asked: nothing that adds areas up
    assert not {name for name in dir(ratings) if "total" in name.lower() or "score" in name.lower()}


@given(st.dictionaries(st.sampled_from(sorted(ratings.asked(CHAINS))), st.sampled_from(["yes", "no"])))
def test_a_chain_leads_from_its_first_question_to_one_level(answers: dict[str, str]) -> None:
    kept = ratings.checked(CHAINS, answers, {})
    for chain in CHAINS.chains:
        steps = ratings.path(chain, kept.given)
        assert steps[0].question is chain.questions[0]
        for step, following in zip(steps, steps[1:], strict=False):
            assert step.question.leads_to(step.answer) == following.question.code
        level = ratings.level_of(chain, kept.given)
        assert (level is None) == (steps[-1].answer == "")
        # what is kept is the way that was gone, and nothing beside it
        gone = {f"{chain.code}.{step.question.code}": step.answer for step in steps if step.answer}
        assert gone == {code: answer for code, answer in kept.given.items() if code.startswith(chain.code + ".")}
    assert ratings.checked(CHAINS, kept.given, {}) == kept


# What each way through a chain leads to, as the rubrics say it: each yes goes one level further, the first no ends it.
# Of communication "evidence or an audience" is one question and "both" the next, so it has four levels.
STEPS = {
    "collaboration": 4, "knowledge": 4, "self_regulation": 4, "problem_solving": 4, "technology": 4, "communication": 3,
}  # fmt: skip
WAYS = [
    (code, answers, level)
    for code, questions in STEPS.items()
    for answers, level in [
        *(("y" * yes + "n", yes + 1) for yes in range(questions)),
        ("y" * questions, questions + 1),
        *(("y" * yes, None) for yes in range(questions)),
    ]
]


def test_every_way_through_the_chains_is_tried() -> None:
    assert {chain.code: len(chain.questions) for chain in CHAINS.chains} == STEPS
    assert len(WAYS) == 5 * 9 + 7


@pytest.mark.parametrize(("code", "answers", "number"), WAYS)
def test_every_way_leads_to_its_level_and_keeps_its_answers(code: str, answers: str, number: int | None) -> None:
    given = {f"{code}.q{at}": "yes" if one == "y" else "no" for at, one in enumerate(answers, start=1)}
    # what stands behind the end of the way is not kept: the answers beyond it belong to another way
    beyond = {f"{code}.q{at}": "yes" for at in range(len(answers) + 1, STEPS[code] + 1)} if number else {}
    kept = ratings.checked(CHAINS, given | beyond, {})
    assert kept.given == given
    found = {one.code: one for one in ratings.results(CHAINS, kept)}
    assert (found[code].level.number if found[code].level else None) == number
    assert [one.code for one in found.values() if one.level] == ([code] if number else [])


@pytest.mark.parametrize(("answers", "number"), [("n", 1), ("yn", 2), ("yyn", 3), ("yyy", 4), ("", None), ("y", None)])
def test_a_level_comes_with_the_questions_that_led_to_it(answers: str, number: int | None) -> None:
    given = {f"communication.q{at}": "yes" if one == "y" else "no" for at, one in enumerate(answers, start=1)}
    found = {one.code: one for one in ratings.results(CHAINS, Answers(given))}["communication"]
    assert (found.level.number if found.level else None) == number
    assert [step.answer[:1] for step in found.steps if step.answer] == list(answers)


def test_before_and_after_stand_beside_each_other() -> None:
    before = ratings.results(CHECKLIST, Answers({"ST1": "partly", "EN1": "clearly", "PB1": "clearly"}))
    after = ratings.results(
        CHECKLIST, Answers({"ST1": "clearly", "EN1": "not_yet", "PB2": "clearly", "TE1": "clearly"})
    )
    turned = {one.code: one.turned for one in ratings.changes(before, after)}
    assert turned == {"ST": "more", "EN": "less", "PB": "", "TE": ""}
    assert [one.before for one in ratings.changes((), after)] == [None] * 4


def test_of_levels_only_what_was_chosen_is_shown() -> None:
    before = ratings.results(MATRIX, Answers({"active": "entry"}))
    after = ratings.results(MATRIX, Answers({"active": "adoption", "authentic": "infusion"}))
    found = ratings.changes(before, after)
    assert [(one.code, one.turned) for one in found] == [("active", "other"), ("authentic", "")]


def test_a_checklist_of_ones_own_comes_back() -> None:
    assert ratings.read_own(ratings.own_body(CHECKLIST)) == CHECKLIST
    assert ratings.read_own("").areas == ()
    assert ratings.next_code("ST", ["ST1", "ST7", "EN9", "STx", "ST"]) == "ST8"
    assert ratings.next_code("XX", []) == "XX1"
