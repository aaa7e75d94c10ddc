"""The commons as strangers, adopters and makers see it."""

import io
from datetime import timedelta
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from pypdf import PdfReader

from sidebyside.lessons.actions import publishing
from sidebyside.lessons.models import Adoption, Lesson, Publication
from tests.lessons.makers import lesson_of, picture_of, proposed, published, says, version_of
from tests.page import Page
from tests.pairs import pair

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = says("<script>alert(1)</script> & <b>words</b> with Quirin", title='Fractions <img src=x> & "more"')


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def two():
    return pair()


def out(two, text=NASTY, *, ago=0, **others):
    at = timezone.now() - timedelta(minutes=ago)
    lesson = lesson_of(two.partnership, two.partner, text, at=at, by=two.coach)
    return published(version_of(lesson, text, at=at), two.coach, two.partner, at=at, **others)


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return Page(answer.content.decode())


def test_a_stranger_reads_it_without_a_session(client, two):
    publication = out(two, replacements={"Quirin": "a student"}, credit="Two of <us>")
    listed, read = page(client, "/commons/"), page(client, f"/commons/{publication.pk}/")
    assert 'Fractions <img src=x> & "more"' in listed.text
    assert "<script>alert(1)</script> & <b>words</b> with a student" in read.text
    assert "Two of <us>" in read.text
    assert "https://creativecommons.org/licenses/by-sa/4.0/" in read.links
    for shown in (listed.text, read.text):
        for name in (two.coach.family_name, two.partner.given_name, "Quirin", "Class 7b"):
            assert name not in shown
    assert not any(form.posts for form in read.forms)
    assert f"/sign-in/?next={quote(f'/commons/{publication.pk}/', safe='')}" in read.links
    assert not client.cookies


def test_an_empty_commons_says_what_it_is_for(client):
    assert "No lessons yet" in page(client, "/commons/").text


def test_nothing_is_searched_where_nothing_is(client, two):
    assert 'role="search"' not in client.get("/commons/").content.decode()
    assert 'role="search"' in client.get("/commons/?q=zz").content.decode()  # what was asked can be asked otherwise
    out(two)
    assert 'role="search"' in client.get("/commons/").content.decode()


def test_a_maker_is_led_to_her_lesson_before_a_copy_of_it(client, two):
    publication = out(two)
    client.force_login(two.partner)
    shown = page(client, f"/commons/{publication.pk}/")
    assert f"/lessons/{publication.lesson_id}/" in shown.links
    assert "Make a copy of my own" in shown.text
    assert "Make this lesson my own" not in shown.text
    client.force_login(two.outsider)
    assert "Make this lesson my own" in page(client, f"/commons/{publication.pk}/").text


def test_drafts_are_nowhere_but_with_their_makers(client, two):
    lesson = lesson_of(two.partnership, two.partner, NASTY, at=timezone.now())
    draft = proposed(version_of(lesson, NASTY, at=timezone.now()), by=two.coach, at=timezone.now())
    for person in (None, two.outsider, two.coach):
        if person:
            client.force_login(person)
        page(client, f"/commons/{draft.pk}/", 404)
        assert "Fractions" not in page(client, "/commons/").text
        assert b"Fractions" not in client.get("/commons/feed/").content
    page(client, f"/lessons/{lesson.pk}/publication/")
    client.force_login(two.outsider)
    page(client, f"/lessons/{lesson.pk}/publication/", 404)
    for path in ("consent", "laying-aside"):
        assert client.post(f"/lessons/{lesson.pk}/publication/{path}/", {}).status_code == 404
    assert client.post(f"/commons/{draft.pk}/adoption/", {"into": "alone"}).status_code == 404
    assert client.post(f"/commons/{draft.pk}/retraction/").status_code == 404


