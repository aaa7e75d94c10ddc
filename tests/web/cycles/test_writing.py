"""Writing together: what is kept, what is refused with a sentence, and two who save at once."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from sidebyside.base.vault import opened
from sidebyside.cycles import actions
from sidebyside.cycles.models import Goal, Sheet, Step
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db
QUIET = {"headers": {"X-Autosave": "1"}}


def focus_at(ours: Pair) -> str:
    return reverse("sheet", args=[ours.cycle.pk, "focus"])


def kept() -> str:
    return opened(Sheet.objects.filter(kind="focus"), "text")[0].text


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "‏مرحبا‏ \u202bx\u202c", "👩‍🏫", "a\r\nb", "<b>&amp;</b>", "{{ 7*7 }} {% x %}"], ids=ascii
)
def test_keeps_long_and_strange_texts(ours: Pair, ana: Client, text: str) -> None:
    assert ana.post(focus_at(ours), {"text": text, "version": "0"}).status_code == 302
    assert kept() == text.replace("\r\n", "\n")
    page = ana.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()
    assert html.escape(kept()).replace("&#x27;", "&#39;") in page
    assert html.unescape(ana.get(focus_at(ours)).content.decode()).count(kept()) >= 1


@pytest.mark.parametrize(("text", "word"), [("x" * 100_001, "100,001"), ("before\0after", "NUL")])
def test_refuses_with_a_sentence_and_loses_nothing(ours: Pair, ana: Client, text: str, word: str) -> None:
    answer = ana.post(focus_at(ours), {"text": text, "version": "0"})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert text in answer.content.decode()
    assert not Sheet.objects.exists()
    quiet = ana.post(focus_at(ours), {"text": text, "version": "0"}, **QUIET)
    assert (quiet.status_code, word in quiet.json()["refused"]) == (422, True)


def test_half_characters_never_break_a_page(ours: Pair, ana: Client) -> None:
    sent = b"version=0&text=half+%ED%A0%80+done"
    answer = ana.post(focus_at(ours), sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (302, 422)


@pytest.mark.parametrize("version", ["", "abc", "-1", "99", "1.0", "9" * 40, "٣"])
def test_a_nonsense_version_overwrites_nothing(ours: Pair, ana: Client, version: str) -> None:
    ana.post(focus_at(ours), {"text": "first", "version": "0"})
    assert ana.post(focus_at(ours), {"text": "second", "version": version}).status_code == 409
    assert kept() == "first"


def test_the_second_of_two_reads_both_and_keeps_both(ours: Pair, ana: Client, ben: Client) -> None:
    ana.post(focus_at(ours), {"text": "Ana's words", "version": "0"})
    answer = ben.post(focus_at(ours), {"text": "Ben's words", "version": "0"})
    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "Ana's words</p>" in page
    assert "Ben's words</textarea>" in page
    assert 'name="version" value="1"' in page
    assert kept() == "Ana's words"
    again = ben.post(focus_at(ours), {"text": "Ben's words", "version": "1", "keep": "both"})
    assert again.status_code == 302
    assert kept() == "Ana's words\n\nBen's words"


def test_keeping_both_while_a_third_text_comes_loses_nothing(ours: Pair, ana: Client, ben: Client) -> None:
    ana.post(focus_at(ours), {"text": "one", "version": "0"})
    ana.post(focus_at(ours), {"text": "two", "version": "1"})
    assert ben.post(focus_at(ours), {"text": "mine", "version": "1", "keep": "both"}).status_code == 409
    assert kept() == "two"
    ben.post(focus_at(ours), {"text": "mine", "version": "2", "keep": "mine"})
    assert kept() == "mine"


def test_quiet_saving_answers_in_words(ours: Pair, ana: Client, ben: Client) -> None:
    first = ana.post(focus_at(ours), {"text": "Ana's", "version": "0"}, **QUIET)
    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert len(first.json()["saved"]) == 5
    second = ben.post(focus_at(ours), {"text": "Ben's <b>", "version": "0"}, **QUIET)
    assert second.status_code == 409
    assert second.json()["text"] == "Ana's"
    assert second.json()["version"] == 1
    assert "Ana&#39;s" in second.json()["theirs"]


def test_quiet_saving_after_the_session_says_so(ours: Pair) -> None:
    assert Client().post(focus_at(ours), {"text": "x", "version": "0"}, **QUIET).status_code == 401


def test_an_unknown_sheet_is_not_there(ours: Pair, ana: Client) -> None:
    assert ana.get(reverse("sheet", args=[ours.cycle.pk, "diary"])).status_code == 404


def goal(ours: Pair, text: str = "All argue") -> Goal:
    return actions.add_goal(
        ours.cycle, text=text, evidence="heard", by_date=None, place_goal=None, by=ours.partner, at=NOW
    )


def test_a_goal_sent_twice_is_one(ours: Pair, ana: Client) -> None:
    sent = {"text": "All argue", "evidence": "I hear it", "by_date": "2026-12-11", "once": "mark"}
    for _twice in range(2):
        assert ana.post(reverse("goals", args=[ours.cycle.pk]), sent).status_code == 302
    found = opened(Goal.objects.all(), "text", "evidence")
    assert [(one.text, one.evidence, one.by_date.isoformat()) for one in found] == [
        ("All argue", "I hear it", "2026-12-11")
    ]


@pytest.mark.parametrize(
    "sent", [{"text": ""}, {"text": "x", "by_date": "soon"}, {"text": "x\0"}, {"text": "x" * 100_001}], ids=range(4)
)
def test_a_goal_is_refused_with_its_words_kept(ours: Pair, ana: Client, sent: dict[str, str]) -> None:
    answer = ana.post(reverse("goals", args=[ours.cycle.pk]), {"evidence": "KEPT", **sent})
    assert answer.status_code == 422
    assert "KEPT</textarea>" in answer.content.decode()
    assert not Goal.objects.exists()


def test_a_goal_of_another_place_cannot_be_named(ours: Pair, ana: Client) -> None:
    answer = ana.post(reverse("goals", args=[ours.cycle.pk]), {"text": "x", "place_goal": "1"})
    assert answer.status_code == 302  # no place here has goals, so the field is not there
    assert Goal.objects.get().place_goal is None


def test_two_who_change_a_goal_keep_both(ours: Pair, ana: Client, ben: Client) -> None:
    page = reverse("goal", args=[goal(ours).pk])
    assert ana.post(page, {"text": "Ana's", "evidence": "seen", "version": "1"}).status_code == 302
    answer = ben.post(page, {"text": "Ben's", "evidence": "felt", "version": "1"})
    assert answer.status_code == 409
    text = html.unescape(answer.content.decode())
    assert "Ana's</p>" in text
    assert "Ben's</textarea>" in text
    ben.post(page, {"text": "Ben's", "evidence": "felt", "version": "2", "keep": "both"})
    found = opened(Goal.objects.all(), "text", "evidence")[0]
    assert (found.text, found.evidence) == ("Ana's\n\nBen's", "seen\n\nfelt")


def test_two_who_change_a_step_keep_both(ours: Pair, ana: Client, ben: Client) -> None:
    step = actions.add_step(ours.cycle, text="Copy", who=None, by_date=None, by=ours.coach, at=NOW)
    page = reverse("step", args=[step.pk])
    ana.post(page, {"text": "Ana's", "who": str(ours.coach.pk), "version": "1"})
    answer = ben.post(page, {"text": "Ben's", "who": "", "version": "1"})
    assert (answer.status_code, "Ben&#39;s" in answer.content.decode()) == (409, True)
    ben.post(page, {"text": "Ben's", "who": "", "version": "2", "keep": "both"})
    assert opened(Step.objects.all(), "text")[0].text == "Ana's\n\nBen's"


def test_a_step_is_not_given_to_an_outsider(ours: Pair, ana: Client) -> None:
    answer = ana.post(reverse("steps", args=[ours.cycle.pk]), {"text": "Copy", "who": str(ours.outsider.pk)})
    assert answer.status_code == 422
    assert not Step.objects.exists()
