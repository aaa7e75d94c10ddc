"""Rating on its pages: the teacher first and alone, without and with script; and the checklist of one's own."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from sidebyside.base import vault
from sidebyside.lessons.actions import rating as actions
from sidebyside.lessons.actions.lessons import rename
from sidebyside.lessons.actions.versions import keep_version, rename_version
from sidebyside.lessons.models import Lesson, LessonVersion, OwnChecklist, Rating
from sidebyside.lessons.ratings import Answers
from sidebyside.materials.queries import latest
from tests.lessons.made import DAY, lesson_of
from tests.pairs import NOW, Pair, pair, signed_in

pytestmark = pytest.mark.django_db
QUIET = {"headers": {"X-Autosave": "1"}}
SLUGS = ("learning_activity", "design_21", "samr", "picrat", "tim")


@pytest.fixture
def version(lesson: Lesson) -> LessonVersion:
    return keep_version(lesson, kind="taught", name="Monday", by=lesson.teacher, at=NOW)


def form_at(version: LessonVersion, slug: str = "learning_activity") -> str:
    return reverse("rating", args=[version.pk, slug])


def rated(
    version: LessonVersion, by, answers: dict[str, str] | None = None, notes: dict[str, str] | None = None
) -> Rating:
    given = {"answers": answers or {"ST1": "partly"}, "notes": notes or {}, "material": latest("checklist", SLUGS[0])}
    return actions.rate(version, **given, by=by, at=NOW)


def kept() -> Answers:
    return Answers.from_json(vault.opened([Rating.objects.get()], "answers")[0].answers)


def same(page: str) -> str:
    """A page without what differs at every opening."""
    return re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"|X-CSRFToken": "[^"]*"', "", page)


def shown(client: Client, name: str, *args, status: int = 200) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status, (name, args, answer.status_code)
    return answer.content.decode()


def test_what_one_rates_by_is_said_and_the_next_moment_chosen(ben: Client, lesson: Lesson) -> None:
    def moment() -> str:
        found = re.search(r'name="kind" value="(\w+)"[^>]* checked', shown(ben, "lesson_ratings", lesson.pk))
        assert found
        return found[1]

    page = shown(ben, "lesson_ratings", lesson.pk)
    assert "<strong><bdi>SAMR</bdi></strong>: names for how technology is used" in page
    assert moment() == "taught"
    keep_version(lesson, kind="improved", name="", by=lesson.teacher, at=NOW)
    rename(Lesson.objects.get(), title="Another", about="", version=lesson.version, by=lesson.teacher, at=NOW)
    assert moment() == "taught_again"


# The teacher first, and alone


def test_no_page_tells_the_coach_that_the_teacher_rates(
    ours: Pair, ana: Client, lesson: Lesson, version: LessonVersion
) -> None:
    pages = [
        reverse("lesson_ratings", args=[lesson.pk]),
        reverse("lesson", args=[lesson.pk]),
        reverse("partnership_lessons", args=[ours.partnership.pk]),
        reverse("lessons"),
        reverse("workspace", args=[ours.partnership.pk]),
        reverse("seen_by_others", args=[ours.partnership.pk]),
        reverse("checklist", args=[ours.partnership.pk]),
        reverse("home"),
        *(form_at(version, slug) for slug in SLUGS),
    ]

    def seen() -> list[tuple[int, str]]:
        answers = [ana.get(page) for page in pages]
        answers += [ana.post(form_at(version), {"a-ST1": "partly"})]
        answers += [ana.post(form_at(version), {"a-ST1": "partly"}, **QUIET)]
        return [(one.status_code, same(one.content.decode())) for one in answers]

    before = seen()
    hers = rated(version, ours.partner, {"ST1": "clearly"}, {"ST1": "MARK"})
    assert seen() == before, "length and words are the same"
    for name in ("rating_sharing", "rating_taking_back", "rating_asking", "rating_asking_end"):
        assert ana.post(reverse(name, args=[hers.pk])).status_code == 404
    shown(ana, "rating_shown", hers.pk, status=404)
    # to ask tells that she was asked, and nothing of what the teacher answered
    actions.ask_partners(hers, by=ours.partner, at=NOW)
    assert "you are asked how you see it" in shown(ana, "lesson_ratings", lesson.pk)
    assert not any("MARK" in page for _status, page in seen()[:-2])


def test_the_coach_rates_when_asked_and_shares_when_she_likes(
    ours: Pair, ana: Client, ben: Client, version: LessonVersion
) -> None:
    hers = rated(version, ours.partner)
    ben.post(reverse("rating_asking", args=[hers.pk]))
    answer = ana.post(form_at(version), {"a-ST1": "clearly", "n-ST1": "MARK"})
    coachs = Rating.objects.get(by=ours.coach)
    assert answer["Location"] == reverse("rating_shown", args=[coachs.pk])
    assert "MARK" in shown(ana, "rating_shown", coachs.pk)
    overview = ("lesson_ratings", version.lesson_id)
    assert "sees it" not in shown(ben, *overview)
    shown(ben, "rating_shown", coachs.pk, status=404)
    ana.post(reverse("rating_sharing", args=[coachs.pk]))
    assert "MARK" in shown(ben, "rating_shown", coachs.pk)
    assert "sees it" in shown(ben, *overview)
    ana.post(reverse("rating_taking_back", args=[coachs.pk]))
    shown(ben, "rating_shown", coachs.pk, status=404)
    # no longer asked, she reads her own and changes it no more
    assert "Go on rating" in shown(ana, "rating_shown", coachs.pk)
    ben.post(reverse("rating_asking_end", args=[hers.pk]))
    assert "Go on rating" not in shown(ana, "rating_shown", coachs.pk)
    assert ana.get(form_at(version))["Location"] == reverse("rating_shown", args=[coachs.pk])
    assert ana.post(form_at(version), {"a-ST1": "partly"}).status_code == 422


def test_strangers_find_nothing(ours: Pair, lena: Client, version: LessonVersion) -> None:
    hers = rated(version, ours.partner)
    actions.share(hers, by=ours.partner, at=NOW)
    for name, args in (
        ("lesson_ratings", [version.lesson_id]),
        ("rating", [version.pk, SLUGS[0]]),
        ("rating_shown", [hers.pk]),
        ("checklist", [ours.partnership.pk]),
    ):
        assert lena.get(reverse(name, args=args)).status_code == 404
        assert lena.post(reverse(name, args=args), {"a-ST1": "partly"}).status_code in (404, 405)
    assert Rating.objects.count() == 1


# The form


def test_a_plain_form_keeps_answers_and_notes(ours: Pair, ben: Client, version: LessonVersion) -> None:
    page = shown(ben, "rating", version.pk, SLUGS[0])
    assert (page.count("<fieldset"), page.count('type="radio"'), page.count("<legend")) == (28, 112, 28)
    assert page.count('<details class="rate-area"') == 4
    answer = ben.post(form_at(version), {"a-ST1": "partly", "a-EN2": "not_intended", "n-ST1": "<script>x</script>"})
    assert answer.status_code == 302
    assert kept() == Answers({"ST1": "partly", "EN2": "not_intended"}, {"ST1": "<script>x</script>"})
    page = shown(ben, "rating", version.pk, SLUGS[0])
    assert "1 of 7 answered" in page
    assert 'value="not_intended" checked' in page
    assert "<script>x" not in page
    result = ben.get(answer["Location"]).content.decode()
    assert "&lt;script&gt;x" in result
    assert "not intended here" in result


def test_it_is_saved_while_she_chooses(ours: Pair, ben: Client, version: LessonVersion) -> None:
    answer = ben.post(form_at(version), {"a-ST1": "partly"}, **QUIET)
    assert (answer.status_code, set(answer.json())) == (200, {"saved", "version"})
    assert answer.json()["version"] == 1
    assert ben.post(form_at(version), {"a-ST1": "clearly", "version": "1"}, **QUIET).json()["version"] == 2
    assert kept().given == {"ST1": "clearly"}
    answer = ben.post(form_at(version), {"a-ST1": "excellent", "version": "2"}, **QUIET)
    assert (answer.status_code, kept().given) == (422, {"ST1": "clearly"})
    assert answer.json()["refused"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"a-XX1": "partly"},
        {"a-ST1": "partly", "a-": "partly"},
        {"a-ST1": "level_5"},
        {"a-ST1": "partly", "n-ST1": "x" * 501},
        {"a-ST1": "partly", "n-ST1": "a\0b"},
        {"a-ST1": "partly", "n-XX1": "note"},
        {"n-ST1": "a note alone"},
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence(ben: Client, version: LessonVersion, sent: dict) -> None:
    answer = ben.post(form_at(version), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Something to put right" in page
    assert not Rating.objects.exists()
    if sent.get("a-ST1") == "partly":
        assert 'id="a-ST1-partly" value="partly" checked' in page


@pytest.mark.parametrize("slug", SLUGS)
def test_nonsense_comes_back_for_everything_there_is_to_rate_by(ben: Client, version: LessonVersion, slug: str) -> None:
    for name in ("a-ST1", "a-collaboration.q1", "a-task", "a-learners", "a-active", "a-", "n-"):
        assert ben.post(form_at(version, slug), {name: "<b>"}).status_code == 422
        assert ben.post(form_at(version, slug), {name: ["x", "y"]}, **QUIET).status_code == 422
    assert not Rating.objects.exists()


def test_ten_megabytes_are_turned_away(ben: Client, version: LessonVersion) -> None:
    assert ben.post(form_at(version), {"a-ST1": "partly", "n-ST1": "x" * 10_000_000}).status_code in (400, 413)
    assert ben.post(form_at(version), {"a-ST1": "partly", "n-ST1": "x" * 5_000_000}).status_code == 422
    assert not Rating.objects.exists()


def test_the_version_of_another_lesson_is_not_rated(ours: Pair, ben: Client) -> None:
    others = pair("Elsewhere")
    theirs = keep_version(lesson_of(others), kind="taught", name="", by=others.partner, at=NOW)
    assert ben.post(form_at(theirs), {"a-ST1": "partly"}).status_code == 404
    assert ben.post(reverse("rating", args=[10**12, SLUGS[0]]), {"a-ST1": "partly"}).status_code == 404
    assert not Rating.objects.exists()


def test_there_is_only_what_ships_to_rate_by(ben: Client, version: LessonVersion) -> None:
    for slug in ("five_stages", "pair", "nothing"):
        assert ben.get(form_at(version, slug)).status_code == 404
        assert ben.post(form_at(version, slug), {"a-ST1": "partly"}).status_code == 404


def test_a_chain_leads_to_its_level_and_names_its_makers(ben: Client, version: LessonVersion) -> None:
    page = shown(ben, "rating", version.pk, "design_21")
    assert page.count('class="chain__end"') == 29
    assert "https://creativecommons.org/licenses/by/3.0/" in page
    assert "ITL Research" in page
    answer = ben.post(
        form_at(version, "design_21"),
        # the third is no longer on the way, once the second is no
        {"a-collaboration.q1": "yes", "a-collaboration.q2": "no", "a-collaboration.q3": "yes"},
    )
    assert kept().given == {"collaboration.q1": "yes", "collaboration.q2": "no"}
    result = ben.get(answer["Location"]).content.decode()
    assert "Are they responsible together" in result
    assert "Do they decide together" not in result
    assert "2 · <strong>Together</strong>" in result
    # its makers and their licence are named once wherever levels of theirs are read
    for where in (result, shown(ben, "lesson_ratings", version.lesson_id), compared(ben, version)):
        assert "<strong>Together</strong>" in where
        assert where.count("https://creativecommons.org/licenses/by/3.0/") == 1


def compared(client: Client, version: LessonVersion) -> str:
    answer = client.get(reverse("lesson_comparison", args=[version.lesson_id]), {"from": version.number, "to": "now"})
    return answer.content.decode()


@pytest.mark.parametrize(("slug", "cells"), [("samr", 4), ("picrat", 6), ("tim", 25)])
def test_levels_are_chosen_by_name_and_given_up_again(
    ben: Client, version: LessonVersion, slug: str, cells: int
) -> None:
    page = shown(ben, "rating", version.pk, slug)
    choices = re.findall(r'<input type="radio" name="(a-[a-z_]+)" id="[^"]+" value="([a-z]+)"', page)
    assert len(choices) == cells
    assert "for orientation" in page
    name, value = choices[0]
    ben.post(form_at(version, slug), {name: value})
    assert kept().given == {name[2:]: value}
    ben.post(form_at(version, slug), {name: "", "version": "1"})
    assert kept().is_empty


# Two windows


def version_in(page: str) -> str:
    """The edition that a form on this page builds on."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("slug", "theirs", "mine", "names"),
    [
        ("learning_activity", "a-ST1=partly&n-ST1=THEIRS", "a-EN1=clearly&n-ST1=MINE", ("ST1", "EN1")),
        ("samr", "a-task=modification&n-task=THEIRS", "a-task=substitution&n-task=MINE", ("task", "task")),
    ],
)
def test_of_two_windows_both_are_shown_and_both_can_be_kept(
    ben: Client, version: LessonVersion, slug: str, theirs: str, mine: str, names: tuple[str, str]
) -> None:
    first, second = (dict(one.split("=") for one in said.split("&")) for said in (theirs, mine))
    page = form_at(version, slug)
    begun = version_in(ben.get(page).content.decode())
    assert ben.post(page, first | {"version": begun}).status_code == 302
    quiet = ben.post(page, second | {"version": begun}, **QUIET)
    assert quiet.status_code == 409
    assert "THEIRS" in quiet.json()["theirs"]
    answer = ben.post(page, second | {"version": begun})
    shown_both = answer.content.decode()
    assert answer.status_code == 409
    assert "THEIRS" in shown_both
    assert "MINE" in shown_both
    assert "THEIRS" in kept().notes[names[0]]
    assert "MINE" not in str(kept())
    now = version_in(shown_both)
    assert ben.post(page, second | {"version": now, "keep": "both"}).status_code == 302
    assert kept().notes[names[0]] == "THEIRS\n\nMINE"
    assert kept().given[names[1]] == second[f"a-{names[1]}"]
    assert kept().given[names[0]]
    # a third window that read the first alone does not pass over the two
    assert ben.post(page, second | {"version": now, "keep": "both"}).status_code == 409
    assert kept().notes[names[0]] == "THEIRS\n\nMINE"


