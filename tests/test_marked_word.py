"""A marked word goes through every form. Then it is looked for wherever the product could have left it.

What teachers write lies sealed, and nothing derived from it in the clear. Only names of people and places, and what
is published on purpose, may be found.
"""

import inspect
import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.db import connection

from sidebyside.base import vault
from sidebyside.base.models import Event
from sidebyside.materials.words import WORDS
from sidebyside.people.models import Person
from tests.crawling import clear_away, every_address, furnish, nothing, sealed_fields
from tests.searching import Log, where_is
from tests.sending import Sender

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

SECRET, OPEN = "Quittenmond", "Lindenpfad"

# Names of people and places, and what is published on purpose: the fields, and why they may be read.
OPEN_FIELDS: dict[tuple[str, str], str] = {
    ("new_place", "name"): "the name of a place",
    ("place_name", "name"): "the name of a place",
    ("owners", "given_name"): "the name of a person",
    ("owners", "family_name"): "the name of a person",
    ("owners", "email"): "the address of a person, to which her link goes",
    ("me", "given_name"): "the name of a person",
    ("me", "family_name"): "the name of a person",
    ("me", "about"): "what she wants others to know of her",
    ("begin_programme", "name"): "the name of a programme",
    ("programme_settings", "settings-name"): "the name of a programme",
    ("programme_goals", "goal-text"): "the goals of a place are for everybody who works there",
    ("rosters", "source"): "the name of a roster's source",
    ("book_visit", "room"): "where a visit is: a place, no more, in calendars and mails",
    ("rebook_visit", "room"): "where a visit is: a place, no more, in calendars and mails",
    ("meet", "room"): "where a meeting is: a place, no more, in calendars and mails",
    ("cover_substitutes", "substitute-name"): "the name of a person",
    ("appointment_move", "room"): "a place, of which its hint says that it goes into calendars and mails",
    ("timetable_import", "name"): "the name of a timetable, which hangs in the staff room",
    ("timetable_dates", "name"): "the name of a timetable, which hangs in the staff room",
    ("school_terms", "name"): "the name of a term",
    ("own_week_words", "what"): "the class or subject of a lesson, as a timetable at the school says it",
    ("own_week_words", "room"): "the room of a lesson, as a timetable at the school says it",
    **dict.fromkeys(
        [
            *((address, field) for address in ("new_list", "framework_text") for field in ("title", "text")),
            ("new_package", "file"),
        ],
        "the list of standards of a place is for everybody who works there",
    ),
}
# Here each field is a word of the programme, for everybody.
OPEN_ADDRESSES = {"programme_words": "the words that a place has for what it does"}

# Addresses that take a form which nobody of the test world is shown, and why.
NEVER_SHOWN: dict[str, str] = {
    "cover_answer": "stands behind the secret in a mail (tests/web/cover/test_answering.py)",
    "cover_thanks": "stands there once the lesson has begun (tests/web/cover/test_choosing.py)",
    **dict.fromkeys(
        ("cover_asking", "cover_choice", "cover_lock", "cover_proposal", "cover_sending", "cover_unlock"),
        "stands on a day of the desk on which somebody is needed (tests/web/cover/test_desk.py)",
    ),
    "cover_withdrawal": "stands on a day of the desk on which somebody was asked (tests/web/cover/test_desk.py)",
    "answer": "stands behind the secret in an invitation (tests/web/calendars/test_feeds.py)",
    "package_removal": "stands beside the form that takes the list in (tests/web/standards/test_standards_pages.py)",
    "member_parting": "asks a team of which one has left (tests/web/partnerships/test_pages.py)",
    "first_run": "opens on an empty installation alone (tests/web/entrance/test_first_run.py)",
    "enter": "stands behind the secret of a link (tests/web/entrance/test_sign_in.py)",
    "entry": "stands behind the secret of a link (tests/web/entrance/test_sign_in.py)",
}

# Forms that nothing but a secret satisfies.
NEVER_ACCEPTED = {"sign_in_code", "sign_in_password"}

ROSTER = f"""\
email,given_name,family_name,place,role,remark
neu@example.org,{OPEN}given,{OPEN}family,{OPEN} School,teacher,{SECRET} remark
""".encode()


@pytest.fixture(scope="module")
def open_fields():
    words = [(name, field) for name in OPEN_ADDRESSES for field in _fields_of_words()]
    return {*OPEN_FIELDS, *words}


def _fields_of_words():
    return [f"{key}_{form}" for key in WORDS for form in ("one", "many")]