def test_taken_back_it_says_so_and_nothing_else(client, two):
    publication = out(two)
    at = timezone.now()
    client.force_login(two.outsider)
    assert client.post(f"/commons/{publication.pk}/retraction/").status_code == 403
    client.force_login(two.coach)
    assert client.post(f"/commons/{publication.pk}/retraction/").status_code == 302
    client.logout()
    gone = page(client, f"/commons/{publication.pk}/", 410)
    assert "taken it back" in gone.text
    assert "Fractions" not in gone.text
    assert "Fractions" not in page(client, "/commons/").text
    client.force_login(two.outsider)
    assert client.post(f"/commons/{publication.pk}/adoption/", {"into": "alone"}).status_code == 410
    assert not Lesson.objects.filter(teacher=two.outsider).exists()
    assert Publication.objects.get().retracted_at >= at


@pytest.mark.parametrize(
    "path", ["/commons/999/", f"/commons/{2**70}/", f"/commons/files/{2**70}/", "/commons/files/9/"]
)
def test_what_never_was_is_not_found(client, path):
    page(client, path, 404)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "licence=%00",
        "licence=by'--",
        "page=0",
        "page=99999",
        "page=x",
        "kind=x",
        "q=" + "a+" * 3000,
        "level=%ff",
    ],
)
def test_odd_questions_are_answered(client, two, query):
    out(two)
    page(client, f"/commons/?{query}")


def test_one_filters_and_searches_and_turns_pages(client, two):
    out(two, says("İki kuş", title="Kuşlar"), ago=9, language="tr", subject="Art", licence="by")
    for number in range(21):
        out(two, says("Waves", title=f"Physics {number:02}"), ago=number / 100, subject="Physics")
    assert "Kuşlar" in page(client, "/commons/?q=KUSLAR").text
    assert "Kuşlar" in page(client, "/commons/?language=tr&licence=by").text
    assert "Nothing like that" in page(client, "/commons/?q=kuslar&subject=Physics").text
    first = page(client, "/commons/?subject=Physics")
    assert first.text.index("Physics 00") < first.text.index("Physics 01") < first.text.index("Physics 19")
    assert "Physics 20" not in first.text
    assert "?subject=Physics&page=2" in first.links
    assert "Physics 20" in page(client, "/commons/?subject=Physics&page=2").text


def test_the_list_costs_the_same_with_one_and_with_three(client, two, django_assert_num_queries):
    for _number in range(2):
        out(two)
        with django_assert_num_queries(3):
            client.get("/commons/")


def test_before_and_after_with_what_changed(client, two):
    at = timezone.now()
    lesson = lesson_of(two.partnership, two.partner, says("The students listen quietly today"), at=at)
    first = version_of(lesson, says("The students listen quietly today"), at=at)
    second = version_of(lesson, says("The students argue quietly today"), at=at)
    publication = published(second, two.coach, two.partner, at=at, before=first)
    answer = client.get(f"/commons/{publication.pk}/").content.decode()
    assert "went:" in answer
    assert "argue" in answer
    assert "The students listen quietly today" in Page(answer).text


# Files