def test_both_notes_together_may_be_too_long_and_still_nothing_is_lost(ben: Client, version: LessonVersion) -> None:
    page = form_at(version)
    ben.post(page, {"a-ST1": "partly", "n-ST1": "T" * 400})
    answer = ben.post(page, {"a-ST1": "partly", "n-ST1": "M" * 400, "version": "1", "keep": "both"})
    assert answer.status_code == 422
    assert "T" * 400 in answer.content.decode()
    assert "M" * 400 in answer.content.decode()
    assert version_in(answer.content.decode()) == "1"
    assert kept().notes == {"ST1": "T" * 400}


# The text as it stands, and what it says


def test_rating_begins_with_the_text_as_it_stands(ours: Pair, ben: Client, ana: Client, lesson: Lesson) -> None:
    page = reverse("lesson_ratings", args=[lesson.pk])
    assert "Which moment of the lesson is this?" in shown(ben, "lesson_ratings", lesson.pk)
    answer = ben.post(page, {"by": "samr", "kind": "improved"})
    made = LessonVersion.objects.get()
    assert (made.kind, answer["Location"]) == ("improved", form_at(made, "samr"))
    assert "has not changed since" in shown(ben, "lesson_ratings", lesson.pk)
    ben.post(page, {"by": "tim", "kind": "other"})
    assert LessonVersion.objects.count() == 1
    for sent in ({}, {"by": "pair", "kind": "taught"}, {"by": "samr", "kind": "best"}):
        assert ben.post(page, sent).status_code == 422
    assert ana.post(page, {"by": "samr", "kind": "taught"}).status_code == 422
    assert LessonVersion.objects.count() == 1


