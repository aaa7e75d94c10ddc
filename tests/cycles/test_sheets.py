"""The texts that members write together, and two who save at once."""

from datetime import timedelta

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.base.vault import opened
from sidebyside.cycles import actions
from sidebyside.cycles.models import Cycle, Sheet
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db


def write(ours: Pair, text: str, version: int = 0, kind: str = "focus", by=None, at=NOW) -> Sheet:
    return actions.write_sheet(ours.cycle, kind=kind, text=text, version=version, by=by or ours.partner, at=at)


def kept(kind: str = "focus") -> str:
    return opened(Sheet.objects.filter(kind=kind), "text")[0].text


def test_refuses_an_unknown_kind(ours: Pair) -> None:
    with pytest.raises(Refused):
        write(ours, "text", kind="diary")
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("text", ["x" * 100_001, "a\0b", "\ud800 half"])
def test_refuses_what_cannot_be_kept(ours: Pair, text: str) -> None:
    write(ours, "before")
    with pytest.raises(Refused):
        write(ours, text, version=1)
    assert kept() == "before"


@pytest.mark.parametrize("text", ["x" * 100_000, "‏مرحبا‏", "👩‍🏫 and 𝒻", "עברית ‫and‬ English", "<script>"])
def test_keeps_long_and_strange_texts_as_they_are(ours: Pair, text: str) -> None:
    write(ours, text)
    assert kept() == text


def test_the_second_of_two_sees_both(ours: Pair) -> None:
    write(ours, "first")
    write(ours, "Ben's words", version=1)
    with pytest.raises(Overtaken) as caught:
        write(ours, "Ana's words", version=1, by=ours.coach)
    assert caught.value.current.text == "Ben's words"
    assert caught.value.current.version == 2
    assert kept() == "Ben's words"
    write(ours, "Ben's words\n\nAna's words", version=2, by=ours.coach)
    assert kept() == "Ben's words\n\nAna's words"


def test_the_second_of_two_who_begin_at_once_sees_both(ours: Pair) -> None:
    write(ours, "Ben's words")
    with pytest.raises(Overtaken):
        write(ours, "Ana's words", by=ours.coach)
    assert kept() == "Ben's words"


def test_the_same_words_again_are_no_quarrel(ours: Pair) -> None:
    write(ours, "first")
    write(ours, "second", version=1)
    assert write(ours, "second", version=1).version == 2
    assert write(ours, "second", version=0, by=ours.coach).version == 2


def test_one_sitting_is_one_event(ours: Pair) -> None:
    for number in range(5):
        write(ours, f"text {number}", version=number, at=NOW + timedelta(seconds=number))
    assert Event.objects.filter(kind="sheet.written").count() == 1
    write(ours, "by the other", version=5, by=ours.coach, at=NOW + timedelta(seconds=9))
    write(ours, "much later", version=6, by=ours.coach, at=NOW + timedelta(hours=1))
    assert Event.objects.filter(kind="sheet.written").count() == 3


def test_an_ended_cycle_keeps_its_texts(ours: Pair) -> None:
    write(ours, "before")
    actions.complete(ours.cycle, by=ours.coach, at=NOW)
    with pytest.raises(Refused, match="has ended"):
        actions.write_sheet(Cycle.objects.get(), kind="focus", text="after", version=1, by=ours.coach, at=NOW)
    assert kept() == "before"
