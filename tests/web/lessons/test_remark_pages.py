"""What is said about a lesson, on its pages: plainly and by script."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sidebyside.base import bin
from sidebyside.lessons.actions import rating
from sidebyside.lessons.actions.versions import keep_version
from sidebyside.lessons.models import Lesson, LessonVersion, Remark
from sidebyside.materials.queries import latest
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"headers": {"HX-Request": "true"}}
ACTS = ("remark_acceptance", "remark_cause", "remark_settlement", "remark_reopening", "remark_removal", "remark_words")


def say(client: Client, lesson: Lesson, text: str = "MARK", **more: str):
    sent = {"part": "moves", "kind": "question", "text": text, **more}
    return client.post(reverse("lesson_remarks", args=[lesson.pk]), sent)


def suggest(client: Client, lesson: Lesson, quote: str = "explain first") -> Remark:
    say(client, lesson, "", kind="suggestion", quote=quote, replacement="ask first")
    return Remark.objects.latest("pk")


def shown(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, args)
    return answer.content.decode()


def test_a_question_stands_below_its_part(lesson: Lesson, ana: Client, ben: Client) -> None:
    answer = say(ana, lesson, quote="I explain")
    made = Remark.objects.get()
    assert answer["Location"].endswith(f"#remark-{made.pk}")
    page = shown(ben, "lesson", lesson.pk)
    part = page.index('id="said-moves"')
    assert part < page.index("MARK") < page.index('id="said-all"')
    assert "<bdi>Ana</bdi>" in page[part:]


def test_a_coach_is_asked_for_a_question_first(lesson: Lesson, ana: Client) -> None:
    page = shown(ana, "lesson", lesson.pk)
    assert 'value="question" id="say-moves-question" checked' in page
    assert "Questions to borrow" in page


def test_refused_words_stay_in_the_form(lesson: Lesson, ana: Client) -> None:
    answer = say(ana, lesson, "", kind="suggestion", quote="I explain", replacement="I explain")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "I explain</textarea>" in page
    assert 'value="suggestion" id="say-moves-suggestion" checked' in page
    answer = ana.post(reverse("lesson_remarks", args=[lesson.pk]), {"part": "moves", "text": ""}, **BY_SCRIPT)
    assert answer.status_code == 422
    assert not Remark.objects.exists()


def test_by_script_the_lists_come_anew(lesson: Lesson, ana: Client, ben: Client) -> None:
    made = suggest(ana, lesson)
    answer = ben.post(reverse("remark_acceptance", args=[made.pk]), {"version": "1"}, **BY_SCRIPT)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("hx-swap-oob") == 4  # two parts, the whole lesson, what is told
    assert "accepted by <bdi>you</bdi>" in page
    assert "<html" not in page
    assert "hx-swap-oob" in ana.get(reverse("lesson_remarks", args=[lesson.pk]), **BY_SCRIPT).content.decode()
    assert "I ask first." in shown(ana, "lesson", lesson.pk)


def test_plainly_the_page_comes_back(lesson: Lesson, ana: Client, ben: Client) -> None:
    made = suggest(ana, lesson)
    answer = ben.post(reverse("remark_acceptance", args=[made.pk]), {"version": "1"})
    assert answer["Location"].endswith(f"#remark-{made.pk}")
    assert "accepted by <bdi>Ben</bdi>" in shown(ana, "lesson", lesson.pk)


def test_words_that_are_gone_are_said_with_the_others(lesson: Lesson, ana: Client, ben: Client) -> None:
    made = suggest(ana, lesson, quote="words of yesterday")
    answer = ben.post(reverse("remark_acceptance", args=[made.pk]), {"version": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "words of yesterday" in page
    assert "ask first" in page


def test_to_others_all_of_it_is_unknown(lesson: Lesson, ana: Client, lena: Client) -> None:
    made = suggest(ana, lesson)
    assert lena.get(reverse("remark", args=[made.pk])).status_code == 404
    assert lena.post(reverse("remark", args=[made.pk]), {"text": "x"}).status_code == 404
    for name in ACTS:
        assert lena.post(reverse(name, args=[made.pk]), {"text": "x"}).status_code == 404, name
    made.refresh_from_db()
    assert (made.accepted_at, made.settled_at, made.led_at, made.removed_at) == (None, None, None, None)


def test_only_its_author_changes_and_removes_it(lesson: Lesson, ana: Client, ben: Client) -> None:
    say(ana, lesson)
    made = Remark.objects.get()
    for name in ("remark_words", "remark_removal"):
        assert ben.post(reverse(name, args=[made.pk]), {"text": "theirs"}).status_code == 403, name
    ana.post(reverse("remark_words", args=[made.pk]), {"kind": "question", "text": "ANEW", "version": "1"})
    assert "ANEW" in shown(ben, "lesson", lesson.pk)
    answer = ana.post(reverse("remark_removal", args=[made.pk]), follow=True)
    restoration = reverse("restore", args=["remark", made.pk])
    assert restoration in answer.content.decode()
    assert "ANEW" not in shown(ben, "lesson", lesson.pk)
    assert "ANEW" not in shown(ben, "bin")
    assert ben.post(restoration).status_code == 404
    assert "ANEW" in shown(ana, "bin")
    ana.post(restoration)
    assert "ANEW" in shown(ben, "lesson", lesson.pk)


def test_what_was_said_is_not_overwritten_from_another_window(lesson: Lesson, ana: Client) -> None:
    say(ana, lesson)
    made = Remark.objects.get()
    page = reverse("remark_words", args=[made.pk])
    sent = {"kind": "question", "version": "1"}
    assert ana.post(page, sent | {"text": "FIRST"}).status_code == 302
    answer = ana.post(page, sent | {"text": "SECOND"})
    assert answer.status_code == 409
    for words in ("FIRST", "SECOND", 'name="version" value="2"'):
        assert words in answer.content.decode()
    assert ana.post(page, sent | {"text": "FIRST"}).status_code == 302, "the same is no quarrel"
    assert ana.post(page, sent | {"text": "SECOND", "version": "2"}).status_code == 302
    shown_now = shown(ana, "lesson", lesson.pk)
    assert ("SECOND" in shown_now, "FIRST" in shown_now) == (True, False)


def test_an_answer_and_what_it_led_to(lesson: Lesson, ours: Pair, ana: Client, ben: Client) -> None:
    say(ana, lesson)
    made = Remark.objects.get()
    assert ben.post(reverse("remark", args=[made.pk]), {"text": ""}).status_code == 422
    ben.post(reverse("remark", args=[made.pk]), {"text": "ANSWER"})
    assert "ANSWER" in shown(ana, "remark", made.pk)
    ben.post(reverse("remark_cause", args=[made.pk]))
    assert "This led to a change" in shown(ana, "lesson", lesson.pk)
    version = keep_version(lesson, kind=LessonVersion.Kind.IMPROVED, name="", by=ours.partner, at=NOW)
    assert reverse("lesson_version", args=[version.pk]) in shown(ana, "lesson", lesson.pk)


def test_settled_it_steps_back(lesson: Lesson, ana: Client, ben: Client) -> None:
    say(ana, lesson)
    made = Remark.objects.get()
    ben.post(reverse("remark_settlement", args=[made.pk]))
    assert "1 accepted or laid aside" in shown(ana, "lesson", lesson.pk)
    ben.post(reverse("remark_reopening", args=[made.pk]))
    assert "accepted or laid aside" not in shown(ana, "lesson", lesson.pk)


def test_a_form_sent_twice_says_it_once(lesson: Lesson, ana: Client) -> None:
    say(ana, lesson, once="m")
    say(ana, lesson, once="m")
    assert Remark.objects.count() == 1


def test_what_waits_stands_on_home(lesson: Lesson, ours: Pair, ana: Client, ben: Client) -> None:
    assert "about your lesson" not in shown(ben, "home")
    say(ana, lesson)
    suggest(ana, lesson)
    home = shown(ben, "home")
    assert "asks or suggests something about your lesson" in home
    assert home.count(f'href="{reverse("lesson", args=[lesson.pk])}"') == 1
    assert "about your lesson" not in shown(ana, "home")
    for made in Remark.objects.all():
        ben.post(reverse("remark", args=[made.pk]), {"text": "Yes."})
    assert "about your lesson" not in shown(ben, "home")
    assert "answered you about a lesson" in shown(ana, "home")
    assert shown(ana, "home").count(f'href="{reverse("lesson", args=[lesson.pk])}"') == 1
    ana.post(reverse("remark", args=[Remark.objects.latest("pk").answers_id]), {"text": "Good."})
    first = Remark.objects.order_by("pk").first()
    assert first is not None
    ana.post(reverse("remark_settlement", args=[first.pk]))
    assert "answered you" not in shown(ana, "home")


def test_an_answer_to_what_she_removed_waits_no_more(lesson: Lesson, ana: Client, ben: Client) -> None:
    say(ana, lesson)
    made = Remark.objects.get()
    ben.post(reverse("remark", args=[made.pk]), {"text": "Yes."})
    assert "answered you about a lesson" in shown(ana, "home")
    ana.post(reverse("remark_removal", args=[made.pk]))
    assert "answered you" not in shown(ana, "home")


def test_nobody_takes_the_words_of_others_away_with_her_own(lesson: Lesson, ana: Client, ben: Client) -> None:
    say(ana, lesson, "HERS")
    asked = Remark.objects.get()
    ben.post(reverse("remark", args=[asked.pk]), {"text": "HIS"})
    answer = Remark.objects.latest("pk")
    ana.post(reverse("remark_removal", args=[asked.pk]))

    def said(client: Client) -> list[bool]:
        page = shown(client, "lesson", lesson.pk)
        return [words in page for words in ("HERS", "HIS", "AGAIN")]

    assert said(ben) == said(ana) == [False, True, False]
    ben.post(reverse("remark", args=[answer.pk]), {"text": "AGAIN"})
    assert said(ana) == [False, True, True]
    ana.post(reverse("restore", args=["remark", asked.pk]))
    assert said(ben) == [True, True, True]
    ana.post(reverse("remark_removal", args=[asked.pk]))
    bin.empty(at=timezone.now() + timedelta(days=31))
    assert said(ben) == [False, True, True]
    assert set(Remark.objects.values_list("author__given_name", flat=True)) == {"Ben"}


def test_a_partner_who_is_asked_for_her_view_reads_so_on_home(lesson: Lesson, ours: Pair, ana: Client) -> None:
    version = keep_version(lesson, kind=LessonVersion.Kind.TAUGHT, name="", by=ours.partner, at=timezone.now())
    scale = {"material": latest("checklist", "learning_activity"), "answers": {"ST1": "partly"}, "notes": {}}
    mine = rating.rate(version, **scale, by=ours.partner, at=timezone.now())
    assert "asks how you see a lesson" not in shown(ana, "home")
    rating.ask_partners(mine, by=ours.partner, at=timezone.now())
    home = shown(ana, "home")
    assert "asks how you see a lesson" in home
    assert reverse("lesson_ratings", args=[lesson.pk]) in home
    ours.partnership.members.filter(person=ours.partner).update(left_at=timezone.now())
    assert "asks how you see a lesson" not in shown(ana, "home"), "nobody can any more"
    ours.partnership.members.filter(person=ours.partner).update(left_at=None)
    assert "asks how you see a lesson" in shown(ana, "home")
    rating.rate(version, **scale, by=ours.coach, at=timezone.now())
    assert "asks how you see a lesson" not in shown(ana, "home")


def test_one_or_three_cost_the_same(lesson: Lesson, ana: Client, ben: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            shown(ben, "lesson", lesson.pk)
        return len(found)

    say(ana, lesson)
    suggest(ana, lesson)
    queries()
    first = queries()
    for _at in range(3):
        say(ana, lesson)
        made = suggest(ana, lesson)
        ben.post(reverse("remark", args=[made.pk]), {"text": "Answer"})
    assert queries() == first
