"""The page on which a lesson is given to all, step by step and by plain forms."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sidebyside.lessons.actions import publishing
from sidebyside.lessons.models import Attachment, Publication
from sidebyside.lessons.publication_queries import draft_of
from sidebyside.partnerships.models import Member
from tests.lessons.makers import lesson_of, picture_of, proposed, published, says, version_of
from tests.page import Page
from tests.pairs import pair

pytestmark = pytest.mark.django_db
TEXT = says("Then Quirin reads with Jo van der Berg", "Quirin's turn", title="Fractions")
SAID = {"licence": "by", "credit": "We", "subject": "Art", "level": "7", "language": "de", "version": "1", "before": ""}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def two():
    return pair()


@pytest.fixture
def lesson(two):
    return lesson_of(two.partnership, two.partner, TEXT, at=timezone.now(), by=two.coach)


@pytest.fixture
def version(lesson):
    return version_of(lesson, TEXT, at=timezone.now())


@pytest.fixture
def address(lesson):
    return f"/lessons/{lesson.pk}/publication/"


@pytest.fixture
def coach(client, two):
    client.force_login(two.coach)
    return client


def page(answer, status=200):
    assert answer.status_code == status
    return Page(answer.content.decode())


def boxes(shown):
    return {one.attributes["value"] for form in shown.forms for one in form.fields if one.name == "out"}


def test_without_a_kept_version_it_says_what_to_do(coach, address):
    assert "Keep a version first" in page(coach.get(address)).text


def test_all_capitalised_words_are_looked_over(coach, address, version):
    shown = page(coach.get(address))
    assert boxes(shown) == {"Fractions", "Then", "Quirin", "Jo", "Berg", "Jo van der Berg", "Then Quirin"}
    assert "no capitals" not in shown.text


def test_letters_without_capitals_are_told(coach, lesson, address):
    version_of(lesson, says("王小明说"), at=timezone.now())
    assert "know no capitals" in page(coach.get(address)).text


def test_from_the_form_to_everybody(coach, client, two, address, version):
    more = {"out": ["Quirin", "Jo van der Berg"], "instead": "a child", "more": "reads\n\n"}
    assert coach.post(address, SAID | more).status_code == 302
    seen = page(coach.get(address))
    assert "Then a child a child with a child" in seen.text
    assert "Nobody has been asked yet" in seen.text
    draft = Publication.objects.get()
    assert coach.post(f"{address}consent/", {"read": draft.asked_at.isoformat()}).status_code == 302
    assert two.partner.name in page(coach.get(address)).text
    client.force_login(two.partner)
    assert "would like to give a lesson to everybody" in page(client.get("/")).text
    done = client.post(f"{address}consent/", {"read": draft.asked_at.isoformat()})
    assert done["Location"] == f"/commons/{draft.pk}/"
    assert "would like to give" not in page(client.get("/")).text
    assert "everybody can read it" in page(client.get(address)).text
    client.logout()
    assert "a child with a child" in page(client.get(f"/commons/{draft.pk}/")).text


def test_nobody_is_told_before_somebody_agreed(coach, client, two, version):
    proposed(version, by=two.coach, at=timezone.now())
    client.force_login(two.partner)
    assert "would like to give" not in page(client.get("/")).text


def test_words_taken_out_come_back_with_what_stands_instead(coach, two, address, version):
    draft = proposed(version, by=two.coach, at=timezone.now(), replacements={"Quirin": "Q", "odd": ""})
    shown = page(coach.get(f"{address}?change=1"))
    form = next(form for form in shown.forms if form.posts and "more" in form.names)
    fields = {name: [one.value for one in form.fields if one.name == name] for name in ("of", "as", "read")}
    assert fields == {"of": ["Quirin", "odd"], "as": ["Q", ""], "read": [draft.asked_at.isoformat()]}
    sent = {"out": ["Quirin", "Jo"], "of": ["Quirin", "odd"], "as": ["R", ""], "instead": "somebody"}
    assert coach.post(address, SAID | sent | {"read": draft.asked_at.isoformat()}).status_code == 302
    assert draft_of(Publication.objects.get()).replacements == {"Quirin": "R", "Jo": "somebody"}


def test_two_who_change_it_do_not_overwrite_one_another(coach, two, address, version):
    draft = proposed(version, by=two.coach, at=timezone.now())
    seen = draft.asked_at.isoformat()
    proposed(version, by=two.partner, at=timezone.now(), read=draft.asked_at, credit="Theirs")
    for read in (seen, "", "nonsense", "2026-01-01T00:00:00"):
        answer = coach.post(address, SAID | {"read": read})
        assert "changed this since" in page(answer, 422).text
    assert draft_of(Publication.objects.get()).credit == "Theirs"


def test_one_agrees_only_to_what_one_read(coach, two, address, version):
    draft = proposed(version, by=two.partner, at=timezone.now())
    for read in ("", "nonsense", (draft.asked_at - timedelta(seconds=1)).isoformat()):
        assert "changed since you read it" in page(coach.post(f"{address}consent/", {"read": read}), 422).text
    assert not draft.consents.exists()


def test_of_each_picture_it_is_asked_who_can_be_recognised(coach, lesson, address, version):
    picture = picture_of(lesson, at=timezone.now())
    assert page(coach.post(address, SAID), 422).text.count("Who can be recognised") >= 2
    assert not Publication.objects.exists()
    assert "This field is required" in page(coach.post(address, SAID | {f"file_{picture.pk}": ""}), 422).text
    assert coach.post(address, SAID | {f"file_{picture.pk}": "yes"}).status_code == 422
    assert coach.post(address, SAID | {f"file_{picture.pk}": "agreed"}).status_code == 302
    assert f"/lessons/files/{Attachment.objects.get().pk}/" in coach.get(address).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"licence": "cc0"}, {"licence": ""}, {"language": "xx-no"}, {"version": "9"}, {"version": ""},
              {"before": "1"}, {"credit": "x" * 400}, {"out": ["Fractions"], "instead": "x" * 201}],
)  # fmt: skip
def test_hostile_fields_are_refused_in_place(coach, address, version, wrong):
    answer = coach.post(address, SAID | wrong)
    assert answer.status_code in (302, 422)
    assert Publication.objects.count() == (1 if "out" in wrong else 0)


def test_what_was_typed_comes_back_when_it_is_refused(coach, address, version):
    answer = coach.post(address, SAID | {"licence": "", "credit": "Typed", "out": ["Quirin"], "more": "odd"})
    shown = page(answer, 422)
    ticked = {
        one["value"] for tag, one in shown.elements if tag == "input" and "checked" in one and one.get("name") == "out"
    }
    assert ticked == {"Quirin", "odd"}
    assert "Typed" in shown.text


def test_laid_aside_it_names_nobody_and_can_be_taken_up(coach, client, two, address, version):
    draft = proposed(version, by=two.coach, at=timezone.now(), credit="Kept words")
    publishing.agree(draft, read=draft.asked_at, by=two.coach, at=timezone.now())
    client.force_login(two.partner)
    client.post(f"{address}laying-aside/")
    shown = page(client.get(address))
    assert "laid aside" in shown.text
    assert two.coach.given_name not in shown.text.replace(f"You and {two.coach.short_name}", "")
    assert "Kept words" in page(client.get(f"{address}?change=1")).text
    assert "would like to give" not in page(client.get("/")).text


def test_of_an_adopted_lesson_only_fitting_licences_are_offered(client, two):
    source = published(
        version_of(lesson_of(None, two.coach, TEXT, at=timezone.now()), TEXT, at=timezone.now()), two.coach,
        at=timezone.now(), licence="by-nc",
    )  # fmt: skip
    mine = publishing.adopt(source, partnership=None, by=two.outsider, at=timezone.now())
    version_of(mine, TEXT, at=timezone.now())
    client.force_login(two.outsider)
    address = f"/lessons/{mine.pk}/publication/"
    shown = page(client.get(address))
    offered = [one.attributes["value"] for form in shown.forms for one in form.fields if one.name == "licence"]
    assert offered == ["by-nc", "by-nc-sa"]
    assert client.post(address, SAID | {"licence": "by"}).status_code == 422
    assert client.post(address, SAID | {"licence": "by-nc"}).status_code == 302
    draft = Publication.objects.get(lesson=mine)
    assert "Publish it now" in page(client.get(address)).text
    assert (
        client.post(f"{address}consent/", {"read": draft.asked_at.isoformat()})["Location"] == f"/commons/{draft.pk}/"
    )


def test_the_class_list_has_no_name_and_stands_in_no_form(coach, two, address, version):
    asked = page(coach.get(address))
    proposed(version, by=two.coach, at=timezone.now())
    for shown in (asked, page(coach.get(address))):
        lists = [one for tag, one in shown.elements if tag == "textarea" and one.get("id") == "class-list"]
        assert len(lists) == 1
        assert "name" not in lists[0]
        assert "form" not in lists[0]
        assert not any(one.attributes.get("id") == "class-list" for form in shown.forms for one in form.fields)


def test_others_do_not_see_the_page(client, two, address, version):
    assert client.get(address)["Location"].startswith("/sign-in/")
    client.force_login(two.outsider)
    assert client.get(address).status_code == 404
    assert client.post(address, SAID).status_code == 404


@pytest.mark.parametrize("read", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "x", ""])
def test_a_moment_that_no_calendar_has_is_none_that_was_read(coach, two, address, version, read):
    draft = proposed(version, by=two.coach, at=timezone.now())
    answer = coach.post(f"{address}consent/", {"read": read, "files": "0,-1,²," + "9" * 40})
    assert answer.status_code == 422
    assert not draft.consents.exists()


def test_the_files_that_she_read_of_are_those_she_agrees_to(coach, two, lesson, address, version):
    picture = picture_of(lesson, at=timezone.now())
    draft = proposed(version, by=two.partner, at=timezone.now(), pictures={picture.pk: "nobody"})
    fields = next(form for form in page(coach.get(address)).forms if form.action.endswith("/consent/")).fields
    sent = {one.name: one.attributes.get("value", "") for one in fields if one.name}
    assert sent["files"] == str(picture.pk)
    assert coach.post(f"{address}consent/", sent | {"files": ""}).status_code == 422
    assert not draft.consents.exists()
    assert coach.post(f"{address}consent/", sent).status_code == 302
    assert draft.consents.exists()


def test_what_was_published_before_is_not_forgotten(coach, client, two, address, version):
    first = published(version, two.coach, two.partner, at=timezone.now())
    assert "Another version is published" not in page(coach.get(address)).text
    proposed(version, by=two.coach, at=timezone.now())
    for _state in ("draft", "laid aside"):
        shown = page(coach.get(address))
        assert "Another version is published" in shown.text
        assert f"/commons/{first.pk}/retraction/" in {form.action for form in shown.forms}
        coach.post(f"{address}laying-aside/")
    assert "Nothing was published" not in shown.text
    coach.post(f"/commons/{first.pk}/retraction/")
    assert "Another version is published" not in page(coach.get(address)).text


def test_who_agreed_and_left_can_still_take_it_back(coach, two, lesson, address, version):
    publication = published(version, two.coach, two.partner, at=timezone.now())
    Member.objects.filter(person=two.coach).update(left_at=timezone.now())
    shown = page(coach.get(f"/commons/{publication.pk}/"))
    [form] = [form for form in shown.forms if "retraction" in form.action]
    answer = coach.post(form.action)
    assert answer["Location"] == "/commons/"
    assert coach.get(answer["Location"]).status_code == 200
    assert coach.get(f"/commons/{publication.pk}/").status_code == 410


def test_what_was_kept_first_is_offered_as_what_it_improves_on(coach, lesson, version, address):
    assert 'name="before" value=""' in coach.get(address).content.decode()  # of one alone there is nothing before
    version_of(lesson, says("Anew"), at=timezone.now())
    version_of(lesson, says("And anew"), at=timezone.now())
    shown = coach.get(address).content.decode()
    assert 'name="version" value="3"' in shown
    assert 'name="before" value="1"' in shown
    assert 'name="before" value=""' in coach.get(f"{address}?version=3&before=").content.decode()
