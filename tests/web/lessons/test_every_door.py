"""Every address of lessons, tried by those who may not: nothing is answered that says anything, and nothing changes."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from sidebyside.lessons.actions import publishing, rating, remarks, versions
from sidebyside.lessons.models import (
    Attachment,
    Lesson,
    LessonVersion,
    OwnChecklist,
    Publication,
    PublicationConsent,
    Rating,
    Remark,
)
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.rating_queries import CHECKLIST
from sidebyside.materials.queries import latest
from sidebyside.partnerships.models import Member
from sidebyside.people.models import Person
from sidebyside.web.lessons.urls import urlpatterns
from tests.lessons.makers import picture_of, proposed
from tests.pairs import Pair, person, signed_in

pytestmark = pytest.mark.django_db
MODELS: tuple[type[Model], ...] = (
    Lesson, LessonVersion, Remark, Rating, OwnChecklist, Attachment, Publication, PublicationConsent,
)  # fmt: skip
SENT = {
    "kind": "question", "after": "", "text": "MARK", "began": "", "quote": "explain", "replacement": "MARK",
    "title": "MARK", "about": "", "minutes": "5", "to": "up", "name": "MARK", "identifier": "s-1", "caption": "MARK",
    "version": "1", "licence": "by", "language": "en", "a-ST1": "partly", "not": "", "by": "learning_activity",
}  # fmt: skip
# What is not the lesson's: lessons of one's own, a checklist, and ratings that one has made oneself.
OTHERS = ("lessons/", "lessons/own/", "partnerships/<int:pk>/checklist/", "partnerships/<int:pk>/checklist/shipped/")


@pytest.fixture
def full(ours: Pair, lesson: Lesson, settings, tmp_path) -> dict[str, int]:
    """Ben's lesson with one of everything, and the ids of it by the beginnings of their addresses."""
    settings.MEDIA_ROOT = tmp_path
    by, at = ours.partner, timezone.now() - timedelta(hours=2)
    version = versions.keep_version(lesson, kind="taught", name="MARK", by=by, at=at)
    said = remarks.say(
        lesson, part="moves", kind="suggestion", quote="explain", replacement="MARK", text="MARK", by=by, at=at
    )
    picture = picture_of(lesson, at=at, caption="MARK")
    scale = {"material": latest("checklist", CHECKLIST), "answers": {"ST1": "partly"}, "notes": {"ST1": "HERS ALONE"}}
    rated = rating.rate(version, **scale, by=by, at=at)
    draft = proposed(version, by=by, at=at, credit="MARK", pictures={picture.pk: "nobody"})
    publishing.agree(draft, read=draft.asked_at, by=by, at=at)
    return {
        "lessons/remarks/": said.pk, "lessons/files/": picture.pk, "lessons/ratings/": rated.pk,
        "lessons/versions/": version.pk, "partnerships/": ours.partnership.pk, "visits/": 1, "lessons/": lesson.pk,
    }  # fmt: skip


def addresses(full: dict[str, int]) -> Iterator[str]:
    """Every address of lessons, of what this lesson has."""
    for one in urlpatterns:
        route = str(one.pattern)
        if route in OTHERS or route.startswith("visits/"):
            continue
        pk = next(pk for begin, pk in full.items() if route.startswith(begin))
        filled = route.replace("<int:pk>", str(pk)).replace("<slug:slug>", "learning_activity")
        yield "/" + re.sub(r"<[^>]*>", "moves" if "part" in filled else "1", filled)


def rows(lesson: Lesson) -> object:
    """Everything there is of lessons, as it stands in the database, and what this one says."""
    every = [list(model._default_manager.order_by("pk").values()) for model in MODELS]
    return every, text_of(Lesson.objects.get(pk=lesson.pk))


def tried(client: Client, address: str) -> list[int]:
    return [client.get(address).status_code, client.post(address, SENT).status_code]


def stranger(ours: Pair, lesson: Lesson) -> Person:
    return ours.outsider


def newcomer(ours: Pair, lesson: Lesson) -> Person:
    made, now = person("Nia"), timezone.now()
    Member.objects.create(partnership=ours.partnership, person=made, part="coach", joined_at=now, sees_from=now)
    return made


def leaver(ours: Pair, lesson: Lesson) -> Person:
    """A coach who left before this lesson was begun."""
    Member.objects.filter(person=ours.coach).update(left_at=lesson.begun_at - timedelta(days=1))
    return ours.coach


@pytest.mark.parametrize("who", [stranger, newcomer, leaver])
def test_to_who_has_no_part_in_it_all_of_it_is_unknown(who, ours, lesson, full):
    client, before = signed_in(who(ours, lesson)), rows(lesson)
    of_partnership = f"/partnerships/{ours.partnership.pk}/lessons/"
    for address in addresses(full):
        if address == of_partnership and who is newcomer:
            assert "MARK" not in client.get(address).content.decode()
            continue
        found = tried(client, address)
        assert set(found) <= {404, 405}, (address, found)
        assert 404 in found, address
    assert rows(lesson) == before


def test_after_its_teacher_has_left_no_door_changes_her_lesson(ours, lesson, full, ana):
    Member.objects.filter(person=ours.partner).update(left_at=timezone.now() - timedelta(hours=1))
    before = rows(lesson)
    for address in addresses(full):
        if address.endswith(("publication/laying-aside/", "publication/consent/")) or "partnerships/" in address:
            continue  # (a draft is laid aside by any of its makers; the partnership goes on with other lessons)
        assert ana.post(address, SENT).status_code in (403, 404, 405), address
    assert rows(lesson) == before


def test_in_the_bin_no_door_changes_a_lesson(ours, lesson, full, ana, ben):
    assert ben.post(f"/lessons/{lesson.pk}/removal/").status_code == 302
    before = rows(lesson)
    for address in addresses(full):
        if "removal" in address or "partnerships/" in address or address.endswith("laying-aside/"):
            continue
        # (her own rating stays hers to show and to take back)
        for one in (ana,) if "/ratings/" in address else (ana, ben):
            assert one.post(address, SENT).status_code in (403, 404, 405, 409, 422), address
    assert rows(lesson) == before


def test_a_rating_that_is_not_shared_stands_on_no_page_of_the_coach(ours, lesson, full, ana, ben):
    def told(client: Client) -> set[str]:
        found = ((address, client.get(address)) for address in addresses(full) if not address.endswith(".pdf"))
        return {address for address, answer in found if b"HERS ALONE" in answer.content}

    hers = f"/lessons/ratings/{full['lessons/ratings/']}/"
    assert hers in told(ben)
    assert told(ana) == set()
    assert ana.get(hers).status_code == 404
    assert b"HERS ALONE" not in b"".join(ana.get(page).content for page in ("/", "/lessons/", "/me/work/", "/me/bin/"))
