"""Rating: the teacher first and alone, the partner when she is asked; and a checklist of one's own."""

import json

import pytest

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.models import Event
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.lessons import rating_queries
from sidebyside.lessons import ratings as pure
from sidebyside.lessons.actions import checklists, rating
from sidebyside.lessons.actions import lessons as lesson_actions
from sidebyside.lessons.actions.versions import keep_version
from sidebyside.lessons.models import Lesson, LessonVersion, OwnChecklist, Rating
from sidebyside.materials.models import Material, MaterialVersion
from sidebyside.materials.queries import latest
from sidebyside.partnerships.models import Member
from tests.lessons.made import DAY, lesson_of
from tests.pairs import NOW, Pair, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(db: None) -> Pair:
    return pair()


@pytest.fixture
def lesson(ours: Pair) -> Lesson:
    return lesson_of(ours)


@pytest.fixture
def taught(lesson: Lesson) -> LessonVersion:
    """Ben's lesson as he taught it."""
    return kept(lesson, "taught")


def kept(lesson: Lesson, kind: str) -> LessonVersion:
    """A version, of a text that differs from the one before."""
    lesson_actions.rename(lesson, title=f"Drinks, {kind}", about="", version=lesson.version, by=lesson.teacher, at=NOW)
    return keep_version(lesson, kind=kind, name="", by=lesson.teacher, at=NOW)


def shipped(kind: str = "checklist", slug: str = "learning_activity") -> MaterialVersion:
    return latest(kind, slug)


def rate(version: LessonVersion, by, answers=None, **more) -> Rating:
    """Rated by somebody who has read what she rated before."""
    material = more.get("material") or shipped()
    before = Rating.objects.filter(version=version, by=by, material__material=material.material_id).first()
    after = before.edition if before else 0
    given = {"answers": answers or {"ST1": "partly"}, "notes": {}, "at": NOW, "after": after, **more}
    given["material"] = material
    return rating.rate(version, by=by, **given)


def visible(person) -> set[int]:
    person.standing = None
    return set(policy.seen(person, Rating).values_list("pk", flat=True))


# Two windows


def test_of_two_windows_the_second_is_shown_what_the_first_saved(ours: Pair, taught: LessonVersion) -> None:
    rate(taught, ours.partner, {"ST1": "partly"}, notes={"ST1": "from the first"}, after=0)
    # (both were opened before anything was saved)
    with pytest.raises(Overtaken) as caught:
        rate(taught, ours.partner, {"ST1": "clearly"}, after=0)
    assert pure.Answers.from_json(caught.value.current.answers).notes == {"ST1": "from the first"}
    rate(taught, ours.partner, {"ST1": "clearly"}, after=1)
    for stale in (0, 1, 7):
        with pytest.raises(Overtaken):
            rate(taught, ours.partner, {"ST1": "not_yet"}, after=stale)
    # the same again is no quarrel
    assert rate(taught, ours.partner, {"ST1": "clearly"}, after=1).edition == 2
    assert Rating.objects.get().edition == 2


def test_two_windows_put_together_keep_every_answer_and_note() -> None:
    theirs = pure.Answers({"ST1": "partly", "ST2": "clearly"}, {"ST1": "one\ntwo", "ST2": "b"})
    mine = pure.Answers({"ST1": "clearly", "ST2": ""}, {"ST1": "mine", "ST2": "", "ST3": "same ", "EN1": "new\r\nline"})
    found = pure.both(theirs, mine)
    assert found.given == {"ST1": "clearly", "ST2": "clearly"}
    assert found.notes == {"ST1": "one\ntwo\n\nmine", "ST2": "b", "ST3": "same", "EN1": "new\nline"}
    assert pure.both(found, mine) == found
    apart = pure.other_than(mine, theirs)
    assert apart == pure.Answers({"ST1": "partly", "ST2": "clearly"}, {"ST1": "one\ntwo", "ST2": "b"})
    assert pure.other_than(theirs, theirs) == pure.Answers()


# The teacher first, and alone


def test_a_partner_waits_until_the_teacher_has_rated_and_asked(ours: Pair, taught: LessonVersion) -> None:
    def refusal() -> str:
        with pytest.raises(Refused) as caught:
            rate(taught, ours.coach)
        return caught.value.sentence

    before = refusal()
    hers = rate(taught, ours.partner)
    assert refusal() == before, "the refusal does not tell whether there is a rating"
    rating.share(hers, by=ours.partner, at=NOW)
    assert refusal() == before
    rating.ask_partners(hers, by=ours.partner, at=NOW)
    rate(taught, ours.coach)
    assert Rating.objects.count() == 2
    # asked by the checklist is not asked by the levels, nor about another version
    with pytest.raises(Refused):
        rate(taught, ours.coach, {"task": "substitution"}, material=shipped("levels", "samr"))
    with pytest.raises(Refused):
        rate(kept(taught.lesson, "improved"), ours.coach)
    rating.ask_no_more(hers, by=ours.partner, at=NOW)
    assert refusal() == before


