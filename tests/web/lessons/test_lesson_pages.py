"""Lists of lessons, the page of one, and its parts by plain forms."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sidebyside.base.rich_text.markdown import to_markdown
from sidebyside.cycles.actions import move_to
from sidebyside.lessons.actions.lessons import begin
from sidebyside.lessons.actions.remarks import say
from sidebyside.lessons.models import Lesson, Publication
from sidebyside.lessons.queries import text_of
from tests.lessons.made import lesson_of
from tests.pairs import NOW, Pair, partnership_of, signed_in

pytestmark = pytest.mark.django_db


def words(lesson: Lesson, part: str) -> str:
    found = text_of(Lesson.objects.get(pk=lesson.pk)).part(part)
    assert found is not None
    return to_markdown(found.nodes).strip()


def shown(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, args, answer.status_code)
    return answer.content.decode()


def join(ours: Pair) -> None:
    """A third, so that the partnership goes on when one leaves; she sees what is begun from now on."""
    now = timezone.now()
    ours.partnership.members.create(person=ours.outsider, part="peer", school=ours.school, joined_at=now, sees_from=now)


def test_two_fields_and_a_button_begin_one(ours: Pair, ana: Client) -> None:
    page = reverse("partnership_lessons", args=[ours.partnership.pk])
    assert "Begin a lesson" in ana.get(page).content.decode()
    answer = ana.post(page, {"title": "  Which is\nstronger? ", "about": "Year 7", "teacher": ours.partner.pk})
    made = Lesson.objects.get()
    assert answer["Location"] == reverse("lesson", args=[made.pk])
    assert (made.teacher, made.cycle, made.begun_by) == (ours.partner, ours.cycle, ours.coach)
    assert "Which is stronger?" in shown(ana, "lesson", made.pk)


def test_the_list_leads_to_another_one_while_they_work(ours: Pair, lesson: Lesson, ana: Client) -> None:
    another = reverse("partnership_lessons", args=[ours.partnership.pk]) + "#begin"
    assert another in shown(ana, "lessons")
    ours.partnership.ended_at = timezone.now()
    ours.partnership.save()
    assert another not in shown(ana, "lessons")


def test_the_partner_is_chosen_before_anybody_chooses(ours: Pair, ana: Client) -> None:
    found = shown(ana, "partnership_lessons", ours.partnership.pk)
    chosen = re.findall(r'<input type="radio" name="teacher" value="(\d+)"[^>]* checked', found)
    assert chosen == [str(ours.partner.pk)]


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\0b"])
def test_a_title_that_cannot_be_kept_stays_in_the_field(ours: Pair, ana: Client, title: str) -> None:
    page = reverse("partnership_lessons", args=[ours.partnership.pk])
    answer = ana.post(page, {"title": title, "about": "Year 7", "teacher": ours.partner.pk})
    assert answer.status_code == 422
    assert 'value="Year 7"' in answer.content.decode()
    assert not Lesson.objects.exists()


def test_somebody_elses_lesson_is_not_begun_for_her(ours: Pair, ana: Client) -> None:
    page = reverse("partnership_lessons", args=[ours.partnership.pk])
    answer = ana.post(page, {"title": "T", "about": "", "teacher": ours.outsider.pk})
    assert answer.status_code == 422
    assert not Lesson.objects.exists()


def test_a_lesson_of_her_own_is_hers_alone(ours: Pair, ana: Client, lena: Client) -> None:
    answer = lena.post(reverse("own_lessons"), {"title": "MARK", "about": ""})
    made = Lesson.objects.get()
    assert (made.partnership, made.teacher) == (None, ours.outsider)
    assert answer["Location"] == reverse("lesson", args=[made.pk])
    assert "Only you" in shown(lena, "lesson", made.pk)
    assert "MARK" in shown(lena, "lessons")
    assert "MARK" not in shown(ana, "lessons")
    assert ana.get(reverse("lesson", args=[made.pk])).status_code == 404


def test_who_joined_later_sees_what_is_begun_from_then_on(
    ours: Pair, lesson: Lesson, ben: Client, lena: Client
) -> None:
    join(ours)
    page = reverse("partnership_lessons", args=[ours.partnership.pk])
    ben.post(page, {"title": "Newer", "about": "", "teacher": ours.partner.pk})
    found = lena.get(page).content.decode()
    assert "Newer" in found
    assert "Drinks" not in found
    assert lena.get(reverse("lesson", args=[lesson.pk])).status_code == 404
    newer = Lesson.objects.latest("pk")
    part = text_of(newer).parts[0].id
    assert lena.post(reverse("lesson_part", args=[newer.pk, part]), {"text": "Hers", "began": ""}).status_code == 302
    assert "Hers" in shown(ben, "lesson", newer.pk)


def test_everything_is_unknown_to_others(lesson: Lesson, lena: Client) -> None:
    for name, args in (
        ("lesson", ()), ("lesson_title", ()), ("lesson_remarks", ()), ("lesson_part", ("task",)),
    ):  # fmt: skip
        assert lena.get(reverse(name, args=[lesson.pk, *args])).status_code == 404, name
    for name, args in (
        ("lesson_title", ()), ("lesson_removal", ()), ("lesson_parts", ()), ("lesson_remarks", ()),
        ("lesson_part", ("task",)), ("lesson_part_facts", ("task",)), ("lesson_part_place", ("task",)),
        ("lesson_part_removal", ("task",)), ("lesson_part_restoration", ("task",)),
    ):  # fmt: skip
        assert lena.post(reverse(name, args=[lesson.pk, *args]), {"text": "x"}).status_code == 404, name
    assert lena.get(reverse("partnership_lessons", args=[lesson.partnership_id])).status_code == 404
    assert "Drinks" not in shown(lena, "lessons")


def test_the_page_shows_words_and_standards(lesson: Lesson, ana: Client) -> None:
    found = shown(ana, "lesson", lesson.pk)
    assert "<strong>stronger</strong>" in found
    assert "Compare ratios" in found
    assert "A lesson of <bdi>Ben</bdi>" in found
    assert "Drinks" not in re.findall("<title>.*?</title>", found)[0]


def test_it_says_where_it_came_from_while_that_is_there(ours: Pair, lesson: Lesson, ana: Client) -> None:
    source = Publication.objects.create(
        teacher=ours.outsider, licence="by", scope=f"a{ours.outsider.pk}", draft="", asked_at=lesson.begun_at,
        asked_by=ours.outsider, published_at=lesson.begun_at, title="SOURCE", credit="Lena",
    )  # fmt: skip
    Lesson.objects.filter(pk=lesson.pk).update(adopted_from=source)
    found = shown(ana, "lesson", lesson.pk)
    assert reverse("published", args=[source.pk]) in found
    assert "CC BY 4.0" in found
    Publication.objects.update(retracted_at=lesson.begun_at, title="", credit="")
    assert reverse("published", args=[source.pk]) not in shown(ana, "lesson", lesson.pk)


def test_hostile_words_are_words(ours: Pair, ana: Client) -> None:
    bad = "<script>alert(1)</script>"
    page = reverse("partnership_lessons", args=[ours.partnership.pk])
    ana.post(page, {"title": bad, "about": bad, "teacher": ours.partner.pk})
    made = Lesson.objects.get()
    part = text_of(made).parts[0].id
    ana.post(reverse("lesson_part", args=[made.pk, part]), {"text": f"{bad} [x](javascript:alert(1))", "began": ""})
    ana.post(reverse("lesson_part_facts", args=[made.pk, part]), {"title": bad, "minutes": "5"})
    ana.post(reverse("lesson_remarks", args=[made.pk]), {"part": part, "kind": "remark", "text": bad, "quote": bad})
    ana.post(
        reverse("lesson_remarks", args=[made.pk]),
        {"part": "", "kind": "suggestion", "text": bad, "quote": bad, "replacement": bad + "2"},
    )
    for name, *args in (
        ("lesson", made.pk), ("lesson_title", made.pk), ("lesson_part", made.pk, part), ("lessons",),
        ("lesson_remarks", made.pk), ("partnership_lessons", ours.partnership.pk),
    ):  # fmt: skip
        found = shown(ana, name, *args)
        assert "<script>alert" not in found, name
        assert 'href="javascript' not in found, name
        assert "&lt;script&gt;alert(1)" in found, name


def test_a_part_is_written_plainly(lesson: Lesson, ana: Client) -> None:
    page = reverse("lesson_part", args=[lesson.pk, "task"])
    found = shown(ana, "lesson_part", lesson.pk, "task")
    assert "Which drink is **stronger**?" in found
    answer = ana.post(page, {"text": "- one\n- *two*", "began": "Which drink is **stronger**?"})
    assert answer["Location"].endswith("#part-task")
    assert "<em>two</em>" in shown(ana, "lesson", lesson.pk)


def test_two_who_write_the_same_part_lose_no_word(lesson: Lesson, ana: Client, ben: Client) -> None:
    page = reverse("lesson_part", args=[lesson.pk, "moves"])
    began = words(lesson, "moves")
    assert ana.post(page, {"text": began.replace("explain", "wonder aloud"), "began": began}).status_code == 302
    assert ben.post(page, {"text": began + "\n\nAt last they drink.", "began": began}).status_code == 302
    assert words(lesson, "moves") == "I wonder aloud first.\n\nThen they compare.\n\nAt last they drink."
    # both changed one paragraph: both stand there
    began = words(lesson, "moves")
    ana.post(page, {"text": began.replace("At last", "Slowly"), "began": began})
    ben.post(page, {"text": began.replace("drink", "taste"), "began": began})
    assert words(lesson, "moves").endswith("Slowly they drink.\n\nAt last they taste.")


def test_what_is_too_long_stays_in_the_form(lesson: Lesson, ana: Client) -> None:
    page = reverse("lesson_part", args=[lesson.pk, "task"])
    answer = ana.post(page, {"text": "word " * 41_000, "began": "Which drink is **stronger**?"})
    assert answer.status_code == 422
    assert "word word</textarea>" in answer.content.decode().replace("word </textarea>", "word</textarea>")
    ana.post(page, {"text": "a" * 150_000, "began": ""})
    other = reverse("lesson_part", args=[lesson.pk, "moves"])
    answer = ana.post(other, {"text": "b" * 150_000, "began": ""})
    assert answer.status_code == 422
    assert "at most 200,000" in answer.content.decode()
    assert words(lesson, "moves").startswith("I explain")


def test_ten_megabytes_are_refused_with_a_sentence(lesson: Lesson, ana: Client) -> None:
    answer = ana.post(reverse("lesson_part", args=[lesson.pk, "task"]), {"text": "word " * 2_000_000, "began": ""})
    assert answer.status_code == 413
    assert "too much at once" in answer.content.decode()
    assert "stronger" in words(lesson, "task")


def test_parts_are_added_moved_named_taken_out_and_brought_back(lesson: Lesson, ana: Client) -> None:
    def act(name: str, part: str, **sent: str):
        return ana.post(reverse(name, args=[lesson.pk, part]), sent)

    def parts() -> list[tuple[str, str, int]]:
        return [(part.kind, part.title, part.minutes) for part in text_of(Lesson.objects.get(pk=lesson.pk)).parts]

    answer = ana.post(reverse("lesson_parts", args=[lesson.pk]), {"kind": "timing", "after": "task"})
    assert answer.status_code == 302
    assert [kind for kind, _title, _minutes in parts()] == ["task", "timing", "moves"]
    act("lesson_part_place", "moves", to="up")
    assert [kind for kind, _title, _minutes in parts()] == ["task", "moves", "timing"]
    act("lesson_part_place", "task", to="up")
    act("lesson_part_place", "task", to="down")
    assert [kind for kind, _title, _minutes in parts()] == ["moves", "task", "timing"]
    act("lesson_part_facts", "task", title="The jugs", minutes="15")
    assert parts()[1] == ("task", "The jugs", 15)
    assert act("lesson_part_facts", "task", title="x" * 121, minutes="2000").status_code == 422
    gone = act("lesson_part_removal", "task")
    restoration = reverse("lesson_part_restoration", args=[lesson.pk, "task"])
    assert restoration in ana.get(gone["Location"]).content.decode()
    assert [kind for kind, _title, _minutes in parts()] == ["moves", "timing"]
    ana.post(restoration)
    assert parts()[1] == ("task", "The jugs", 15)
    assert "stronger" in words(lesson, "task")


def test_unknown_parts_and_kinds_are_refused(lesson: Lesson, ana: Client) -> None:
    assert ana.get(reverse("lesson_part", args=[lesson.pk, "none"])).status_code == 404
    for name in ("lesson_part_place", "lesson_part_removal", "lesson_part_restoration"):
        assert ana.post(reverse(name, args=[lesson.pk, "none"])).status_code == 409, name
    assert ana.post(reverse("lesson_parts", args=[lesson.pk]), {"kind": "poem"}).status_code == 409
    for _at in range(58):
        ana.post(reverse("lesson_parts", args=[lesson.pk]), {"kind": "other"})
    answer = ana.post(reverse("lesson_parts", args=[lesson.pk]), {"kind": "other"})
    assert answer.status_code == 409
    assert "at most 60 parts" in answer.content.decode()


def test_the_second_who_renames_sees_both(lesson: Lesson, ana: Client, ben: Client) -> None:
    page = reverse("lesson_title", args=[lesson.pk])
    assert ana.post(page, {"title": "Jugs", "about": "", "version": "1"}).status_code == 302
    answer = ben.post(page, {"title": "Syrup", "about": "", "version": "1"})
    assert answer.status_code == 409
    assert "Jugs" in answer.content.decode()
    assert 'value="Syrup"' in answer.content.decode()
    assert ben.post(page, {"title": "Syrup", "about": "", "version": "2"}).status_code == 302
    assert "Syrup" in shown(ana, "lesson", lesson.pk)


def test_the_stage_of_preparing_offers_a_lesson(ours: Pair, ana: Client) -> None:
    begins = reverse("partnership_lessons", args=[ours.partnership.pk])
    assert "Begin a lesson" not in shown(ana, "workspace", ours.partnership.pk)
    move_to(ours.cycle, stage="prepare", by=ours.coach, at=NOW)
    found = shown(ana, "workspace", ours.partnership.pk)
    assert f'<a class="button" href="{begins}">Begin a lesson</a>' in found
    made = lesson_of(ours)
    found = shown(ana, "workspace", ours.partnership.pk)
    assert f'<a class="button" href="{reverse("lesson", args=[made.pk])}">Go on with the lesson</a>' in found
    assert "<bdi>Drinks</bdi>" in found


def test_lists_cost_the_same_for_one_and_for_three(ours: Pair, lesson: Lesson, ben: Client) -> None:
    pages = [reverse("lessons"), reverse("partnership_lessons", args=[ours.partnership.pk])]

    def queries() -> list[int]:
        numbers = []
        for page in pages:
            with CaptureQueriesContext(connection) as found:
                assert ben.get(page).status_code == 200
            numbers.append(len(found))
        return numbers

    queries()
    first = queries()
    for title in ("Second", "Third"):
        lesson_of(ours, title=title)
        other = partnership_of(ours.outsider, ours.partner, school=ours.school)
        begin(partnership=other, teacher=ours.partner, title=title, about="", by=ours.partner, at=NOW)
    assert queries() == first


def test_after_its_teacher_has_left_it_is_there_to_read(ours: Pair, lesson: Lesson, ana: Client, ben: Client) -> None:
    ben.post(reverse("partnership_leaving", args=[ours.partnership.pk]))
    for client in (ana, ben):
        found = shown(client, "lesson", lesson.pk)
        assert "stronger" in found
        assert reverse("lesson_part", args=[lesson.pk, "task"]) not in found
        assert client.post(reverse("lesson_part", args=[lesson.pk, "task"]), {"text": "x"}).status_code == 403
        assert client.post(reverse("lesson_remarks", args=[lesson.pk]), {"text": "x"}).status_code == 403
    assert words(lesson, "task").startswith("Which")


def test_a_coach_who_left_reads_what_was_not_changed_since(
    ours: Pair, lesson: Lesson, ana: Client, ben: Client
) -> None:
    say = reverse("lesson_remarks", args=[lesson.pk])
    ana.post(say, {"part": "task", "kind": "question", "text": "EARLIER"})
    join(ours)
    ana.post(reverse("partnership_leaving", args=[ours.partnership.pk]))
    found = shown(ana, "lesson", lesson.pk)
    assert "Those who were in this partnership" in found
    assert "EARLIER" in found
    assert reverse("lesson_part", args=[lesson.pk, "task"]) not in found
    assert "From earlier work" in shown(ana, "lessons")
    assert ana.post(say, {"part": "", "kind": "question", "text": "x"}).status_code == 403
    ben.post(say, {"part": "task", "kind": "remark", "text": "LATER"})
    assert "LATER" not in shown(ana, "lesson", lesson.pk)
    assert "LATER" in shown(ben, "lesson", lesson.pk)
    ben.post(reverse("lesson_part", args=[lesson.pk, "task"]), {"text": "new", "began": ""})
    assert ana.get(reverse("lesson", args=[lesson.pk])).status_code == 404
    assert "Drinks" not in shown(ana, "lessons")


def test_an_ended_partnership_leaves_it_to_read(ours: Pair, lesson: Lesson, ana: Client) -> None:
    ours.partnership.ended_at = lesson.begun_at
    ours.partnership.save()
    assert "This partnership has ended" in shown(ana, "lesson", lesson.pk)
    answer = ana.post(reverse("lesson_part", args=[lesson.pk, "task"]), {"text": "x", "began": ""})
    assert answer.status_code == 422
    assert words(lesson, "task").startswith("Which")


def test_only_its_teacher_removes_a_lesson_and_brings_it_back(lesson: Lesson, ana: Client, ben: Client) -> None:
    removal, restoration = reverse("lesson_removal", args=[lesson.pk]), reverse("restore", args=["lesson", lesson.pk])
    assert removal not in shown(ana, "lesson", lesson.pk)
    assert ana.post(removal).status_code == 403
    assert removal in shown(ben, "lesson", lesson.pk)
    answer = ben.post(removal, follow=True)
    assert restoration in answer.content.decode()
    assert removal not in shown(ben, "lesson", lesson.pk)
    # the others read it until it goes, and leave it where it is
    assert "Drinks" not in shown(ana, "lessons")
    page = shown(ana, "bin")
    assert "Drinks" in page
    assert reverse("lesson", args=[lesson.pk]) in page
    assert restoration not in page
    assert "In the bin" in shown(ana, "lesson", lesson.pk)
    assert ana.post(restoration).status_code == 403
    assert restoration in shown(ben, "bin")
    assert ben.post(restoration).status_code == 302
    assert "Drinks" in shown(ana, "lessons")


def test_a_teacher_who_left_brings_her_lesson_back(ours: Pair, lesson: Lesson, ana: Client, ben: Client) -> None:
    removal, restoration = reverse("lesson_removal", args=[lesson.pk]), reverse("restore", args=["lesson", lesson.pk])
    ben.post(removal)
    ours.partnership.members.filter(person=ours.partner).update(left_at=timezone.now())
    page = shown(ben, "bin")
    assert restoration in page
    assert "Those who were in this partnership" in page
    answer = ben.post(restoration)
    assert answer["Location"] == reverse("lesson", args=[lesson.pk])
    assert "Drinks" in shown(ana, "lesson", lesson.pk)
    # and removes it as before
    assert removal in shown(ben, "lesson", lesson.pk)
    assert ben.post(removal)["Location"] == reverse("lessons")
    assert ana.post(restoration).status_code == 403
    # who is a stranger to it does not learn that there is one
    assert signed_in(ours.outsider).post(restoration).status_code == 404


def test_the_bin_offers_back_only_what_can_go_back(ours: Pair, lesson: Lesson, ana: Client) -> None:
    said = say(lesson, kind="remark", text="MARK", by=ours.coach, at=timezone.now())
    ana.post(reverse("remark_removal", args=[said.pk]))
    restoration = reverse("restore", args=["remark", said.pk])
    assert restoration in shown(ana, "bin")
    ours.partnership.members.filter(person=ours.partner).update(left_at=timezone.now())
    page = shown(ana, "bin")
    assert "MARK" in page
    assert restoration not in page
    assert ana.post(restoration).status_code == 403
