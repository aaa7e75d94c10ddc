"""Signing in: the same for known and unknown, safe against scanners, guessing, forged hosts and foreign addresses."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sidebyside.people import actions
from sidebyside.people.models import Attempt, EntryPass, Person

pytestmark = pytest.mark.django_db
HOSTILE = ["\0", "a\0b@example.org", "x" * 100_000, "a@b" * 30_000, "‮", "<script>alert(1)</script>", "%00", "' or 1=1"]
PASSWORD = "four words in a row"


def link_in(message):
    return re.search(r"https?://\S+/enter/\S+", message.body)[0]


def secret_of(client, address="ana@example.org", **more):
    client.post("/sign-in/", {"email": address, **more})
    return link_in(mail.outbox[-1]).removeprefix(settings.SITE_URL)


def is_in(client):
    return "_auth_user_id" in client.session


def press(client, page, **more):
    """Press the button of a link's page."""
    fields = dict(re.findall(r'name="(secret|next)" value="([^"]*)"', page.content.decode()))
    return client.post("/enter/", {**fields, **more})


# By link


def test_a_link_brings_her_in_by_one_button(client, world):
    page = client.get(secret_of(client))
    assert not is_in(client)
    assert "Ana Sousa" in page.content.decode()
    assert press(client, page).status_code == 302
    assert client.get("/me/").status_code == 200