def test_no_event_tells_of_a_rating_before_it_is_shared(ours: Pair, taught: LessonVersion) -> None:
    known = set(Event.objects.values_list("pk", flat=True))
    hers = rate(taught, ours.partner)
    rate(taught, ours.partner, {"ST1": "clearly"})
    assert set(Event.objects.values_list("pk", flat=True)) == known
    assert (visible(ours.coach), visible(ours.outsider)) == (set(), set())
    rating.ask_partners(hers, by=ours.partner, at=NOW)
    assert visible(ours.coach) == set(), "to ask is not to show"
    rating.share(hers, by=ours.partner, at=NOW)
    assert (visible(ours.coach), visible(ours.outsider)) == ({hers.pk}, set())
    rating.take_back(hers, by=ours.partner, at=NOW)
    assert visible(ours.coach) == set()
    told = Event.objects.exclude(pk__in=known).order_by("pk")
    assert [event.kind for event in told] == ["rating.asked", "rating.shared", "rating.taken_back"]
    assert not any("ST1" in json.dumps(event.particulars) for event in told)


def test_shared_twice_is_told_once(ours: Pair, taught: LessonVersion) -> None:
    hers = rate(taught, ours.partner)
    for _again in range(2):
        rating.share(Rating.objects.get(pk=hers.pk), by=ours.partner, at=NOW)
        rating.ask_partners(Rating.objects.get(pk=hers.pk), by=ours.partner, at=NOW)
    assert Event.objects.filter(kind__in=("rating.shared", "rating.asked")).count() == 2


def test_each_acts_on_her_own_alone(ours: Pair, taught: LessonVersion) -> None:
    hers = rate(taught, ours.partner)
    for verb in (rating.share, rating.take_back, rating.ask_partners, rating.ask_no_more):
        with pytest.raises(Refused):
            verb(hers, by=ours.coach, at=NOW)
    rating.ask_partners(hers, by=ours.partner, at=NOW)
    coachs = rate(taught, ours.coach)
    with pytest.raises(Refused):
        rating.ask_partners(coachs, by=ours.coach, at=NOW)
    assert visible(ours.partner) == {hers.pk}, "a partner's rating is hers until she shares it"


def test_who_left_takes_back_and_shares_no_more(ours: Pair, taught: LessonVersion) -> None:
    hers = rate(taught, ours.partner)
    rating.share(hers, by=ours.partner, at=NOW)
    Member.objects.filter(person=ours.partner).update(left_at=NOW)
    rating.take_back(hers, by=ours.partner, at=NOW)
    with pytest.raises(Refused):
        rating.share(hers, by=ours.partner, at=NOW)


def test_a_lesson_of_her_own_has_nobody_to_share_with(ours: Pair) -> None:
    alone = lesson_actions.begin(
        partnership=None, teacher=ours.partner, title="Mine", about="", by=ours.partner, at=NOW
    )
    hers = rate(kept(alone, "taught"), ours.partner)
    assert hers.vault_scope() == f"a{ours.partner.pk}"
    for verb in (rating.share, rating.ask_partners):
        with pytest.raises(Refused):
            verb(hers, by=ours.partner, at=NOW)


# What is kept


def test_what_is_sent_again_takes_the_place_of_what_was(ours: Pair, taught: LessonVersion) -> None:
    first = rate(taught, ours.partner, {"ST1": "partly", "EN1": "clearly"}, notes={"ST1": " why \r\n so "})
    again = rate(taught, ours.partner, {"ST1": "not_intended"}, at=NOW + DAY)
    assert (again.pk, again.rated_at, again.changed_at) == (first.pk, NOW, NOW + DAY)
    row = vault.opened([Rating.objects.get()], "answers")[0]
    assert json.loads(row.answers) == {"answers": {"ST1": "not_intended"}, "notes": {}}
    # sealed with her own key, which goes when she is erased
    assert row.vault_scope() == f"p{ours.partnership.pk}/a{ours.partner.pk}"
    vault.destroy_all_of(ours.partner.pk)
    assert rating_queries.of_lesson(Rating.objects.all(), taught.lesson)[0].answers.is_empty


@pytest.mark.parametrize(
    "sent",
    [
        {"answers": {"XX1": "partly"}},
        {"answers": {"ST1": "4"}},
        {"answers": {}},
        {"answers": {"ST1": ""}, "notes": {"ST1": "a note alone"}},
        {"notes": {"ST99": "x"}},
        {"notes": {"ST1": "x" * 501}},
        {"notes": {"ST1": "x" * 10_000_000}},
        {"notes": {"ST1": "a\0b"}},
        {"notes": {"ST1": "half \ud83d"}},
    ],
)
def test_what_cannot_be_kept_is_refused(ours: Pair, taught: LessonVersion, sent: dict) -> None:
    with pytest.raises(Refused):
        rating.rate(
            taught, by=ours.partner, at=NOW, material=shipped(),
            **{"answers": {"ST1": "partly"}, "notes": {}, **sent},
        )  # fmt: skip
    assert not Rating.objects.exists()


