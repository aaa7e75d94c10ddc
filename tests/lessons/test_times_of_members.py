"""Who left, and who joined later, learn nothing of other times: no mark on a remark, no count, no name, no thanks."""

from datetime import timedelta

import pytest

from sidebyside import policy
from sidebyside.lessons.actions import files, publishing, remarks, versions
from sidebyside.lessons.models import Adoption, Lesson, LessonVersion, Remark
from sidebyside.lessons.queries import listed
from sidebyside.notices.commons_waiting import commons_waiting
from sidebyside.partnerships.models import Member, Part
from sidebyside.people.models import Person
from sidebyside.web.people.me_work import work_of
from tests.lessons.makers import lesson_of, picture_of, published, says, version_of
from tests.pairs import NOW, pair, person

pytestmark = pytest.mark.django_db
WORDS = says("Waves")
LEFT, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def three():
    """Ana, who coaches, leaves; Ben and Nia go on."""
    made = pair()
    Member.objects.create(partnership=made.partnership, person=person("Nia"), part=Part.COACH, joined_at=NOW)
    return made


@pytest.fixture
def lesson(three):
    return lesson_of(three.partnership, three.partner, WORDS, at=NOW)


def leave(three):
    Member.objects.filter(person=three.coach).update(left_at=LEFT)


def fresh(somebody):
    """The same person at her next request."""
    return Person.objects.get(pk=somebody.pk)


def remarks_of(somebody):
    return set(policy.seen(fresh(somebody), Remark))


@pytest.mark.parametrize("verb", [remarks.settle, remarks.mark_cause])
def test_what_became_of_a_remark_afterwards_is_not_hers_to_see(three, lesson, verb):
    said = {"kind": "question", "by": three.partner, "at": NOW}
    kept, before, after = (remarks.say(lesson, text=text, **said) for text in ("a", "b", "c"))
    verb(before, by=three.partner, at=NOW)
    leave(three)
    assert remarks_of(three.coach) == {kept, before, after}
    verb(after, by=three.partner, at=LATER)
    assert remarks_of(three.coach) == {kept, before}
    assert remarks_of(three.partner) == {kept, before, after}


def test_a_version_kept_afterwards_names_no_remark_of_hers(three, lesson):
    said = remarks.say(lesson, kind="question", text="a", by=three.partner, at=NOW)
    remarks.mark_cause(said, by=three.partner, at=NOW)
    leave(three)
    assert remarks_of(three.coach) == {said}
    versions.keep_version(lesson, kind="improved", name="", by=three.partner, at=LATER)
    assert remarks_of(three.coach) == set()


def test_a_list_counts_the_versions_of_her_time(three, lesson):
    version_of(lesson, WORDS, at=NOW)
    version_of(lesson, WORDS, at=LATER)
    leave(three)

    def counted(somebody):
        her = fresh(somebody)
        return [one.kept_versions for one in listed(policy.seen(her, Lesson), policy.seen(her, LessonVersion))]

    assert (counted(three.coach), counted(three.partner)) == ([1], [2])
    LessonVersion.objects.all().delete()
    assert counted(three.partner) == [0]


def test_names_and_captions_given_afterwards_are_not_hers_to_read(three, lesson):
    picture, version = picture_of(lesson, at=NOW), version_of(lesson, WORDS, at=NOW)
    leave(three)
    assert policy.sees(fresh(three.coach), version)
    for change in (
        lambda: versions.rename_version(version, kind="other", name="Later", by=three.partner, at=LATER),
        lambda: files.describe(picture, caption="Later", by=three.partner, at=LATER),
    ):
        Lesson.objects.update(changed_at=NOW)
        change()
        for row in (lesson, version, picture):
            assert not policy.sees(fresh(three.coach), row), row
            assert policy.sees(fresh(three.partner), row), row


def test_thanks_for_what_was_made_before_she_joined_are_not_hers(three, lesson):
    makers = [member.person for member in three.partnership.members.all()]
    publication = published(version_of(lesson, WORDS, at=NOW), *makers, at=NOW, replacements={"Waves": "Vagues"})
    joined = person("Zoe")
    Member.objects.create(
        partnership=three.partnership, person=joined, part=Part.PARTNER, joined_at=LEFT, sees_from=LEFT
    )
    publishing.adopt(publication, partnership=None, by=three.outsider, at=LATER, thanks="THANKS")
    adoption = Adoption.objects.get()

    def waits(somebody):
        return [row for arm in commons_waiting(policy.standing(somebody)) for row in arm]

    assert policy.sees(fresh(three.partner), adoption)
    assert not policy.sees(joined, adoption)
    assert not policy.seen(joined, Person).filter(pk=three.outsider.pk).exists()
    assert (len(waits(three.partner)), waits(joined)) == (1, [])
    told = str(work_of(fresh(joined)))
    assert "THANKS" not in told
    assert "Vagues" not in told