@pytest.mark.longest
def test_only_names_and_what_is_published_are_found(world, open_fields):
    furnish(world)
    with Log() as log:
        sender = Sender(world, SECRET, OPEN, open_fields, roster=ROSTER)
        for who in sender.visitors:
            sender.walk(who)
        sender.send_everything()
        # A roster waits in its file for a day, until the programme lead decides about it.
        clear_away()

        nothing(sender.faults)
        assert len(sender.sent_as) > 300
        nothing(_where(SECRET, sender, log))
        # The search finds: what is published is there.
        assert any("places_place.name" in found for found in where_is(OPEN))
        assert any("materials_placegoal.text" in found for found in where_is(OPEN))
        assert any("materials_programme.words" in found for found in where_is(OPEN))

    _every_address_was_tried(sender)
    # The words arrived: the sealed texts hold them.
    arrived = _arrived()
    assert len(arrived) >= 12
    assert ("CoverRequest", "notes") in arrived


def _where(word, sender, log):
    """Where the word stands, with the forms that brought it there."""
    found = where_is(word, log)
    found += [f"came back: {kept}" for kept in sender.came_back if word.lower() in kept.lower()]
    found += [f"title: {title}" for title in sender.titles if word.lower() in title.lower()]
    marked = {one for line in found for one in re.findall(rf"{word}\d{{4,}}", line, re.IGNORECASE)}
    return [*found, *(f"{one} was sent by {sender.sent_as.get(one.title())}" for one in sorted(marked))]


def _every_address_was_tried(sender):
    """Each address that takes a form was found on a page, sent to, and once accepted."""
    taking = {one.name for one in every_address() if "POST" in inspect.getsource(inspect.unwrap(one.view))}
    assert len(taking) > 60
    found = {kind[0] for kind, _found in sender.kinds.items() if kind[3]}
    nothing(f"no page shows a form for {name}" for name in taking - found - set(NEVER_SHOWN))
    refused = found - sender.accepted - set(NEVER_SHOWN) - NEVER_ACCEPTED
    nothing(f"{name} was never accepted: {sender.answers.get(name)}" for name in refused)


def _arrived():
    """The sealed fields in which a marked word lies."""
    holding = set()
    for model in apps.get_models():
        names = sealed_fields(model)
        for row in vault.opened(model._default_manager.all(), *names) if names else []:
            holding |= {(model.__name__, name) for name in names if SECRET in str(getattr(row, name))}
    return holding


# The search can find


def _in_a_plain_column(word):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    Event.objects.create(kind="test.leaked", about="Note", about_id=1, at=at, particulars={"text": word})


def _in_what_somebody_says_of_herself(word):
    Person.objects.create(given_name="A", email="a@example.org", about=f"before {word.upper()} after")


def _in_a_column_of_bytes(word):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE leaked (held %s)" % ("bytea" if connection.vendor == "postgresql" else "blob"))
        cursor.execute("INSERT INTO leaked VALUES (%s)", [word.encode()])


def _in_a_session(word):
    session = SessionStore()
    session["text"] = [word]
    session.save()


def _in_a_mail(word):
    mail.EmailMessage("A subject", f"é {word}", to=["a@example.org"]).send()


def _in_a_file(word):
    from django.conf import settings

    settings.MEDIA_ROOT.mkdir(exist_ok=True)
    (settings.MEDIA_ROOT / "leaked.bin").write_bytes(b"\0" + word.encode() + b"\xff")


@pytest.mark.parametrize(
    "leak",
    [
        _in_a_plain_column,
        _in_what_somebody_says_of_herself,
        _in_a_column_of_bytes,
        _in_a_session,
        _in_a_mail,
        _in_a_file,
    ],
)
def test_a_leak_is_found(leak, settings):
    word = f"leak{leak.__name__}"
    assert where_is(word) == []
    try:
        leak(word)
        assert where_is(word) != []
    finally:
        (settings.MEDIA_ROOT / "leaked.bin").unlink(missing_ok=True)
        if leak is _in_a_column_of_bytes:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE leaked")


def test_a_leak_in_the_database_file_is_found_after_its_row_is_gone():
    """What is deleted may still stand in the file of SQLite, or in what was written ahead. PostgreSQL keeps its own."""
    _in_a_plain_column("leakthatwasdeleted")
    Event.objects.all().delete()
    found = any(found.startswith("file: ") for found in where_is("leakthatwasdeleted"))
    assert found == (connection.vendor == "sqlite")


def test_a_leak_in_the_log_is_found():
    import logging

    with Log() as log:
        logging.getLogger("django.request").info("said %s", "leakinthelog")
        logging.getLogger("sidebyside.new").debug("leakdeeper")
    assert where_is("leakinthelog", log)
    assert where_is("leakdeeper", log)