def test_the_answer_is_the_same_for_an_address_nobody_has(client, world):
    known = client.post("/sign-in/", {"email": "ana@example.org"}, follow=True)
    unknown = Client().post("/sign-in/", {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]


def test_the_work_before_the_answer_is_the_same_for_an_address_nobody_has(client, world, settings, monkeypatch):
    asked = []
    settings.WORKS_LATER = True
    monkeypatch.setattr("sidebyside.web.entrance.views.later", lambda act, **particulars: asked.append(act.__name__))
    numbers = []
    for address in ("ana@example.org", "nobody@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post("/sign-in/", {"email": address})
        numbers.append([query["sql"].split(" ")[0] for query in queries])
    assert numbers[0] == numbers[1]
    assert asked == ["send_link", "send_link"]


def test_looking_at_a_link_uses_nothing_up(client, world):
    address = secret_of(client)
    for scanner in (Client(), Client()):
        assert scanner.get(address).status_code == 200
        assert scanner.head(address).status_code == 200
        assert not is_in(scanner)
    assert EntryPass.objects.get().used_at is None


def test_a_used_link_says_so_and_offers_a_new_one(client, world):
    address = secret_of(client)
    page = client.get(address)
    press(client, page)
    other = Client()
    for answer in (other.get(address), press(other, page)):
        assert answer.status_code == 410
        assert "has been used" in answer.content.decode()
        assert 'href="/sign-in/"' in answer.content.decode()
    assert not is_in(other)


def test_an_old_link_says_so(client, world):
    address = secret_of(client)
    EntryPass.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get(address)
    assert answer.status_code == 410
    assert "too old" in answer.content.decode()


@pytest.mark.parametrize("secret", ["x", "A" * 4_000, "%00", "%ED%A0%80", "%E2%80%AE", "..%2F..", "AAAA-AAAA-AAAA"])
def test_a_wrong_link_says_so(client, world, secret):
    answer = client.get(f"/enter/{secret}/")
    assert answer.status_code == 404
    assert "link" in answer.content.decode()
    assert client.post("/enter/", {"secret": secret}).status_code == 404
    assert not is_in(client)


def test_a_button_without_a_secret_says_so(client, world):
    assert client.post("/enter/").status_code == 404


def test_a_code_is_no_link_to_look_at_but_a_way_in(client, world):
    Person.objects.filter(pk=world.ana.pk).update(email=None)
    ((_person, codes),) = actions.print_codes([world.ana], by=world.ines, at=timezone.now())
    answer = client.post("/sign-in/code/", {"code": codes[0].lower().replace("-", " ")})
    assert answer.status_code == 302
    assert client.get("/me/").status_code == 200
    again = Client().post("/sign-in/code/", {"code": codes[0]})
    assert again.status_code == 422
    assert "has been used" in again.content.decode()


def test_the_mail_points_here_whatever_host_was_asked(client, world):
    client.post("/sign-in/", {"email": "ana@example.org"}, headers={"host": "localhost:9"})
    assert link_in(mail.outbox[0]).startswith(settings.SITE_URL + "/enter/")
    assert Client().post("/sign-in/", {"email": "ana@example.org"}, headers={"host": "evil.example"}).status_code == 400


def test_five_links_an_hour_then_a_sentence_for_everybody(client, world):
    for address in ("ana@example.org", "nobody@example.org"):
        for _number in range(5):
            assert client.post("/sign-in/", {"email": address}).status_code == 302
        refused = client.post("/sign-in/", {"email": address.upper()})
        assert refused.status_code == 422
        assert "wait a while" in refused.content.decode()
    assert len(mail.outbox) == 5


def test_a_failing_mail_server_changes_no_answer_and_writes_no_address(client, world, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert client.post("/sign-in/", {"email": "ana@example.org"}).status_code == 302
    assert "send_link failed" in caplog.text
    assert "ana@" not in caplog.text


# By password


@pytest.fixture
def ana(world):
    actions.set_password(world.ana, new=PASSWORD, by=world.ana, at=world.at)
    return world.ana


def with_password(client, email="ana@example.org", password=PASSWORD, **more):
    return client.post("/sign-in/password/", {"email": email, "password": password, **more})


def test_a_password_brings_her_in(client, ana):
    assert with_password(client, " Ana@Example.org ").status_code == 302
    assert is_in(client)


def test_wrong_is_wrong_for_known_and_unknown(client, ana, world):
    answers = [
        with_password(Client(), email, "wrong") for email in ("ana@example.org", "ben@example.org", "no@example.org")
    ]
    assert {answer.status_code for answer in answers} == {422}
    plain = [re.sub(r'(?s)value="[^"]*"', "", answer.content.decode()) for answer in answers]
    assert plain[0] == plain[1] == plain[2]


def test_nobody_gets_in_with_the_password_that_was_never_set(client, world):
    Person.objects.filter(pk=world.ben.pk).update(password="")
    for email in ("ben@example.org", "chen@example.org"):
        for password in ("", " ", "!", "None"):
            assert with_password(client, email, password).status_code == 422


def test_guessing_ends_after_ten_even_with_the_right_one(client, ana):
    for number in range(10):
        with_password(Client(), password=f"guess {number}")
    refused = with_password(client)
    assert refused.status_code == 422
    assert not is_in(client)
    assert "wait a while" in refused.content.decode()
    assert "example" not in str(list(Attempt.objects.values()))


def test_a_password_is_not_shown_again(client, ana):
    assert "not-hers" not in with_password(client, password="not-hers").content.decode()


# Sessions


def test_the_session_gets_a_new_key(client, ana):
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    with_password(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert not Client().session.exists(planted)


def test_the_next_person_finds_nothing_of_the_one_before(client, ana, world):
    client.force_login(world.ben)
    session = client.session
    session["left"] = "something"
    session.save()
    with_password(client)
    assert "left" not in client.session
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_a_shared_computer_forgets(client, ana):
    with_password(client, shared="on")
    assert client.session.get_expire_at_browser_close()
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
    assert "data-shared" in client.get("/me/").content.decode()
    with_password(client)
    assert not client.session.get_expire_at_browser_close()
    assert "data-shared" not in client.get("/me/").content.decode()


def test_signing_out_is_a_post_and_ends_the_session(client, world):
    client.force_login(world.ana)
    key = client.session.session_key
    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)
    client.post("/sign-out/")
    assert not Client().session.exists(key)
    assert client.get("/me/").status_code == 302


def test_a_form_from_elsewhere_is_refused_with_a_page_of_ours(world):
    strict = Client(enforce_csrf_checks=True)
    for address in ("/sign-in/", "/sign-in/code/", "/sign-in/password/", "/enter/", "/sign-out/"):
        answer = strict.post(address, {"email": "ana@example.org"})
        assert answer.status_code == 403
        assert "once more" in answer.content.decode()
    assert not mail.outbox


# Where she goes on to


GOOD = ["/me/", "/partnerships/?open=1", "/me/#roles"]
BAD = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "javascript:alert(1)", "evil", "/\n/evil.example", "/\0", " //evil.example", "/" + "a" * 100_000,
    "http:///evil.example", "\x09//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("wanted", GOOD)
def test_she_goes_on_to_the_page_she_wanted(client, ana, wanted):
    assert with_password(client, next=wanted)["Location"] == wanted
    other = Client()
    assert press(other, other.get(secret_of(other, next=wanted)))["Location"] == wanted


@pytest.mark.parametrize("wanted", BAD)
def test_nobody_is_led_elsewhere(client, ana, wanted):
    assert with_password(client, next=wanted)["Location"] == "/"
    assert client.get("/sign-in/", {"next": wanted})["Location"] == "/"
    other = Client()
    page = other.get(secret_of(other, next=wanted))
    assert press(other, page, next=wanted)["Location"] == "/"


# What people and programs type


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("address", ["/sign-in/", "/sign-in/code/", "/sign-in/password/"])
def test_anything_may_be_typed(client, world, address, typed):
    fields = {"email": typed, "password": typed, "code": typed, "shared": typed, "next": typed}
    assert client.post(address, fields).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("address", ["/sign-in/", "/sign-in/code/", "/sign-in/password/", "/enter/"])
def test_half_a_character_is_refused(client, world, address):
    body = b"email=%ED%A0%80@example.org&password=%ED%A0%80&code=%ED%A0%80&secret=%ED%A0%80&next=%ED%A0%80"
    answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (404, 422)


def test_a_form_sent_twice_sends_one_mail(client, world):
    for _time in range(2):
        assert client.post("/sign-in/", {"email": "ana@example.org", "once": "mark"})["Location"] == "/link-sent/"
    assert len(mail.outbox) == 1


def test_pages_of_the_entrance_are_in_no_cache(client, ana):
    for address in ("/sign-in/", "/sign-in/code/", "/sign-in/password/", secret_of(client)):
        assert "no-store" in client.get(address)["Cache-Control"]


# Leavers


@pytest.mark.parametrize(("days", "comes_in"), [(59, True), (61, False)])
def test_a_leaver_comes_in_for_sixty_days(client, ana, days, comes_in):
    client.force_login(ana)
    Person.objects.filter(pk=ana.pk).update(left_at=timezone.now() - timedelta(days=days))
    assert (client.get("/me/").status_code == 200) is comes_in
    page = client.get("/me/").content.decode()
    assert ("Your work here has ended" in page) is comes_in
    fresh = Client()
    answer = with_password(fresh)
    assert answer.status_code == (302 if comes_in else 422)
    assert ("Your work here ended" in answer.content.decode()) is not comes_in
    page = fresh.get(secret_of(fresh)) if not comes_in else None
    if page:
        assert press(fresh, page).status_code == 409
    assert is_in(fresh) is comes_in


def test_a_programme_settles_how_long(client, ana, world):
    world.northshore.programme.days_for_leavers = 5
    world.northshore.programme.save()
    Person.objects.filter(pk=ana.pk).update(left_at=timezone.now() - timedelta(days=6))
    assert with_password(client).status_code == 422