def test_a_closed_lesson_is_not_rated(ours: Pair, taught: LessonVersion) -> None:
    lesson_actions.remove(taught.lesson, by=ours.partner, at=NOW)
    with pytest.raises(Refused):
        rate(taught, ours.partner)
    lesson_actions.restore(taught.lesson, by=ours.partner, at=NOW)
    ours.partnership.ended_at = NOW
    ours.partnership.save()
    with pytest.raises(Refused):
        rate(LessonVersion.objects.get(pk=taught.pk), ours.partner)


def test_a_rating_goes_on_by_what_it_was_begun_with(ours: Pair, taught: LessonVersion) -> None:
    first = rate(taught, ours.partner)
    old = shipped()
    body = {
        **old.body,
        "areas": [{**old.body["areas"][0], "items": [{"code": "ST90", "text": "new"}]}, *old.body["areas"][1:]],
    }
    MaterialVersion.objects.create(material=old.material, number=old.number + 1, body=body, made_at=NOW)
    again = rate(taught, ours.partner, {"ST2": "clearly"})
    assert (again.pk, again.material, Rating.objects.count()) == (first.pk, old, 1)
    with pytest.raises(Refused):
        rate(taught, ours.partner, {"ST90": "clearly"})
    # another version of the lesson takes the new one up
    assert rate(kept(taught.lesson, "improved"), ours.partner, {"ST90": "clearly"}).material.number == old.number + 1


def test_a_cycle_template_is_no_way_to_rate(ours: Pair, taught: LessonVersion) -> None:
    with pytest.raises(KeyError):
        rate(taught, ours.partner, material=latest("cycle", "short"))
    assert Material.objects.filter(kind__in=("checklist", "chain", "levels")).count() == 5


# The text as it stands


def test_rating_the_text_as_it_stands_keeps_a_version_where_it_changed(ours: Pair, lesson: Lesson) -> None:
    def now(by=ours.partner) -> LessonVersion:
        return rating.rate_now(Lesson.objects.get(pk=lesson.pk), kind="taught", by=by, at=NOW)

    first = now()
    assert (first.number, first.kind, now().pk) == (1, "taught", first.pk)
    lesson_actions.rename(lesson, title="Juices", about="", version=lesson.version, by=ours.coach, at=NOW)
    assert now().number == 2
    with pytest.raises(Refused):
        now(by=ours.coach)
    # what the others may see of it says nothing about a rating
    assert "rat" not in str(vault.opened([first], "name")[0].name)
    assert not Event.objects.filter(kind__startswith="rating").exists()


# Beside each other


def test_two_versions_beside_each_other_as_she_may_see_them(ours: Pair, taught: LessonVersion) -> None:
    later = kept(taught.lesson, "improved")
    mine = rate(taught, ours.partner, {"ST1": "partly", "EN1": "clearly"})
    rate(later, ours.partner, {"ST1": "clearly", "EN1": "not_yet"})
    rating.ask_partners(mine, by=ours.partner, at=NOW)
    rate(taught, ours.coach, {"ST1": "clearly"})

    def beside(person) -> list[rating_queries.Beside]:
        person.standing = None
        return rating_queries.side_by_side(policy.seen(person, Rating), taught, later)

    (hers,) = beside(ours.partner)
    assert (hers.turned("more"), hers.turned("less")) == (["Standards and goals"], ["Engaging learners"])
    assert hers.is_pair
    (coachs,) = beside(ours.coach)
    assert (coachs.person, coachs.has_after, coachs.turned("more")) == (ours.coach, False, [])
    assert beside(ours.outsider) == []
    rating.share(mine, by=ours.partner, at=NOW)
    assert [(one.person, one.is_pair) for one in beside(ours.coach)] == [(ours.partner, False), (ours.coach, False)]


def test_what_the_teacher_asks_is_no_secret_but_only_that(ours: Pair, taught: LessonVersion) -> None:
    hers = rate(taught, ours.partner)
    assert rating_queries.asked_about([taught]) == {}
    rating.ask_partners(hers, by=ours.partner, at=NOW)
    (offer,) = rating_queries.asked_about([taught])[taught.pk]
    assert (offer.slug, offer.kind) == ("learning_activity", "checklist")
    assert "answers" not in vars(offer)


# A checklist of their own


def standing(ours: Pair) -> rating_queries.ChecklistInUse:
    return rating_queries.checklist_in_use(ours.partnership, OwnChecklist.objects.all())


