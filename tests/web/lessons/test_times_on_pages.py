"""Who left reads on no page, in no list and in no file a word that was written about a lesson after she went; who
joined later none from before; who only watches over a partnership none at all."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from sidebyside.lessons.actions import checklists, lessons, parts, publishing, rating, remarks, versions
from sidebyside.lessons.models import Attachment, Lesson, OwnChecklist, Publication, Rating
from sidebyside.lessons.rating_queries import CHECKLIST
from sidebyside.materials.queries import latest
from sidebyside.partnerships.models import Member
from sidebyside.places.models import Role
from sidebyside.visits.models import Visit
from sidebyside.web.lessons.urls import urlpatterns
from tests.lessons.made import DAY, lesson_of
from tests.lessons.makers import picture_of, proposed
from tests.pairs import NOW, Pair, person, signed_in
from tests.web.lessons.test_every_door import OTHERS

pytestmark = pytest.mark.django_db
BEFORE, BETWEEN, SINCE = NOW - 3 * DAY, NOW - 2 * DAY, NOW - DAY


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def work_on(lesson: Lesson, ours: Pair, mark: str, at) -> dict[str, list[int]]:
    """Everything that two write about a lesson, each with this mark in it. Returns the ids by the beginnings of their
    addresses."""
    ben, ana = {"by": ours.partner, "at": at}, {"by": ours.coach, "at": at}
    lesson = Lesson.objects.select_related("document", "partnership", "teacher").get(pk=lesson.pk)
    lessons.rename(lesson, title=f"{mark} title", about=f"{mark} about", version=lesson.version, **ben)
    parts.write_part(lesson, "task", markdown=f"{mark} words", began_from="", **ben)
    version = versions.keep_version(lesson, kind="improved", name=f"{mark} name", **ben)
    asked = remarks.say(lesson, part="task", kind="question", text=f"{mark} question", **ana)
    remarks.say(lesson, kind="remark", text=f"{mark} answer", answers=asked, **ben)
    remarks.mark_cause(asked, **ben)
    suggested = {"quote": f"{mark} words", "replacement": f"{mark} other", "text": f"{mark} why"}
    suggestion = remarks.say(lesson, part="task", kind="suggestion", **suggested, **ana)
    remarks.accept(suggestion, version=1, **ben)
    picture = picture_of(lesson, f"{mark}.png", at=at, caption=f"{mark} caption")
    scale = {"material": latest("checklist", CHECKLIST), "answers": {"ST1": "partly"}, "notes": {"ST1": f"{mark} note"}}
    rated = rating.rate(version, **scale, **ben)
    rating.share(rated, **ben)
    rating.ask_partners(rated, **ben)
    mine = rating.rate(version, **scale, **ana)
    rating.share(mine, **ana)
    number = OwnChecklist.objects.filter(partnership=ours.partnership).count()
    checklists.fork_checklist(
        ours.partnership, items={"ST": [("ST1", f"{mark} item")], "EN": [("EN1", "Do")]}, after=number, **ben
    )
    said_of = dict.fromkeys(Attachment.objects.filter(lesson=lesson).values_list("pk", flat=True), "nobody")
    before = Publication.objects.filter(lesson=lesson).first()
    read_at = {"read": before.asked_at} if before else {}
    draft = proposed(version, **ben, credit=f"{mark} credit", pictures=said_of, **read_at)
    publishing.agree(draft, read=draft.asked_at, **ben)
    begin = at + timedelta(hours=1)
    visit = Visit.objects.create(
        partnership=ours.partnership, observed=ours.partner, observer=ours.coach, version=version, begin=begin,
        end=begin + timedelta(hours=1), booked_at=at, booked_by=ours.coach, changed_at=at,
    )  # fmt: skip
    return {
        "lessons/remarks/": [asked.pk, suggestion.pk], "lessons/files/": [picture.pk],
        "lessons/ratings/": [rated.pk, mine.pk], "lessons/versions/": [version.pk],
        "partnerships/": [ours.partnership.pk], "visits/": [visit.pk], "lessons/": [lesson.pk],
    }  # fmt: skip


def pages(*made: dict[str, list[int]]) -> Iterator[str]:
    """Every page of lessons, and those elsewhere that name them."""
    for one in urlpatterns:
        route = str(one.pattern)
        if route in OTHERS or "state/" in route or route.endswith(".pdf"):
            continue
        for ids in made:
            for pk in next(pks for begin, pks in ids.items() if route.startswith(begin)):
                filled = route.replace("<int:pk>", str(pk)).replace("<slug:slug>", CHECKLIST)
                yield "/" + filled.replace("<slug:part>", "task").replace("<int:standard>", "1")
    lesson, ours = made[0]["lessons/"][0], made[0]["partnerships/"][0]
    yield from (f"/lessons/{lesson}/comparison/?from={a}&to={b}&whole=yes" for a in (1, 2) for b in (2, "now"))
    yield from (f"/visits/{pk}/" for ids in made for pk in ids["visits/"])
    yield from ("/", "/lessons/", "/me/bin/", "/me/work/", "/me/work/file/", "/commons/", "/commons/feed/")
    yield from (f"/partnerships/{ours}/", f"/partnerships/{ours}/checklist/", f"/partnerships/{ours}/history/")


def read(client: Client, mark: str, *made: dict[str, list[int]]) -> list[tuple[str, str]]:
    """Where this mark is read, with what stands around it."""
    found = []
    for page in pages(*made):
        answer = client.get(page)
        said = str(answer.headers) + b"".join(answer).decode(errors="replace")
        if (at := said.find(mark)) >= 0:
            found.append((page, said[max(at - 80, 0) : at + 80]))
    return found


def test_who_left_reads_what_stood_then_and_nothing_since(ours: Pair) -> None:
    changed, kept = lesson_of(ours, title="THEN changed"), lesson_of(ours, title="THEN kept")
    first, other = work_on(changed, ours, "THEN", BEFORE), work_on(kept, ours, "KEPT", BEFORE)
    Member.objects.create(partnership=ours.partnership, person=person("Nia"), part="coach", joined_at=BEFORE)
    ana = signed_in(ours.coach)
    assert b"THEN" in ana.get(f"/lessons/{changed.pk}/").content
    Member.objects.filter(person=ours.coach).update(left_at=BETWEEN)
    ours.coach = Member.objects.get(person__given_name="Nia").person
    later = work_on(changed, ours, "SINCE", SINCE)
    Visit.objects.filter(pk__in=first["visits/"]).update(version=later["lessons/versions/"][0])
    assert read(ana, "SINCE", first, later, other) == []
    for page in ("", "lesson.md", "versions/", "ratings/", "files/", "comparison/"):
        assert b"KEPT" in ana.get(f"/lessons/{kept.pk}/{page}").content, page


def test_who_joined_later_reads_nothing_from_before(ours: Pair) -> None:
    old = lesson_of(ours, title="BEFORE")
    made = work_on(old, ours, "BEFORE", BEFORE)
    OwnChecklist.objects.all().delete()  # (a checklist in use is theirs together, whoever joins)
    joined = person("Zoe")
    Member.objects.create(
        partnership=ours.partnership, person=joined, part="coach", joined_at=BETWEEN, sees_from=BETWEEN
    )
    again = work_on(old, ours, "BEFORE", SINCE)
    OwnChecklist.objects.all().delete()
    assert read(signed_in(joined), "BEFORE", made, again) == []


def test_who_watches_over_them_reads_nothing(ours: Pair) -> None:
    made = work_on(lesson_of(ours, title="THEIRS"), ours, "THEIRS", BEFORE)
    watching = person("Dora")
    for kind in Role.Kind.values:
        Role.objects.create(person=watching, place=ours.school, kind=kind, given_at=BEFORE, given_by=ours.outsider)
    assert read(signed_in(watching), "THEIRS", made) == []
    assert read(Client(), "THEIRS", made) == []


def test_a_teacher_who_left_keeps_what_stood_then(ours: Pair) -> None:
    made = work_on(lesson_of(ours, title="HERS"), ours, "HERS", BEFORE)
    ben = signed_in(ours.partner)
    Member.objects.create(partnership=ours.partnership, person=person("Nia"), part="peer", joined_at=BEFORE)
    Member.objects.filter(person=ours.partner).update(left_at=BETWEEN)
    mine = Rating.objects.get(by=ours.coach)
    rating.take_back(mine, by=ours.coach, at=SINCE)
    for page in ("", "lesson.md", "versions/", "ratings/", "files/", "comparison/"):
        assert b"HERS" in ben.get(f"/lessons/{made['lessons/'][0]}/{page}").content, page
    assert ben.get(f"/lessons/ratings/{mine.pk}/").status_code == 404
