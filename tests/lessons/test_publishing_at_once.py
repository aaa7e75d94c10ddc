"""Makers and adopters who act in the very same moment, on two connections."""

from datetime import timedelta

import pytest

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.lessons.actions import publishing
from sidebyside.lessons.models import Adoption, Lesson, Publication
from tests.lessons.makers import lesson_of, proposed, published, says, version_of
from tests.pairs import NOW, Pair, pair
from tests.partnerships.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])
TEXT = says("Waves")
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def ours(db) -> Pair:
    return pair()


@pytest.fixture
def version(ours):
    return version_of(lesson_of(ours.partnership, ours.partner, TEXT, at=NOW), TEXT, at=NOW)


def row(publication):
    return Publication.objects.get(pk=publication.pk)


def test_two_who_agree_at_once_publish_once(ours, version):
    draft = proposed(version, by=ours.coach, at=NOW)
    found = at_once(
        *(
            lambda maker=maker: publishing.agree(row(draft), read=draft.asked_at, by=maker, at=LATER)
            for maker in (ours.coach, ours.partner)
        )
    )
    assert sorted(found) == [False, True]
    assert policy.in_the_commons().get().title == TEXT.title


def test_who_begins_a_draft_second_sees_the_first(ours, version):
    found = at_once(
        *(lambda maker=maker: proposed(version, by=maker, at=LATER) for maker in (ours.coach, ours.partner))
    )
    assert sorted(isinstance(one, Refused) for one in found) == [False, True]
    assert Publication.objects.count() == 1


def test_the_last_yes_does_not_hold_for_a_draft_that_is_being_changed(ours, version):
    draft = proposed(version, by=ours.coach, at=NOW)
    publishing.agree(draft, read=draft.asked_at, by=ours.coach, at=NOW)
    at_once(
        lambda: publishing.agree(row(draft), read=draft.asked_at, by=ours.partner, at=LATER),
        lambda: proposed(version, by=ours.coach, at=LATER, read=draft.asked_at, credit="Changed"),
    )
    now = policy.in_the_commons().first()
    assert now is None or now.credit == "Two teachers"  # what she read, or nothing


def test_not_now_and_the_last_yes_end_as_one_of_them(ours, version):
    draft = proposed(version, by=ours.coach, at=NOW)
    publishing.agree(draft, read=draft.asked_at, by=ours.coach, at=NOW)
    found = at_once(
        lambda: publishing.agree(row(draft), read=draft.asked_at, by=ours.partner, at=LATER),
        lambda: publishing.decline(row(draft), by=ours.coach, at=LATER),
    )
    assert sum(isinstance(one, Refused) for one in found) == 1
    after = row(draft)
    assert (after.published_at is None) == (after.retracted_at is not None)
    assert (after.title == "") == (after.published_at is None)


def test_what_is_taken_back_and_adopted_at_once_is_whole_or_not_at_all(ours, version):
    publication = published(version, ours.coach, ours.partner, at=NOW)
    found = at_once(
        lambda: publishing.retract(row(publication), by=ours.coach, at=LATER),
        lambda: publishing.adopt(row(publication), partnership=None, by=ours.outsider, at=LATER),
    )
    assert row(publication).title == ""
    copies = Lesson.objects.filter(teacher=ours.outsider)
    assert copies.count() == Adoption.objects.count() == (0 if isinstance(found[1], Refused) else 1)
