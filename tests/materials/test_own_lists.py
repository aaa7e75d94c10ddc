"""An own list that was changed: which statement is a new wording of which."""

import time

import pytest

from sidebyside.materials.own_lists import read_list, renewed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["Practise"] * 2_000, ["Practise", "Show"] * 1_000),
        (["a", "b"] * 1_000, ["b", "a", "c"] * 666),
        ([f"{'ab ' * 300}{n}" for n in range(2_000)], [f"{'ba ' * 300}{n}" for n in range(2_000)]),
    ],
)
def test_lines_that_are_all_alike_take_no_time(before, after) -> None:
    made = iter(range(10_000))
    was, now = (read_list("\n".join(lines), lambda: f"id{next(made)}") for lines in (before, after))
    began = time.process_time()
    found = renewed(was, now)
    assert time.process_time() - began < 5
    assert [one.statement for one in found] == [one.statement for one in now]
    assert len({one.identifier for one in found}) == len(found)


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        ("Count to ten", "Count to twenty", True),
        ("Die Zahlen bis zehn lesen", "Die Zahlen bis hundert lesen und schreiben", True),
        ("比较两个分数的大小", "比较三个分数的大小", True),
        ("Say what a text is about.", "Find where a text says so.", False),
        ("Sing", "Dance", False),
        ("a", "b", False),
    ],
)
def test_what_is_a_new_wording_and_what_is_another_standard(was, now, same) -> None:
    made = iter(("old", "new"))
    first, second = (read_list(text, lambda: next(made)) for text in (was, now))
    assert renewed(first, second)[0].identifier == ("old" if same else "new")
