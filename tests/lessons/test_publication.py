"""A lesson is published once all its makers agreed, taken back by any of them, and adopted by others."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from sidebyside import policy
from sidebyside.base import bin, vault
from sidebyside.base.files import storing
from sidebyside.base.files.models import StoredFile
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.lessons import publication_queries as queries
from sidebyside.lessons.actions import lessons, publishing
from sidebyside.lessons.models import Adoption, Lesson, Publication, PublicationConsent
from sidebyside.lessons.queries import text_of
from sidebyside.partnerships.models import Member, Part
from tests.lessons.makers import lesson_of, picture_of, proposed, published, says, version_of
from tests.pairs import NOW, pair, partnership_of, person

pytestmark = pytest.mark.django_db
WORDS = says("Zebrafish reads with Quirin", "Then all go home")
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def two():
    return pair()


@pytest.fixture
def lesson(two):
    return lesson_of(two.partnership, two.partner, WORDS, at=NOW, by=two.coach)


@pytest.fixture
def version(lesson):
    return version_of(lesson, WORDS, at=NOW)


def everything_in_the_database():
    """All rows of all tables as the database holds them."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label != "keys":
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                for row in cursor.fetchall():
                    yield b"\n".join(
                        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row
                    )


def stands_in_the_database(word):
    return any(word.encode() in row for row in everything_in_the_database())


def sees(person, publication):
    return policy.seen(person, Publication).filter(pk=publication.pk).exists()


def is_open(publication):
    return policy.in_the_commons().filter(pk=publication.pk).exists()


# Until all agreed


def test_a_draft_is_sealed_and_seen_by_its_makers_alone(two, version):
    draft = proposed(version, by=two.coach, at=NOW, credit="Xanthippe", replacements={"Quirin": "Wilbur"})
    assert (sees(two.coach, draft), sees(two.partner, draft), sees(two.outsider, draft)) == (True, True, False)
    assert not is_open(draft)
    for word in ("Zebrafish", "Quirin", "Wilbur", "Xanthippe", "Mathematics", "Fractions"):
        assert not stands_in_the_database(word), word


def test_it_is_published_when_the_last_of_them_agrees(two, version):
    draft = proposed(version, by=two.coach, at=NOW, replacements={"Quirin": "a student", "Ana": "a class"})
    assert publishing.agree(draft, read=draft.asked_at, by=two.coach, at=NOW) is False
    assert not is_open(draft)
    assert publishing.agree(draft, read=draft.asked_at, by=two.partner, at=LATER) is True
    draft.refresh_from_db()
    assert is_open(draft)
    assert sees(two.outsider, draft)
    assert (draft.title, draft.credit, draft.published_at) == ("Fractions with a class", "Two teachers", LATER)
    assert stands_in_the_database("Zebrafish reads with a student")
    assert not stands_in_the_database("Quirin")
    assert not stands_in_the_database("Class 7b")  # its description stays at home
    assert text_of(version.lesson).parts[0].nodes == WORDS.parts[0].nodes  # their own copy is as it was


