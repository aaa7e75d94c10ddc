"""Me: profile, password, sessions; and taking one's own work along."""

import io
import json
import zipfile

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from sidebyside.calendars.actions.connections import add_calendar
from sidebyside.journals.models import Entry
from sidebyside.people import actions
from sidebyside.people.models import Person
from sidebyside.places.actions import end_post
from sidebyside.places.models import Post

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
GIVEN = {"given_name": "Ana", "family_name": "Sousa", "about": "", "language": "", "theme": "dark"}
PASSWORD = "four words in a row"


@pytest.fixture
def as_ana(client, world):
    client.force_login(world.ana)
    return client


def test_the_page_names_roles_and_what_each_shows(client, world):
    client.force_login(world.fatima)
    page = client.get("/me/").content.decode()
    for words in ("Facilitator, ", "School leader, ", "Cover desk, ", "Quay School", "You see nothing they write."):
        assert words in page
    assert "Programme lead" not in page
    assert "Owner of" not in page


def test_an_owner_is_asked_for_a_second_one(client, world):
    client.force_login(world.kofi)
    assert "A second owner is wanted" in client.get("/me/").content.decode()
    actions.make_owner(world.ana, by=world.kofi, at=timezone.now())
    assert "A second owner is wanted" not in client.get("/me/").content.decode()


def test_a_profile_is_saved(as_ana, world):
    assert as_ana.post("/me/", {**GIVEN, "about": "‏fractions 🙂"}).status_code == 302
    page = as_ana.get("/me/").content.decode()
    assert 'data-theme="dark"' in page
    assert "‏fractions 🙂" in page


@pytest.mark.parametrize("field", list(GIVEN))
@pytest.mark.parametrize("typed", ["\0", "x" * 100_000])
def test_anything_may_be_typed(as_ana, world, field, typed):
    assert as_ana.post("/me/", {**GIVEN, field: typed}).status_code == 422
    assert Person.objects.get(pk=world.ana.pk).theme == "system"


def test_half_a_character_is_kept_out(as_ana, world):
    body = b"given_name=%ED%A0%80&family_name=&about=&language=&theme=dark"
    as_ana.post("/me/", body, content_type="application/x-www-form-urlencoded")
    Person.objects.get(pk=world.ana.pk).given_name.encode()


def test_markup_is_shown_as_text(as_ana):
    as_ana.post("/me/", {**GIVEN, "about": "<script>alert(1)</script>", "given_name": "<b>A"})
    page = as_ana.get("/me/").content.decode()
    assert "<script>alert" not in page
    assert "<b>A" not in page


def test_nobody_is_changed_by_somebody_else(client, world):
    client.force_login(world.ben)
    client.post("/me/", {**GIVEN, "person": world.ana.pk, "pk": world.ana.pk})
    assert Person.objects.get(pk=world.ana.pk).theme == "system"


# Passwords and sessions