def test_published_pictures_are_open_and_nothing_else_is(client, two):
    at = timezone.now()
    lesson = lesson_of(two.partnership, two.partner, NASTY, at=at)
    shown, kept = picture_of(lesson, at=at), picture_of(lesson, at=at)
    version = version_of(lesson, NASTY, at=at)
    draft = proposed(version, by=two.coach, at=at, pictures={shown.pk: "nobody", kept.pk: "out"})
    for maker in (two.coach, two.partner):
        publishing.agree(draft, read=draft.asked_at, by=maker, at=at)
    [published_file] = draft.files.all()
    answer = client.get(f"/commons/files/{published_file.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Quirin" not in answer["Content-Disposition"]
    assert f"/commons/files/{published_file.pk}/" in client.get(f"/commons/{draft.pk}/").content.decode()
    publishing.retract(draft, by=two.coach, at=at)
    page(client, f"/commons/files/{published_file.pk}/", 404)


# To adopt, and to thank


def test_one_makes_it_ones_own_and_thanks(client, two):
    publication = out(two)
    stranger = client.post(f"/commons/{publication.pk}/adoption/", {"into": "alone"})
    assert stranger["Location"].startswith("/sign-in/")
    client.force_login(two.outsider)
    answer = client.post(f"/commons/{publication.pk}/adoption/", {"into": "alone", "thanks": "Ours <b>grew</b>"})
    mine = Lesson.objects.get(teacher=two.outsider)
    assert answer["Location"] == f"/lessons/{mine.pk}/"
    assert mine.adopted_from == publication
    assert f'href="/lessons/{mine.pk}/"' in client.get(f"/commons/{publication.pk}/").content.decode()
    assert "Ours" not in page(client, f"/commons/{publication.pk}/").text
    assert "Thanked" not in page(client, f"/commons/{publication.pk}/").text
    client.force_login(two.coach)
    seen = page(client, f"/commons/{publication.pk}/")
    assert "Thanked by 1" in seen.text
    assert "Ours <b>grew</b>" in seen.text
    assert two.outsider.name in seen.text
    home = page(client, "/").text
    assert f"{two.outsider.name} thanks you" in home
    adoption = Adoption.objects.get()
    client.force_login(two.outsider)
    assert client.post(f"/commons/thanks/{adoption.pk}/putting-away/").status_code == 403
    client.force_login(two.partner)
    client.post(f"/commons/thanks/{adoption.pk}/putting-away/")
    client.force_login(two.coach)
    assert "thanks you" not in page(client, "/").text


def test_only_into_what_is_hers(client, two):
    publication = out(two)
    client.force_login(two.outsider)
    for into in (str(two.partnership.pk), "", "0", "x"):
        answer = client.post(f"/commons/{publication.pk}/adoption/", {"into": into})
        assert answer.status_code == 422
    client.force_login(two.coach)
    client.post(f"/commons/{publication.pk}/adoption/", {"into": str(two.partnership.pk)})
    assert Lesson.objects.filter(partnership=two.partnership).count() == 2


def test_that_others_adopted_it_is_said_in_words_without_a_number(client, two):
    publication = out(two)
    assert "adopted by others" not in page(client, "/commons/").text
    for _time in range(2):
        publishing.adopt(publication, partnership=None, by=two.outsider, at=timezone.now())
    for path in ("/commons/", f"/commons/{publication.pk}/"):
        assert "adopted by others" in page(client, path).text
        assert two.outsider.given_name not in page(client, path).text


def test_what_was_made_from_it_names_its_source_while_that_is_there(client, two):
    source = out(two, credit="First makers")
    mine = publishing.adopt(source, partnership=None, by=two.outsider, at=timezone.now())
    second = published(version_of(mine, says("Mine", title="Mine"), at=timezone.now()), two.outsider, at=timezone.now())
    assert "First makers" in page(client, f"/commons/{second.pk}/").text
    assert f"/commons/{source.pk}/" in page(client, f"/commons/{second.pk}/").links
    publishing.retract(source, by=two.coach, at=timezone.now())
    assert "First makers" not in page(client, f"/commons/{second.pk}/").text
    assert f"/commons/{source.pk}/" not in page(client, f"/commons/{second.pk}/").links


# The feed


def feed(client, **headers):
    answer = client.get("/commons/feed/", **headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return answer, ElementTree.parse(io.BytesIO(answer.content)).getroot()


def test_the_feed_is_atom(client, two, settings):
    out(two, says("Words \x0b & <b>", title="Wörter & <x>"), credit="", subject="Art & <craft>", licence="by-nc")
    answer, root = feed(client)
    assert root.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated", "author"):
        assert len(root.findall(f"{ATOM}{needed}")) == 1
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": f"{settings.SITE_URL}/commons/", "self": f"{settings.SITE_URL}/commons/feed/"}
    [entry] = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Wörter & <x>"
    assert entry.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert entry.findtext(f"{ATOM}id") != root.findtext(f"{ATOM}id")
    assert entry.findtext(f"{ATOM}updated") == root.findtext(f"{ATOM}updated")
    assert "CC BY-NC 4.0" in entry.findtext(f"{ATOM}rights")
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "Teachers who wish not to be named"
    assert [one.get("term") for one in entry.findall(f"{ATOM}category")] == ["Art & <craft>", "7"]
    assert "&lt;b&gt;" in entry.findtext(f"{ATOM}summary")  # (a summary is HTML)
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert feed(client)[0].content == answer.content


def test_the_feed_is_not_sent_again_until_it_changed(client, two):
    publication = out(two, ago=5)
    answer, root = feed(client)
    for known in ({"HTTP_IF_NONE_MATCH": answer["ETag"]}, {"HTTP_IF_MODIFIED_SINCE": answer["Last-Modified"]}):
        assert client.get("/commons/feed/", **known).status_code == 304
    publishing.retract(publication, by=two.coach, at=timezone.now())
    changed = client.get("/commons/feed/", HTTP_IF_MODIFIED_SINCE=answer["Last-Modified"])
    assert changed.status_code == 200
    assert b"<entry" not in changed.content


def test_the_feed_is_the_same_in_any_language_and_for_anybody(client, two):
    out(two)
    stranger, _root = feed(client)
    client.force_login(two.outsider)
    again, _root = feed(client, HTTP_ACCEPT_LANGUAGE="ar")
    assert again.content == stranger.content
    assert "public" in again["Cache-Control"]


def test_the_feed_holds_fifty_and_costs_the_same_with_one(client, two, django_assert_num_queries):
    out(two)
    with django_assert_num_queries(4):
        feed(client)
    for number in range(1, 52):
        out(two, says(str(number)), ago=number)
    with django_assert_num_queries(4):
        _answer, root = feed(client)
    ids = [one.text for one in root.iter(f"{ATOM}id")]
    assert len(root.findall(f"{ATOM}entry")) == 50
    assert len(set(ids)) == 51


def test_a_copy_leads_to_where_it_came_from_while_that_is_there(client, two):
    publication = out(two, says("Words", title="Waves"))
    mine = publishing.adopt(publication, partnership=None, by=two.outsider, at=timezone.now())
    client.force_login(two.outsider)
    assert f"/commons/{publication.pk}/" in page(client, f"/lessons/{mine.pk}/").links
    publishing.retract(publication, by=two.coach, at=timezone.now())
    assert f"/commons/{publication.pk}/" not in page(client, f"/lessons/{mine.pk}/").links


def taken_along(client, lesson):
    """The words of a lesson as Markdown, as a web page and in print."""
    said = [client.get(f"/lessons/{lesson.pk}/lesson.{ending}").content for ending in ("md", "html", "pdf")]
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(said[2])).pages)
    # (in print a long address may go over to the next line anywhere)
    return [
        "".join(one.replace("\u200b", "").split()) for one in (said[0].decode(), Page(said[1].decode()).text, printed)
    ]


def test_a_copy_that_is_taken_along_names_its_makers_and_its_licence(client, two):
    publication = out(two, says("Words", title="Waves"), licence="by-nc-sa", credit="Two of <us>")
    mine = publishing.adopt(publication, partnership=None, by=two.outsider, at=timezone.now())
    client.force_login(two.outsider)
    for said in taken_along(client, mine):
        assert said.count("by-nc-sa/4.0/") == 1
        assert "CCBY-NC-SA4.0" in said
        assert "Madefrom“Waves”" in said
        assert "Twoof" in said
    publishing.retract(publication, by=two.coach, at=timezone.now())
    for said in [*taken_along(client, mine), page(client, f"/lessons/{mine.pk}/").text.replace(" ", "")]:
        assert "CCBY-NC-SA4.0" in said
        assert "takenbacksince" in said
        assert "Twoof" not in said
    client.force_login(two.coach)
    assert not any("Madefrom" in said for said in taken_along(client, publication.lesson))
