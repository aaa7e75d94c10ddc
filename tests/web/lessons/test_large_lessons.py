"""A lesson with a great deal in it costs its pages no more questions to the database than one with a little."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sidebyside.lessons.actions import lessons, remarks
from sidebyside.lessons.models import Attachment, Lesson, LessonVersion, Rating, Remark
from sidebyside.lessons.text import LessonPart, LessonText
from sidebyside.materials.queries import latest
from sidebyside.visits.models import Visit
from tests.lessons.made import DAY
from tests.lessons.makers import picture_of
from tests.pairs import NOW, Pair, signed_in

pytestmark = pytest.mark.django_db
PAGES = (
    "lesson", "lesson_versions", "lesson_comparison", "lesson_ratings", "lesson_remarks", "lesson_files", "lesson_path",
    "lesson_standards", "lesson_publication", "lesson_html", "lesson_markdown",
)  # fmt: skip
SLUGS = (("checklist", "learning_activity"), ("chain", "design_21"), ("levels", "samr"), ("levels", "tim"))


def words(at: int) -> LessonText:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": f"Compare {at} drinks."}]}
    return LessonText(f"Drinks {at}", "", tuple(LessonPart(f"part{n}", "task", "", 5, [paragraph]) for n in range(at)))


def full(ours: Pair, times: int) -> Lesson:
    """A lesson with so many of everything: parts, versions, remarks (each with an answer), files, visits; and ratings
    of each version."""
    made = lessons.begin(
        partnership=ours.partnership, teacher=ours.partner, title="Drinks", about="", by=ours.partner,
        at=NOW - 5 * DAY, text=words(2 * times),
    )  # fmt: skip
    lesson = Lesson.objects.select_related("document", "partnership", "teacher").get(pk=made.pk)
    for number in range(1, times + 1):
        version = LessonVersion.objects.create(
            lesson=lesson, partnership=ours.partnership, scope=lesson.vault_scope(), number=number, kind="improved",
            name=f"Name {number}", body=words(number).to_json(), made_at=NOW - 4 * DAY + timedelta(minutes=number),
            made_by=ours.coach if number % 2 else ours.partner,
        )  # fmt: skip
        asked = remarks.say(
            lesson, part=f"part{number % 2}", kind="question", text="Why?", by=ours.coach, at=NOW - 3 * DAY
        )
        remarks.say(lesson, kind="remark", text="So.", answers=asked, by=ours.partner, at=NOW - 3 * DAY)
        suggested = {"quote": "Compare", "replacement": "Taste", "text": ""}
        remarks.say(lesson, part="part0", kind="suggestion", **suggested, by=ours.coach, at=NOW - 3 * DAY)
        Remark.objects.filter(pk=asked.pk).update(led_at=NOW, led_by=ours.partner, led_to=version)
        picture_of(lesson, at=NOW - 3 * DAY, caption=f"Jug {number}")
        for kind, slug in SLUGS[: 1 + number % len(SLUGS)]:
            Rating.objects.create(
                lesson=lesson, partnership=ours.partnership, scope=lesson.scope_of(ours.partner), version=version,
                material=latest(kind, slug), by=ours.partner, answers='{"answers": {"ST1": "partly"}, "notes": {}}',
                rated_at=NOW, changed_at=NOW, shared_at=NOW, asked_at=NOW,
            )  # fmt: skip
        begin = NOW - 2 * DAY + timedelta(hours=number)
        Visit.objects.create(
            partnership=ours.partnership, observed=ours.partner, observer=ours.coach, version=version, begin=begin,
            end=begin + timedelta(hours=1), booked_at=NOW - 4 * DAY, booked_by=ours.coach, changed_at=NOW,
        )  # fmt: skip
    return lesson


def asked(client: Client, address: str) -> tuple[int, int]:
    """How many questions a page asks the main database, and the key store."""
    client.get(address)  # (what is kept for a process is there)
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(main), len(keys)


@pytest.fixture
def two(ours: Pair, settings, tmp_path) -> tuple[Lesson, Lesson]:
    settings.MEDIA_ROOT = tmp_path
    return full(ours, 2), full(ours, 20)


@pytest.mark.parametrize("page", PAGES)
def test_ten_times_as_much_costs_as_many_questions(ours: Pair, two: tuple[Lesson, Lesson], page: str) -> None:
    small, large = two
    for person in (ours.coach, ours.partner):
        client = signed_in(person)
        of_small, of_large = (asked(client, reverse(page, args=[lesson.pk])) for lesson in (small, large))
        if page == "lesson_html":  # (each picture is drawn anew, and its key is asked for with it)
            of_small, of_large = of_small[:1], of_large[:1]
        assert of_large == of_small, (page, person)


def test_versions_are_named_without_fetching_what_they_say(ours: Pair, two: tuple[Lesson, Lesson]) -> None:
    client = signed_in(ours.partner)
    for page, most in (("lesson", 0), ("lesson_path", 0), ("lesson_versions", 1), ("lesson_comparison", 1)):
        with CaptureQueriesContext(connections["default"]) as said:
            client.get(reverse(page, args=[two[1].pk]))
        fetched = [one["sql"] for one in said if '"lessons_lessonversion"."body"' in one["sql"]]
        assert len(fetched) <= most, page
        assert all("LIMIT" in sql for sql in fetched), page


def test_one_version_one_rating_and_one_remark_are_asked_for_alone(ours: Pair, two: tuple[Lesson, Lesson]) -> None:
    client = signed_in(ours.partner)
    for name, model in (("lesson_version", LessonVersion), ("rating_shown", Rating), ("remark", Remark)):
        rows = [model._default_manager.filter(lesson=lesson).latest("pk") for lesson in two]
        of_small, of_large = (asked(client, reverse(name, args=[row.pk])) for row in rows)
        assert of_large == of_small, name
    form = [reverse("rating", args=[lesson.versions.latest("pk").pk, "learning_activity"]) for lesson in two]
    assert asked(client, form[0]) == asked(client, form[1])


def test_lists_and_bins_cost_the_same_for_one_and_for_many(ours: Pair, two: tuple[Lesson, Lesson]) -> None:
    client = signed_in(ours.partner)
    pages = [reverse("lessons"), reverse("partnership_lessons", args=[ours.partnership.pk]), reverse("bin")]
    Attachment.objects.filter(lesson=two[0]).update(removed_at=NOW, removed_by=ours.partner)
    Remark.objects.filter(lesson=two[0]).update(removed_at=NOW, removed_by=ours.partner)
    before = [asked(client, page) for page in pages]
    for at in range(8):
        made = lessons.begin(
            partnership=ours.partnership, teacher=ours.coach, title=f"No {at}", about="", by=ours.coach, at=NOW
        )
        assert made
    Attachment.objects.update(removed_at=NOW, removed_by=ours.partner)
    Remark.objects.update(removed_at=NOW, removed_by=ours.partner)
    after = [asked(client, page) for page in pages]
    assert after[:2] == before[:2]
    assert after[2][0] <= before[2][0] + 2  # (whether a lesson is open is asked for each)