def items(ours: Pair) -> dict[str, list[tuple[str, str]]]:
    current = standing(ours).current
    return {area.code: [(item.code, item.text) for item in area.items] for area in current.areas}


def fork(ours: Pair, found, after: int = 0, by=None):
    return checklists.fork_checklist(ours.partnership, items=found, after=after, by=by or ours.coach, at=NOW)


def test_items_are_worded_taken_out_and_added(ours: Pair) -> None:
    found = items(ours)
    found["ST"] = [("ST2", found["ST"][1][1]), ("ST1", "Is it about   water?"), ("ST3", "  "), ("", "Do they measure?")]
    made = fork(ours, found)
    assert made is not None
    assert (made.number, made.base) == (1, shipped())
    area = standing(ours).current.areas[0]
    assert [(item.code, item.is_own) for item in area.items] == [("ST2", False), ("ST1", True), ("ST8", True)]
    assert area.items[1].text == "Is it about water?"
    # nothing changed: no new version, and the row itself is sealed
    assert fork(ours, items(ours), 1) == made
    assert b"water" not in bytes(OwnChecklist.objects.get().body)
    # what was taken out is put back, and a number is not given twice
    found = items(ours)
    found["ST"] = [("ST3", {one.code: one.text for one in standing(ours).shipped.items}["ST3"]), ("", "Another")]
    fork(ours, found, 1)
    assert [(one.code, one.is_own) for one in standing(ours).current.areas[0].items] == [("ST3", False), ("ST9", True)]


@pytest.mark.parametrize(
    "area",
    [
        {"XX": [("", "there is no such area")]},
        {"ST": [("ST77", "no such item")]},
        {"ST": [("EN1", "of another area")]},
        {"ST": [("ST1", "once"), ("ST1", "twice")]},
        {"ST": [("", f"item {number}") for number in range(31)]},
        {"ST": [("ST1", "x" * 301)]},
        {"ST": [("ST1", "a\0b")]},
        {"ST": [("ST1", " ")], "EN": []},
    ],
)
def test_a_checklist_that_cannot_be_kept_is_refused(ours: Pair, area: dict) -> None:
    with pytest.raises(Refused):
        fork(ours, area)
    assert not OwnChecklist.objects.exists()


def test_the_second_of_two_who_change_it_is_told(ours: Pair) -> None:
    fork(ours, {"ST": [("ST1", "Mine")]})
    with pytest.raises(Overtaken) as caught:
        fork(ours, {"ST": [("ST1", "Theirs")]}, by=ours.partner)
    assert caught.value.current == OwnChecklist.objects.get()
    with pytest.raises(Overtaken):
        checklists.take_up_shipped(ours.partnership, after=0, by=ours.partner, at=NOW)


def test_old_ratings_keep_their_items_and_new_ones_take_the_new(ours: Pair, taught: LessonVersion) -> None:
    def chosen(version: LessonVersion) -> rating_queries.Offered:
        seen = {"ratings": Rating.objects.all(), "checklists": OwnChecklist.objects.all()}
        offer, _hers = rating_queries.to_rate(version, "learning_activity", ours.partner, **seen)
        assert offer is not None
        return offer

    first = rate(taught, ours.partner)
    fork(ours, {"ST": [("", "Do they measure?")], "EN": items(ours)["EN"]})
    assert chosen(taught).own is None
    later = kept(taught.lesson, "improved")
    own = chosen(later).own
    assert own == OwnChecklist.objects.get()
    second = rate(later, ours.partner, {"ST8": "clearly"}, own=own)
    checklists.take_up_shipped(ours.partnership, after=1, by=ours.coach, at=NOW)
    assert (standing(ours).own, standing(ours).number) == (None, 2)
    assert (first.own, Rating.objects.get(pk=second.pk).own) == (None, own)
    read = rating_queries.of_lesson(Rating.objects.all(), taught.lesson)
    assert [len(pure.asked(one.scale)) for one in read] == [28, 10]
    # before and after stand beside each other all the same
    (pairs,) = rating_queries.side_by_side(Rating.objects.all(), taught, later)
    assert [change.code for change in pairs.changes] == ["ST", "EN", "PB", "TE"]


def test_a_checklist_of_another_partnership_is_not_taken(ours: Pair, taught: LessonVersion) -> None:
    others = pair("Elsewhere")
    own = fork(others, {"ST": [("", "Theirs")]})
    with pytest.raises(Refused):
        rate(taught, ours.partner, {"ST8": "clearly"}, own=own)


def test_a_checklist_of_an_ended_partnership_stays(ours: Pair) -> None:
    ours.partnership.ended_at = NOW
    ours.partnership.save()
    with pytest.raises(Refused):
        fork(ours, {"ST": [("ST1", "Mine")]})