def test_one_makers_two_yeses_are_one(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    assert [publishing.agree(draft, read=draft.asked_at, by=two.coach, at=NOW) for _time in range(2)] == [False, False]


def test_an_outsider_agrees_to_nothing(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    for verb in (
        lambda: publishing.agree(draft, read=draft.asked_at, by=two.outsider, at=NOW),
        lambda: publishing.decline(draft, by=two.outsider, at=NOW),
    ):
        with pytest.raises(Refused):
            verb()
    assert not policy.may(two.outsider, "agree to publication", draft)


def test_a_teacher_publishes_what_is_hers_alone(two):
    own = lesson_of(None, two.outsider, WORDS, at=NOW)
    publication = published(version_of(own, WORDS, at=NOW), two.outsider, at=NOW)
    assert is_open(publication)


def test_a_changed_draft_asks_all_anew(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    publishing.agree(draft, read=draft.asked_at, by=two.coach, at=NOW)
    changed = proposed(version, by=two.partner, at=LATER, read=draft.asked_at, credit="Others")
    assert changed.pk == draft.pk
    assert not changed.consents.exists()
    with pytest.raises(Refused, match="changed since you read it"):
        publishing.agree(draft, read=NOW, by=two.partner, at=LATER)
    with pytest.raises(Refused, match="changed this since"):
        proposed(version, by=two.coach, at=LATER, read=NOW)
    with pytest.raises(Refused, match="changed this since"):
        proposed(version, by=two.coach, at=LATER)
    assert queries.draft_of(Publication.objects.get()).credit == "Others"


def test_somebody_who_joins_and_sees_the_lesson_is_asked_too(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    publishing.agree(draft, read=draft.asked_at, by=two.coach, at=NOW)
    new = person("Nia")
    Member.objects.create(partnership=two.partnership, person=new, part=Part.COACH, joined_at=NOW)
    assert publishing.agree(draft, read=draft.asked_at, by=two.partner, at=LATER) is False
    assert queries.still_to_agree(draft) == [new]
    assert publishing.agree(draft, read=draft.asked_at, by=new, at=LATER) is True


def test_who_joined_after_it_was_begun_neither_sees_nor_decides(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    new = person("Nia")
    Member.objects.create(partnership=two.partnership, person=new, part=Part.COACH, joined_at=LATER, sees_from=LATER)
    assert not sees(new, draft)
    with pytest.raises(Refused, match="Only those who made"):
        publishing.agree(draft, read=draft.asked_at, by=new, at=LATER)
    for maker in (two.coach, two.partner):
        publishing.agree(draft, read=draft.asked_at, by=maker, at=LATER)
    draft.refresh_from_db()
    assert is_open(draft)
    assert not policy.may(new, "retract publication", draft)


def test_who_left_is_not_waited_for_and_decides_no_more(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    Member.objects.filter(person=two.coach).update(left_at=LATER)
    assert not sees(two.coach, draft)
    with pytest.raises(Refused, match="Only those who made"):
        publishing.agree(draft, read=draft.asked_at, by=two.coach, at=LATER)
    assert publishing.agree(draft, read=draft.asked_at, by=two.partner, at=LATER) is True


def test_nobody_publishes_without_whose_lesson_it_is(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    Member.objects.filter(person=two.partner).update(left_at=LATER)
    assert publishing.agree(draft, read=draft.asked_at, by=two.coach, at=LATER) is False
    assert queries.still_to_agree(draft) == [two.partner]


def test_not_now_names_nobody_and_keeps_what_was_written(two, version):
    draft = proposed(version, by=two.coach, at=NOW, credit="We two")
    publishing.agree(draft, read=draft.asked_at, by=two.coach, at=NOW)
    publishing.decline(draft, by=two.partner, at=LATER)
    assert not PublicationConsent.objects.exists()
    row = Publication.objects.values().get()
    assert row["retracted_by_id"] is None
    assert [row["by"] for row in Event.objects.filter(kind="publication.closed").values()] == [None]
    assert queries.draft_of(Publication.objects.get()).credit == "We two"
    with pytest.raises(Refused):
        publishing.agree(draft, read=draft.asked_at, by=two.coach, at=LATER)
    again = proposed(version, by=two.coach, at=LATER)
    assert list(Publication.objects.all()) == [again]


def test_events_hold_no_word_and_do_not_tell_who_agreed(two, version):
    publication = published(version, two.coach, two.partner, at=NOW, credit="Xanthippe")
    publishing.adopt(publication, partnership=None, by=two.outsider, at=LATER, thanks="Thank you")
    publishing.retract(publication, by=two.coach, at=LATER)
    told = Event.objects.filter(kind__startswith="publication.")
    assert all(event.particulars == {} for event in told)
    assert {event.by for event in told.filter(kind="publication.agreed")} == {None}
    assert set(told.values_list("kind", flat=True)) == {
        f"publication.{verb}" for verb in ("proposed", "agreed", "published", "adopted", "retracted")
    }


# What is refused


@pytest.mark.parametrize("code", ["", "cc0", "by-nd", "BY", "by-sa ", "<b>"])
def test_only_the_four_licences(two, version, code):
    with pytest.raises(Refused, match="one of the licences"):
        proposed(version, by=two.coach, at=NOW, licence=code)


@pytest.mark.parametrize("code", ["", "xx\n", "e", "en us", "<script>", "a" * 30])
def test_only_what_can_be_a_language(two, version, code):
    with pytest.raises(Refused, match="language"):
        proposed(version, by=two.coach, at=NOW, language=code)


def test_without_a_kept_version_or_with_one_of_another_lesson(two, lesson, version):
    other = version_of(lesson_of(None, two.outsider, WORDS, at=NOW), WORDS, at=NOW)
    for chosen in ({"version": None}, {"version": other}, {"before": other}, {"before": version}):
        with pytest.raises(Refused):
            publishing.propose(
                lesson, **({"version": version, "before": None} | chosen), licence="by", credit="", subject="",
                level="", language="en", replacements={}, pictures={}, by=two.coach, at=NOW,
            )  # fmt: skip


def test_a_title_is_not_taken_out_whole(two, version):
    with pytest.raises(Refused, match="title"):
        proposed(version, by=two.coach, at=NOW, replacements={"Fractions with Ana": ""})


def test_too_much_is_refused(two, version):
    for others in (
        {"credit": "x" * 301},
        {"subject": "x" * 101},
        {"replacements": {str(at): "x" for at in range(501)}},
    ):
        with pytest.raises(Refused):
            proposed(version, by=two.coach, at=NOW, **others)


def test_a_removed_lesson_and_an_ended_partnership_publish_nothing(two, lesson, version):
    draft = proposed(version, by=two.coach, at=NOW)
    publishing.agree(draft, read=draft.asked_at, by=two.coach, at=NOW)
    lessons.remove(lesson, by=lesson.teacher, at=NOW)
    with pytest.raises(Refused, match="removed"):
        publishing.agree(draft, read=draft.asked_at, by=two.partner, at=LATER)
    lessons.restore(lesson, by=lesson.teacher, at=NOW)
    type(two.partnership).objects.update(ended_at=NOW)
    with pytest.raises(Refused, match="ended"):
        publishing.agree(draft, read=draft.asked_at, by=two.partner, at=LATER)


def test_erased_words_are_not_published(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    publishing.agree(draft, read=draft.asked_at, by=two.coach, at=NOW)
    vault.destroy([version.lesson.vault_scope()])
    with pytest.raises(Refused, match="erased"):
        publishing.agree(draft, read=draft.asked_at, by=two.partner, at=LATER)


# Taken back


def test_any_maker_takes_it_back_and_nothing_of_it_stays(two, version):
    publication = published(version, two.coach, two.partner, at=NOW, credit="Xanthippe")
    assert stands_in_the_database("Zebrafish")
    publishing.retract(publication, by=two.partner, at=LATER)
    assert not is_open(publication)
    assert not sees(two.outsider, publication)
    for word in ("Zebrafish", "zebrafish", "Xanthippe", "Fractions", "Mathematics"):
        assert not stands_in_the_database(word), word
    publishing.retract(publication, by=two.coach, at=LATER)  # once more: nothing happens
    assert Publication.objects.get().retracted_by_id == two.partner.pk
    assert policy.taken_out_of_the_commons().filter(pk=publication.pk).exists()


def test_who_left_without_a_yes_takes_nothing_back(two, version):
    third = person("Third")
    Member.objects.create(partnership=two.partnership, person=third, part=Part.PARTNER, joined_at=NOW, left_at=NOW)
    publication = published(version, two.coach, two.partner, at=NOW)
    assert not policy.may(third, "retract publication", publication)
    with pytest.raises(Refused):
        publishing.retract(publication, by=third, at=LATER)
    Member.objects.filter(person=two.coach).update(left_at=LATER)
    assert policy.may(two.coach, "retract publication", publication)
    publishing.retract(publication, by=two.coach, at=LATER)
    assert not is_open(publication)


def test_an_outsider_takes_nothing_back(two, version):
    publication = published(version, two.coach, two.partner, at=NOW)
    assert not policy.may(two.outsider, "retract publication", publication)
    with pytest.raises(Refused):
        publishing.retract(publication, by=two.outsider, at=LATER)
    assert is_open(publication)


def test_a_draft_cannot_be_taken_back_and_what_is_published_not_declined(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    with pytest.raises(Refused, match="not published"):
        publishing.retract(draft, by=two.coach, at=NOW)
    for maker in (two.coach, two.partner):
        publishing.agree(draft, read=draft.asked_at, by=maker, at=NOW)
    with pytest.raises(Refused, match="published meanwhile"):
        publishing.decline(draft, by=two.partner, at=LATER)


def test_the_lesson_may_go_and_what_was_published_stays(two, lesson, version):
    publication = published(version, two.coach, two.partner, at=NOW)
    lesson.delete()
    assert is_open(publication)
    publication.refresh_from_db()
    assert policy.may(two.partner, "retract publication", publication)
    publishing.retract(publication, by=two.partner, at=LATER)


# Adopted


@pytest.fixture
def others():
    return partnership_of(person("Goran"), person("Hana"), school=None)


@pytest.fixture
def publication(two, version):
    return published(version, two.coach, two.partner, at=NOW, replacements={"Quirin": "a student"})


def test_others_make_it_their_own_and_it_remembers(publication, others):
    goran = others.members.first().person
    mine = publishing.adopt(publication, partnership=others, by=goran, at=LATER)
    text = text_of(mine)
    assert (text.title, text.about) == ("Fractions with Ana", "Mathematics, 7")
    assert text.parts[0].nodes[0]["content"][0]["text"] == "Zebrafish reads with a student"
    assert (mine.teacher, mine.partnership, mine.adopted_from) == (goran, others, publication)
    assert queries.source_of(mine) == publication


def test_it_is_adopted_for_oneself_but_not_into_a_partnership_of_others(publication, others, two):
    assert publishing.adopt(publication, partnership=None, by=two.outsider, at=LATER).partnership is None
    with pytest.raises(Refused):
        publishing.adopt(publication, partnership=others, by=two.outsider, at=LATER)


def test_thanks_go_to_its_makers_sealed(publication, two, others):
    goran = others.members.first().person
    publishing.adopt(publication, partnership=None, by=goran, at=LATER, thanks="Ours grew wings")
    assert not stands_in_the_database("Ours grew wings")
    for maker in (two.coach, two.partner):
        said = queries.thanks_for(policy.seen(maker, Adoption), publication)
        assert [(one.by, one.thanks) for one in said] == [(goran, "Ours grew wings")]
    assert queries.thanks_for(policy.seen(two.outsider, Adoption), publication) == []
    adoption = Adoption.objects.get()
    assert policy.may(two.partner, "see adoption", adoption)
    assert not policy.may(goran, "see adoption", adoption)
    publishing.put_away(adoption, by=two.partner, at=LATER)
    publishing.put_away(adoption, by=two.coach, at=LATER + timedelta(days=1))
    assert Adoption.objects.get().seen_at == LATER


def test_copies_stay_when_it_is_taken_back_and_lead_nowhere(publication, two):
    mine = publishing.adopt(publication, partnership=None, by=two.outsider, at=LATER)
    publishing.retract(publication, by=two.coach, at=LATER)
    mine = Lesson.objects.get(pk=mine.pk)
    assert text_of(mine).parts
    assert queries.source_of(mine) is None
    with pytest.raises(Refused, match="taken this back"):
        publishing.adopt(publication, partnership=None, by=two.outsider, at=LATER)


def test_what_was_never_published_is_not_adopted(two, version):
    draft = proposed(version, by=two.coach, at=NOW)
    with pytest.raises(Refused):
        publishing.adopt(draft, partnership=None, by=two.coach, at=LATER)


@pytest.mark.parametrize(
    ("source", "licence", "goes"),
    [("by", "by-nc", True), ("by-sa", "by-sa", True), ("by-sa", "by", False), ("by-nc", "by-sa", False),
     ("by-nc-sa", "by-nc", False), ("by-nc-sa", "by-nc-sa", True)],
)  # fmt: skip
def test_what_is_made_from_a_published_lesson_keeps_its_licence(two, version, source, licence, goes):
    first = published(version, two.coach, two.partner, at=NOW, licence=source)
    mine = publishing.adopt(first, partnership=None, by=two.outsider, at=LATER)
    next_version = version_of(mine, WORDS, at=LATER)
    if goes:
        second = published(next_version, two.outsider, at=LATER, licence=licence)
        assert second.improves == first
    else:
        with pytest.raises(Refused, match="may be given on under"):
            proposed(next_version, by=two.outsider, at=LATER, licence=licence)


# Files


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_of_each_picture_something_is_said(two, version, lesson):
    picture = picture_of(lesson, at=NOW)
    for pictures in ({}, {picture.pk: ""}, {picture.pk: "yes"}, {picture.pk + 1: "nobody"}):
        with pytest.raises(Refused, match="each picture"):
            proposed(version, by=two.coach, at=NOW, pictures=pictures)


def test_pictures_go_along_as_copies_without_their_names(two, version, lesson, folder):
    wanted = picture_of(lesson, at=NOW, caption="Quirin counts")
    picture_of(lesson, at=NOW)
    said = {wanted.pk: "agreed", lesson.attachments.last().pk: "out"}
    publication = published(
        version, two.coach, two.partner, at=NOW, pictures=said, replacements={"Quirin": "A student"}
    )
    [shown] = publication.files.select_related("file")
    vault.opened([shown.file], "name")
    assert (shown.caption, shown.file.scope, shown.file.name) == (
        "A student counts", "commons", f"lesson-{publication.pk}-1.png",
    )  # fmt: skip
    assert storing.content(shown.file) == storing.content(wanted.file)
    mine = publishing.adopt(publication, partnership=None, by=two.outsider, at=LATER)
    assert mine.attachments.get().scope == f"a{two.outsider.pk}"
    assert len(files_in(folder)) == 4


def test_a_picture_that_was_removed_meanwhile_stays_at_home(two, version, lesson):
    picture = picture_of(lesson, at=NOW)
    draft = proposed(version, by=two.coach, at=NOW, pictures={picture.pk: "nobody"})
    bin.remove(picture, by=two.coach, at=NOW)
    later = picture_of(lesson, at=NOW)
    for maker in (two.coach, two.partner):
        publishing.agree(draft, read=draft.asked_at, by=maker, at=NOW)
    assert not draft.files.exists()
    assert later.removed_at is None


def test_files_go_when_it_is_taken_back(two, version, lesson, folder, django_capture_on_commit_callbacks):
    picture = picture_of(lesson, at=NOW)
    publication = published(version, two.coach, two.partner, at=NOW, pictures={picture.pk: "nobody"})
    assert len(files_in(folder)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        publishing.retract(publication, by=two.coach, at=LATER)
    assert StoredFile.objects.get() == picture.file
    assert len(files_in(folder)) == 1


# Browsing


def test_browsing_finds_by_what_was_asked_for(two, lesson, version):
    first = published(version, two.coach, two.partner, at=NOW, licence="by", subject="Art", language="tr")
    second = published(
        version_of(lesson, says("İki kuş, zwei Vögel"), at=NOW), two.coach, two.partner, at=LATER, before=version
    )
    rows = policy.in_the_commons()

    def found(**asked):
        return list(queries.browse(rows, asked))

    assert found() == [second, first]
    assert found(licence="by") == [first]
    assert found(subject="Art") == [first]
    assert found(language="tr", level="7") == [first]
    assert found(kind="improvement") == [second]
    assert found(kind="lesson") == [first]
    assert found(kind="nonsense", licence="", q="  ") == [second, first]
    assert found(q="vogel IKI") == [second]
    assert found(q="vogel zebrafish") == []
    assert found(q="%") == found(q="_") == []
    assert queries.choices_in(rows) == {"language": ["en", "tr"], "subject": ["Art", "Mathematics"], "level": ["7"]}
    for maker in (two.coach, two.partner):  # a maker's own copy says nothing of others
        publishing.adopt(first, partnership=None, by=maker, at=LATER)
    assert queries.was_adopted([first, second]) == set()
    publishing.adopt(first, partnership=None, by=two.outsider, at=LATER)
    assert queries.was_adopted([first, second]) == {first.pk}


def test_choices_come_in_the_order_that_people_look_for_them(two, version):
    said = ("Year 10", "Year 2", "Äpfel", "art", "Zeit", "year 3", "9", "10 to 12")
    for at, level in enumerate(said):
        published(version, two.coach, two.partner, at=NOW + timedelta(minutes=at), level=level)
    levels = queries.choices_in(policy.in_the_commons())["level"]
    assert levels == ["9", "10 to 12", "Äpfel", "art", "Year 2", "year 3", "Year 10", "Zeit"]
