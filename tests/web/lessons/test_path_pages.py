"""The path of a lesson: versions and visits, from each page to the next."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sidebyside.base.refusals import Refused
from sidebyside.lessons.actions.lessons import begin, remove
from sidebyside.lessons.actions.parts import write_part
from sidebyside.lessons.actions.versions import keep_version
from sidebyside.lessons.models import Lesson, LessonVersion
from sidebyside.visits.actions import teach_as_it_is, teach_version
from sidebyside.visits.models import Visit
from sidebyside.visits.path_queries import path_of
from tests.lessons.made import lesson_of
from tests.pairs import NOW, Pair, partnership_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def visit_of(ours: Pair, *, days: int, **more) -> Visit:
    """Ana visits Ben, so many days from now."""
    begin_at = timezone.now() + days * DAY
    values = {
        "partnership": ours.partnership, "observed": ours.partner, "observer": ours.coach, "begin": begin_at,
        "end": begin_at + timedelta(minutes=45), "booked_at": NOW, "booked_by": ours.partner, "changed_at": NOW,
    }  # fmt: skip
    return Visit.objects.create(**values | more)


def keep(lesson: Lesson, ours: Pair, kind: str = "taught") -> LessonVersion:
    write_part(lesson, "task", markdown=f"{lesson.versions.count()} {kind}", began_from="", by=ours.partner, at=NOW)
    return keep_version(lesson, kind=kind, name="", by=ours.partner, at=NOW)


def shown(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, args)
    return answer.content.decode()


def test_versions_and_their_visits_in_order(ours: Pair, lesson: Lesson) -> None:
    first, second = keep(lesson, ours), keep(lesson, ours, "improved")
    held = visit_of(ours, days=-3, version=first, held_at=NOW)
    visit_of(ours, days=-2, version=first, cancelled_at=NOW)
    ahead = visit_of(ours, days=3, version=second)
    visit_of(ours, days=4)
    steps = path_of(lesson, LessonVersion.objects.all(), Visit.objects.all(), at=timezone.now())
    assert [(step.kind, step.version, step.visit, step.is_ahead) for step in steps] == [
        ("version", first, None, False),
        ("visit", first, held, False),
        ("version", second, None, False),
        ("now", None, None, False),
        ("visit", second, ahead, True),
    ]


def test_of_another_partnership_or_person_no_lesson_is_taught(ours: Pair, lesson: Lesson) -> None:
    visit = visit_of(ours, days=1)
    by = {"by": ours.partner, "at": NOW}
    others = partnership_of(ours.outsider, ours.partner, school=ours.school)
    elsewhere = begin(partnership=others, teacher=ours.partner, title="T", about="", **by)
    hers = begin(partnership=ours.partnership, teacher=ours.coach, title="T", about="", **by)
    own = begin(partnership=None, teacher=ours.partner, title="T", about="", **by)
    for other in (elsewhere, hers, own):
        with pytest.raises(Refused):
            teach_as_it_is(visit, other, **by)
    version = keep(lesson, ours)
    remove(lesson, **by)
    version.refresh_from_db()
    with pytest.raises(Refused):
        teach_version(visit, LessonVersion.objects.get(pk=version.pk), **by)
    visit.refresh_from_db()
    assert visit.version is None


def test_as_it_is_keeps_a_version_only_where_there_is_none(ours: Pair, lesson: Lesson) -> None:
    by = {"by": ours.partner, "at": NOW}
    first = teach_as_it_is(visit_of(ours, days=1), lesson, **by)
    assert (first.number, first.kind) == (1, "taught")
    assert teach_as_it_is(visit_of(ours, days=2), lesson, **by) == first
    write_part(lesson, "task", markdown="other", began_from="", **by)
    again = teach_as_it_is(visit_of(ours, days=3), lesson, **by)
    assert (again.number, again.kind) == (2, "taught_again")


def test_it_is_chosen_on_the_page_of_the_visit(ours: Pair, lesson: Lesson, ana: Client, ben: Client) -> None:
    visit = visit_of(ours, days=1)
    page = shown(ben, "visit", visit.pk)
    assert "Which lesson do you teach?" in page
    assert "Drinks, as it is now" in page
    assert f'name="lesson" value="now-{lesson.pk}"' in page
    ben.post(reverse("visit_lesson", args=[visit.pk]), {"lesson": f"now-{lesson.pk}"})
    version = LessonVersion.objects.get()
    page = shown(ana, "visit", visit.pk)
    assert reverse("lesson", args=[lesson.pk]) in page
    assert "Version 1: As taught" in page
    for name in ("lesson", "lesson_path"):
        assert reverse("visit", args=[visit.pk]) in shown(ana, name, lesson.pk)
    ana.post(reverse("visit_lesson", args=[visit.pk]), {"lesson": ""})
    visit.refresh_from_db()
    assert visit.version is None
    ana.post(reverse("visit_lesson", args=[visit.pk]), {"lesson": str(version.pk)})
    visit.refresh_from_db()
    assert visit.version == version


def test_the_lesson_offers_the_visits_to_come(ours: Pair, lesson: Lesson, ben: Client) -> None:
    visit_of(ours, days=-1)
    visit = visit_of(ours, days=1)
    page = shown(ben, "lesson", lesson.pk)
    assert page.count("This lesson is taught then") == 1
    assert reverse("visit_lesson", args=[visit.pk]) in page


@pytest.mark.parametrize("chosen", ["x", "now-", "now-x", "7-3", "9" * 30, "now-0", "-5"])
def test_nonsense_is_unknown(ours: Pair, lesson: Lesson, ben: Client, chosen: str) -> None:
    visit = visit_of(ours, days=1)
    answer = ben.post(reverse("visit_lesson", args=[visit.pk]), {"lesson": chosen})
    assert answer.status_code == 404


def test_others_choose_and_see_nothing(ours: Pair, lesson: Lesson, ben: Client, lena: Client) -> None:
    visit = visit_of(ours, days=1)
    version = keep(lesson, ours)
    teach_version(visit, version, by=ours.partner, at=NOW)
    assert lena.get(reverse("lesson_path", args=[lesson.pk])).status_code == 404
    assert lena.post(reverse("visit_lesson", args=[visit.pk]), {"lesson": ""}).status_code == 404
    # a lesson of another's partnership is unknown to who visits
    theirs = partnership_of(ours.outsider, ours.coach, school=ours.school)
    hidden = begin(partnership=theirs, teacher=ours.outsider, title="HIDDEN", about="", by=ours.outsider, at=NOW)
    answer = ben.post(reverse("visit_lesson", args=[visit.pk]), {"lesson": f"now-{hidden.pk}"})
    assert answer.status_code == 404
    assert "HIDDEN" not in shown(ben, "visit", visit.pk)
    visit.refresh_from_db()
    assert visit.version == version


def test_who_joins_later_sees_no_earlier_lesson_in_a_visit(ours: Pair, lesson: Lesson, lena: Client) -> None:
    version = keep(lesson, ours)
    visit = visit_of(ours, days=1, version=version, booked_at=timezone.now())
    ours.partnership.members.create(person=ours.outsider, part="peer", school=ours.school, joined_at=NOW, sees_from=NOW)
    page = shown(lena, "visit", visit.pk)
    assert "Drinks" not in page
    assert reverse("lesson", args=[lesson.pk]) not in page
    assert lena.get(reverse("lesson", args=[lesson.pk])).status_code == 404
    later = lesson_of(ours, title="Later")
    Lesson.objects.filter(pk=later.pk).update(begun_at=timezone.now())
    assert "Later" in shown(lena, "lesson", later.pk)