def test_a_password_is_set_and_ends_other_sessions(as_ana, world):
    other = Client()
    other.force_login(world.ana)
    assert as_ana.post("/me/password/", {"new": PASSWORD}).status_code == 302
    assert as_ana.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
    assert Client().post("/sign-in/password/", {"email": "ana@example.org", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("new", ["", "short", "password1234", "ana@example.org", "\0" * 12, "x" * 100_000])
def test_a_weak_password_is_refused(as_ana, world, new):
    assert as_ana.post("/me/password/", {"new": new}).status_code == 422
    assert not Person.objects.get(pk=world.ana.pk).has_password


def test_the_present_password_is_asked_for_and_cannot_be_guessed(world):
    actions.set_password(world.ana, new=PASSWORD, by=world.ana, at=world.at)
    client = Client()
    client.post("/sign-in/password/", {"email": "ana@example.org", "password": PASSWORD})
    new = "another four words here"
    assert client.post("/me/password/", {"new": new}).status_code == 422
    for _number in range(10):
        assert client.post("/me/password/", {"present": "wrong", "new": new}).status_code == 422
    assert client.post("/me/password/", {"present": PASSWORD, "new": new}).status_code == 422
    assert Person.objects.get(pk=world.ana.pk).check_password(PASSWORD)


def test_signing_out_everywhere_leaves_this_session(as_ana, world):
    other = Client()
    other.force_login(world.ana)
    assert as_ana.get("/me/sessions/end/").status_code == 405
    as_ana.post("/me/sessions/end/")
    assert as_ana.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


# Her work


def work_of(client):
    answer = client.get("/me/work/file/")
    assert "no-store" in answer["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    pieces = json.loads(archive.read("my-work.json"))["pieces"]
    page = archive.read("my-work.html").decode()
    return pieces, page, " ".join(text for piece in pieces for text in piece["texts"].values())


def test_she_takes_what_she_wrote_and_what_they_wrote_together(as_ana, world):
    pieces, page, words = work_of(as_ana)
    kinds = {piece["kind"] for piece in pieces}
    assert {"agreement", "goal", "note", "scratchnote", "sheet", "step"} <= kinds
    assert "You want every pupil to hold a position" in words
    assert "You want every pupil to hold a position" in page
    assert "Wait longer after a question" in words
    assert "Fractions that pupils can argue about" in words
    assert {"lesson", "lessonversion", "remark"} <= kinds
    assert "Four jugs stand in front" in words
    assert "When do your pupils have to decide something" in words
    assert any(piece["partners"] == "Ben Okafor" for piece in pieces)


def test_what_others_wrote_stays_with_them(client, world):
    client.force_login(world.ben)
    _pieces, page, words = work_of(client)
    assert "The quick ones finish" in words
    assert "Never, now that I see it written down" in words
    hers = ("You want every pupil to hold a position", "Wait longer after a question", "When do your pupils have to")
    for secret in hers:
        assert secret not in words
        assert secret not in page


@pytest.mark.parametrize("who", ["lena", "mai", "dara", "emre", "ines", "jonas", "kofi"])
def test_outsiders_take_nothing_of_theirs(client, world, who):
    client.force_login(getattr(world, who))
    pieces, _page, words = work_of(client)
    assert not [piece for piece in pieces if piece["partners"]]
    assert "Four jugs" not in words
    assert not {piece["kind"] for piece in pieces} & {"note", "goal", "sheet", "agreement", "scratchnote"}


def test_a_leaver_takes_her_work(client, world):
    for post in Post.objects.filter(person=world.ben, to_date=None):
        end_post(post, on=timezone.localdate(), at=timezone.now())
    client.force_login(Person.objects.get(pk=world.ben.pk))
    assert "Take my work" in client.get("/").content.decode()
    _pieces, _page, words = work_of(client)
    assert "The quick ones finish" in words


def test_what_she_removed_is_not_in_it(as_ana, world):
    Entry.objects.create(
        author=world.ana,
        partnership=world.ana_and_ben,
        cycle=world.ana_and_ben_cycle,
        text="A thought put away",
        written_at=world.at,
        changed_at=world.at,
        removed_at=world.at,
        removed_by=world.ana,
    )
    assert "A thought put away" not in work_of(as_ana)[2]


def test_the_file_name_and_the_page_hold_no_text(as_ana, world):
    answer = as_ana.get("/me/work/file/")
    assert answer["Content-Disposition"].startswith('attachment; filename="my-work-2')
    assert "hold a position" not in as_ana.get("/me/work/").content.decode()


def test_it_is_asked_for_with_a_sign_in(client, world):
    for address in ("/me/", "/me/work/", "/me/work/file/", "/me/password/"):
        assert client.get(address)["Location"].startswith("/sign-in/")


def test_she_takes_her_calendar_and_no_address_of_another(as_ana, world):
    add_calendar(world.ana, address="https://calendar.example.org/secret-of-ana.ics", by=world.ana, at=world.at)
    archive = zipfile.ZipFile(io.BytesIO(as_ana.get("/me/work/file/").content))
    found = Calendar.from_ical(archive.read("my-calendar.ics"))
    assert len(found.walk("VEVENT")) == 6
    assert not any(b"secret-of-ana" in archive.read(name) for name in archive.namelist())


def test_pages_without_room_at_the_top_stand_on_her_own(client, world):
    """Fatima is facilitator, school leader and cover desk: five links have room at the top."""
    client.force_login(world.fatima)
    page = client.get("/me/").content.decode()
    assert page.count('href="/cover/"') == 1
    for href in ("/partnerships/", "/leader/", "/calendar/", "/facilitator/"):
        assert f'href="{href}"' in page