def test_before_and_after_are_shown_by_area_and_never_added_up(
    ours: Pair, ben: Client, lesson: Lesson, version: LessonVersion
) -> None:
    rated(version, ours.partner, {"ST1": "partly", "EN1": "clearly"})
    rename(lesson, title="Juices", about="", version=lesson.version, by=ours.partner, at=NOW)
    later = keep_version(lesson, kind="improved", name="", by=ours.partner, at=NOW)
    second = rated(later, ours.partner, {"ST1": "clearly", "ST2": "clearly", "EN1": "clearly"})
    page = shown(ben, "rating_shown", second.pk)
    assert "More is clearly there now in: Standards and goals." in page
    assert "Less is clearly there" not in page
    row = re.search(r"<th scope=\"row\">Standards and goals</th>(.*?)</tr>", page, re.DOTALL)
    assert row is not None
    cells = [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell)).strip()
        for cell in re.findall(r"<td>(.*?)</td>", row[1], re.DOTALL)
    ]
    assert cells == ["0 →then 2", "1 →then 0", "6 →then 5"]
    assert not re.search(r"(?i)\btotal\b|\bscore|\d+ ?%|points", re.sub(r"<[^>]+>", " ", page))
    assert "More is clearly there now in: Standards and goals." in shown(ben, "lesson_ratings", lesson.pk)


