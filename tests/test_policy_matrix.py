"""The drawn policy is reviewed like code: a rule that changes shows in the diff of policy_matrix.txt."""

import os
from pathlib import Path

from django.core.checks import run_checks

from sidebyside import policy
from tests.matrix import draw

FILE = Path(__file__).parent / "policy_matrix.txt"


def test_the_matrix_is_as_it_was_reviewed(world):
    drawn = draw(world)
    if os.environ.get("WRITE_POLICY_MATRIX"):
        FILE.write_text(drawn + "\n")
    assert drawn + "\n" == FILE.read_text(), "Read the change, then write it anew with WRITE_POLICY_MATRIX=1."


def test_every_model_has_a_rule():
    assert [error for error in run_checks() if error.id == "policy.E001"] == []


def test_a_model_without_a_rule_is_found(monkeypatch):
    monkeypatch.delitem(policy.SIGHTS, next(iter(policy.SIGHTS)))
    assert [error.id for error in run_checks()] == ["policy.E001"]


def test_every_rule_is_a_sentence():
    rules = [*policy.SIGHTS.values(), *(rule for _model, rule in policy.DEEDS.values())]
    assert [rule.__name__ for rule in rules if not (rule.__doc__ or "").strip().endswith(".")] == []


def test_the_check_on_one_record_is_the_list(world):
    """`one=True` draws the same rule: no record is found alone that is in no list, and none is lost."""
    for model in policy.SIGHTS:
        for person in world.people.values():
            listed = set(policy.seen(person, model).values_list("pk", flat=True))
            alone = set(policy.seen(person, model, one=True).values_list("pk", flat=True))
            assert listed == alone, (model, person)


def test_no_rule_gives_a_row_twice(world):
    for model in policy.SIGHTS:
        for person in world.people.values():
            keys = list(policy.seen(person, model).values_list("pk", flat=True))
            assert len(keys) == len(set(keys)), (model, person)