def test_who_left_reads_her_own_and_rates_no_more(ours: Pair, ben: Client, version: LessonVersion) -> None:
    hers = rated(version, ours.partner)
    ours.partnership.members.filter(person=ours.partner).update(left_at=NOW)
    assert "Go on rating" not in shown(ben, "rating_shown", hers.pk)
    assert ben.get(form_at(version)).status_code == 302
    assert ben.post(form_at(version), {"a-ST1": "clearly"}).status_code == 403
    shown(ben, "lesson_ratings", version.lesson_id)


# The checklist of one's own


def test_the_checklist_is_changed_and_asked_for(ours: Pair, ana: Client, ben: Client, version: LessonVersion) -> None:
    page = reverse("checklist", args=[ours.partnership.pk])
    assert ana.get(page).content.decode().count('name="t-') == 28
    sent = {"after": "0", "t-ST1": "Is it about <b>water</b>?", "t-EN1": "", "new-TE": ["Do they measure?", ""]}
    assert ana.post(page, sent).status_code == 302
    own = OwnChecklist.objects.get()
    asked = shown(ben, "rating", version.pk, SLUGS[0])
    assert "Is it about &lt;b&gt;water&lt;/b&gt;?" in asked
    assert (asked.count("<fieldset"), "Do they measure?" in asked) == (2, True)
    ben.post(form_at(version), {"a-ST1": "clearly", "a-TE7": "partly"})
    assert Rating.objects.get().own == own
    assert "Do they measure?" in shown(ben, "rating_shown", Rating.objects.get().pk)
    # put back what was taken out, and then all of it
    found = ben.post(page, {"after": "1", "t-ST1": "Is it about water?", "back": ["EN1", "EN1x", "ST99"]})
    assert found.status_code == 302
    assert OwnChecklist.objects.count() == 2
    ana.post(reverse("checklist_taking_up", args=[ours.partnership.pk]), {"after": "2"})
    assert "Take up the shipped one again" not in ana.get(page).content.decode()
    assert Rating.objects.get().own == own


def test_the_second_who_saves_a_checklist_sees_both(ours: Pair, ana: Client, ben: Client) -> None:
    page = reverse("checklist", args=[ours.partnership.pk])
    ana.post(page, {"after": "0", "t-ST1": "Hers"})
    answer = ben.post(page, {"after": "0", "t-ST1": "His"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert ">Hers</li>" in text
    assert "\nHis</textarea>" in text
    assert 'name="after" value="1"' in text
    assert ben.post(page, {"after": "1", "t-ST1": "His"}).status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {"after": "0"},
        {"after": "0", "t-ST99": "x"},
        {"after": "0", "t-ST1": "x" * 301},
        {"after": "0", "t-ST1": "x", "back": ["ST1"]},
        {"after": "0", "new-ST": ["x"] * 31},
        {"after": "0", "t-STx": "x", "t-ST1": "a\0b"},
    ],
)
def test_a_checklist_that_cannot_be_kept_comes_back(ours: Pair, ana: Client, sent: dict) -> None:
    answer = ana.post(reverse("checklist", args=[ours.partnership.pk]), sent)
    assert answer.status_code == 422
    assert "Something to put right" in answer.content.decode()
    assert not OwnChecklist.objects.exists()


@pytest.mark.parametrize("after", ["", "x", "-1", "٣", "1" * 30])
def test_a_number_that_is_none_is_no_version(ours: Pair, ana: Client, after: str) -> None:
    answer = ana.post(reverse("checklist", args=[ours.partnership.pk]), {"after": after, "t-ST1": "x"})
    assert answer.status_code in (409, 422)
    assert not OwnChecklist.objects.exists()


def test_who_left_reads_her_rating_and_no_word_written_since(ours: Pair, ben: Client, version: LessonVersion) -> None:
    hers = rated(version, ours.partner)
    actions.ask_partners(hers, by=ours.partner, at=NOW)
    mine = rated(version, ours.coach, {"ST1": "clearly"}, {"ST1": "MY NOTE"})
    ana = signed_in(ours.coach)
    assert "Drinks" in shown(ana, "rating_shown", mine.pk)
    ours.partnership.members.filter(person=ours.coach).update(left_at=NOW + DAY)
    lesson, later = version.lesson, NOW + 2 * DAY
    rename(lesson, title="SINCE", about="", version=lesson.version, by=ours.partner, at=later)
    rename_version(version, kind="other", name="SINCE", by=ours.partner, at=later)
    page = shown(ana, "rating_shown", mine.pk)
    assert "MY NOTE" in page
    assert "SINCE" not in page
    assert "Another moment" not in page
    assert reverse("lesson_ratings", args=[lesson.pk]) not in page
    assert "SINCE" not in shown(ana, "my_work")
