"""Two browsers and a real server: what is written arrives, what must not be written is not."""

import gzip
import threading
import time

import brotli
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from pycrdt import Map, Text, write_var_uint
from websockets.exceptions import InvalidStatus

from sidebyside.base import vault
from sidebyside.base.live import documents, frames, rooms, seats
from sidebyside.base.live.models import LiveUpdate
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions import lessons as acts
from sidebyside.partnerships.actions.leaving import leave
from sidebyside.people.actions.profiles import sign_out_everywhere
from sidebyside.web.lessons import live
from tests.base.live import yjs
from tests.web.lessons.sockets import PART, Browser, serving, signed_in, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

# Bytes that the library reads and then falls over: "index out of bounds" in its own store.
PANIC = bytes.fromhex(
    "01030180808080ffffffff0727010570617274730161012800010d046b696e640177047461736b2800010d05706c616365017c3f80000000"
)


@pytest.fixture(scope="module")
def port(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), serving() as port:
        yield port


@pytest.fixture
def lesson(world):
    return acts.begin(
        partnership=world.ana_and_ben, teacher=world.ben, title="Fractions", about="", by=world.ana, at=timezone.now()
    )


@pytest.fixture
def browser(port, lesson):
    """Opens the lesson as somebody."""
    opened = []

    def come(person, session=None, **particulars):
        opened.append(Browser(port, lesson.pk, session or signed_in(person), **particulars).open())
        return opened[-1]

    yield come
    for each in opened:
        each.close()
    # The tables are emptied next: PostgreSQL finds two at odds when a document is still being put away.
    until = time.monotonic() + 20
    while not all(one.is_quiet for one in rooms.running) and time.monotonic() < until:
        time.sleep(0.01)


def text_of(lesson):
    """What is written down, in the words of the Yjs document."""
    found = Browser(0, lesson.pk, "")
    found.doc.apply_update(documents.state_of(lesson.document))
    return found.text()


def hears(browser, words):
    browser.until(lambda: words in browser.text())


# Together


def test_two_who_write_at_once_read_the_same(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    ana.type("Which half is larger?")
    ben.type("Fold the paper.")
    hears(ana, "Fold")
    hears(ben, "Which half")
    ana.is_safe()
    ben.is_safe()
    assert ana.text() == ben.text() == text_of(lesson)


def test_who_comes_back_brings_what_she_wrote_alone_and_gets_what_others_did(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    ben.close()
    ben.type("On the train.", send=False)
    ana.type("In the staff room.")
    ana.is_safe()
    ben.open().is_in()
    ben.change(ben.difference)
    ben.is_safe()
    hears(ana, "On the train.")
    assert ana.text() == ben.text() == text_of(lesson)


@pytest.mark.parametrize(("compression", "read"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_the_state_is_one_compressed_update(world, browser, lesson, compression, read):
    ana = browser(world.ana).is_in()
    ana.type("a half " * 400)
    ana.is_safe()
    status, headers, body = ana.state(f"deflate, {compression}")
    assert (status, headers["Content-Type"]) == (200, "application/octet-stream")
    assert headers["Content-Encoding"] == compression
    assert "no-store" in headers["Cache-Control"]
    assert "Accept-Encoding" in headers["Vary"]
    assert len(body) < 1_000
    again = Browser(0, lesson.pk, "")
    again.doc.apply_update(read(body))
    assert again.text() == ana.text()


def test_a_change_of_a_plain_page_is_seen_at_once_and_loses_no_word(world, browser, lesson):
    ana = browser(world.ana).is_in()
    ana.type("Hers.")

    def change(doc):
        lesson_text.add_standard(doc, lesson_text.ChosenStandard("u1", "3.NF.1", "Understand a fraction"))

    acts.change_text(lesson, change, by=world.ben, at=timezone.now())
    ana.until(lambda: lesson_text.read(ana.doc).standards)
    ana.is_safe()
    assert "Hers." in text_of(lesson)


def test_news_and_who_is_here(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    live.tell(lesson, "remarks")
    ana.until(lambda: ana.said("news"))
    assert ana.said("news") == [{"type": "news", "of": "remarks"}]
    names = {person["id"]: person["name"] for person in ana.said("who")[-1]["people"]}
    assert names == {world.ana.pk: world.ana.name, world.ben.pk: world.ben.name}
    ben.close()
    ana.until(lambda: len(ana.said("who")[-1]["people"]) == 1)


def cursor(client, state='{"cursor":{"anchor":1}}'):
    written = state.encode()
    return bytes((frames.CURSOR, 1)) + write_var_uint(client) + b"\x01" + write_var_uint(len(written)) + written


def test_cursors_pass_with_the_name_the_server_knows(world, browser):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    ben.send(cursor(77))
    ana.until(lambda: any(isinstance(message, bytes) for message in ana.heard))
    assert [message for message in ana.heard if isinstance(message, bytes)] == [
        frames.cursor(world.ben.pk, cursor(77)[1:])
    ]
    ana.until(lambda: {"id": world.ben.pk, "name": world.ben.name, "clients": [77]} in ana.said("who")[-1]["people"])
    # A second browser of hers, one that would move Ben's cursor, and such as say nothing.
    ana.send(cursor(77, '{"cursor":"Ben\'s, by Ana"}'))
    for wrong in (cursor(5, "x" * 5_000), cursor(5, "[1]"), cursor(5, "{"), b"\x04\x02", b"\x04" + b"\xff" * 60):
        ben.send(wrong)
    ben.type("After them.")
    hears(ana, "After them.")
    ana.type("Hers.")
    hears(ben, "Hers.")
    assert not [message for message in ben.heard if isinstance(message, bytes)]
    # Who comes later sees where everybody is.
    later = browser(world.ana)
    later.until(lambda: any(isinstance(message, bytes) for message in later.heard))


# Who may


def test_outsiders_and_who_is_not_signed_in_are_told_why(world, browser, lesson, port):
    wanted = {
        None: seats.SIGNED_OUT,
        world.goran: seats.NOT_THERE,
        world.dara: seats.NOT_THERE,
        world.ines: seats.NOT_THERE,
        world.olu: seats.NOT_THERE,
    }
    for person, code in wanted.items():
        session = signed_in(person) if person else "madeupmadeupmadeupmadeupmadeup12"
        assert browser(person, session).is_closed() == code
    assert Browser(port, lesson.pk, signed_in(world.goran)).state()[0] == 404
    assert Browser(port, lesson.pk, "").state()[0] == 302
    assert Browser(port, 10**17, signed_in(world.ana)).open().is_closed() == seats.NOT_THERE


def test_a_page_of_elsewhere_opens_no_socket(world, lesson, port):
    for origin in ("https://evil.example", f"http://localhost:{port + 1}", "http://localhost", "null"):
        with pytest.raises(InvalidStatus):
            Browser(port, lesson.pk, signed_in(world.ana), origin=origin).open()


def test_no_other_address_is_a_socket(world, port):
    ana = Browser(port, "nothing", signed_in(world.ana))
    with pytest.raises(InvalidStatus):
        ana.open()


def test_what_is_written_after_leaving_is_not_kept(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    leave(world.ana_and_ben, by=world.ana, at=timezone.now())
    ana.type("A second too late.")
    assert ana.is_closed() == seats.NOT_YOURS
    assert ana.safe == 0
    assert "too late" not in text_of(lesson)
    assert "too late" not in ben.text()
    assert ana.open().is_closed() in (seats.NOT_YOURS, seats.NOT_THERE)


def test_sockets_close_by_themselves_when_the_teacher_leaves(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    leave(world.ana_and_ben, by=world.ben, at=timezone.now())
    assert (ana.is_closed(), ben.is_closed()) == (seats.NOT_YOURS, seats.NOT_YOURS)
    assert ben.state()[0] == 403  # he reads his own lesson still, and writes in it no more


def test_signed_out_here_and_everywhere(world, browser, lesson):
    here, there = browser(world.ana).is_in(), browser(world.ben).is_in()
    Session.objects.filter(pk=here.session).delete()
    here.type("Signed out.")
    assert here.is_closed() == seats.SIGNED_OUT
    sign_out_everywhere(world.ben, by=world.ben, at=timezone.now())
    there.type("Signed out everywhere.")
    # (who is in the room of somebody whose change was thrown away is sent away with her, and comes back)
    if there.is_closed() == seats.GONE_AWAY:
        assert there.open().is_closed() == seats.SIGNED_OUT
    assert "Signed out" not in text_of(lesson)


def test_a_removed_lesson_closes(world, browser, lesson):
    ana = browser(world.ana).is_in()
    acts.remove(lesson, by=world.ben, at=timezone.now())
    assert ana.is_closed() == seats.NOT_THERE
    assert ana.state()[0] == 403


def test_an_erased_lesson_is_not_there(world, browser, lesson):
    vault.destroy([lesson.vault_scope()])
    assert browser(world.ana).is_closed() == seats.NOT_THERE


# Bad input


def test_malformed_changes_are_refused_and_change_nothing(world, browser, lesson, caplog):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    ana.type("A good sentence.")
    ana.is_safe()
    numbers = []
    for update in (b"", b"\xff" * 40, b"\x01\x01\x01", ana.doc.get_update()[:-4]):
        ana.change(update)
        numbers.append(ana.number)
    ana.until(lambda: len(ana.said("refused")) == len(numbers))
    refused = ana.said("refused")
    assert [each["n"] for each in refused] == numbers
    assert {each["why"] for each in refused} == {"malformed"}
    assert "not kept" in refused[0]["sentence"]
    hears(ben, "A good sentence.")
    assert ben.text() == text_of(lesson)
    assert LiveUpdate.objects.filter(document=lesson.document).count() == 1
    assert "good sentence" not in caplog.text


def test_bytes_over_which_the_library_falls_hurt_nobody(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    ben.type("Before.")
    hears(ana, "Before.")
    ana.change(PANIC)
    ana.until(lambda: ana.said("refused"))
    ben.type("After.")
    hears(ana, "After.")
    ben.is_safe()
    assert ben.text() == text_of(lesson)


def test_what_would_stop_the_editors_of_others_is_refused(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    ana.type("Hers.")
    for client, odd in enumerate((
        yjs.in_root(b"\x00", 7),
        yjs.in_root(b"\x03\x01p", 7),
        yjs.in_root(yjs.word('{"image":"x"}'), 5),
        yjs.in_root(yjs.word("colour") + yjs.word("true"), 6),
        yjs.in_root(yjs.word("words"), 4, root="elsewhere"),
    )):  # fmt: skip
        ana.change(yjs.update([odd], client=11 + client))
    ana.until(lambda: len(ana.said("refused")) == 5)
    hears(ben, "Hers.")
    ben.type("His.")
    ben.is_safe()
    assert text_of(lesson) == ben.text() == "Hers.\nHis.\n"


def test_who_asks_again_and_again_for_all_of_it_is_sent_away(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    with ana.doc.transaction():
        for key in range(50):
            ana.doc.get("standards", type=Map)[f"{key}"] = {"code": "x" * 15_000}
    ana.change(ana._made[-1])
    ana.is_safe()
    again = browser(world.ana)
    for _time in range(110):
        again.send(bytes((frames.HAVE, 0)))
    assert again.is_closed() in (seats.TOO_FAST, seats.GONE_AWAY)
    ben.type("And I?")
    ben.is_safe()


def test_the_writer_goes_on_when_its_connection_broke(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    broken = []

    def break_it(_document, _ids):
        if threading.current_thread().name == "live writer" and not broken:
            broken.append(connection.connection.close())

    documents.told.append(break_it)
    try:
        ana.type("First.")
        ana.is_safe()
        assert broken
    finally:
        documents.told.remove(break_it)
    ana.type("Second.")
    ana.is_safe()
    hears(ben, "Second.")
    assert ben.text() == text_of(lesson)


def test_refused_in_her_language(world, browser):
    ana = browser(world.ana, language="qps-plocm").is_in()
    ana.change(b"\xff")
    ana.until(lambda: ana.said("refused"))
    assert ana.said("refused")[0]["sentence"] == live.say("qps-plocm", "malformed")


def test_what_no_page_sends_closes_the_socket(world, browser):
    ana, again = browser(world.ana).is_in(), browser(world.ana).is_in()
    ana.send("words")
    assert ana.is_closed() == seats.NOT_SPOKEN
    for message in (b"\x09", b"\x02", b"\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\x01\xff"):
        again.send(message)
    again.until(lambda: len(again.said("refused")) == 4)


def test_numbers_must_follow_one_another(world, browser, lesson):
    ana = browser(world.ana).is_in()
    update = ana.type("Seven.", send=False)
    ana.change(update, 7)
    ana.until(lambda: ana.said("refused"))
    assert "Seven" not in text_of(lesson)
    ana.change(update, 1)
    ana.is_safe()
    assert "Seven" in text_of(lesson)


def test_a_frame_too_large_closes_the_socket(world, browser, lesson):
    ana = browser(world.ana).is_in()
    ana.send(b"\x02\x01" + bytes(1_100_000))
    assert ana.is_closed() == 1009


def test_a_lesson_holds_so_many_characters(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    ana.type("x" * 199_000)
    ana.is_safe()
    hears(ben, "x")
    ana.type("y" * 2_000)
    ana.until(lambda: ana.said("refused"))
    assert ana.said("refused")[0]["why"] == "too_long"
    ben.type("z" * 900)
    ben.is_safe()
    with ben.doc.transaction():
        del ben.doc.get(f"text:{PART}", type=Text)[:199_000]
    ben.change(ben._made[-1])
    ben.is_safe()
    # Now there is room for hers, which she sends again with what she has.
    ana.difference = None
    ana.send(bytes((frames.HAVE,)) + ana.doc.get_state())
    ana.is_in()
    ana.change(ana.difference)
    ana.until(lambda: ana.safe == ana.number)
    assert text_of(lesson).count("y") == 2_000


def test_a_document_holds_so_many_bytes(world, browser, lesson):
    ana = browser(world.ana).is_in()
    hidden = ana.doc.get("standards", type=Map)
    for number in range(5):
        ana._made.clear()
        with ana.doc.transaction():
            for key in range(15):
                hidden[f"{number}.{key}"] = {"code": "x" * 60_000}
        ana.change(ana._made[-1])
    ana.until(lambda: ana.said("refused"))
    assert (ana.said("refused")[0]["n"], ana.said("refused")[0]["why"]) == (5, "too_large")
    assert ana.safe <= 4
    assert len(documents.state_of(lesson.document)) < 4_000_000


def test_a_replayed_change_is_safe_and_not_kept_twice(world, browser, lesson):
    ana = browser(world.ana).is_in()
    update = ana.type("Once.")
    ana.is_safe()
    for _time in range(3):
        ana.change(update)
    ana.is_safe()
    assert LiveUpdate.objects.filter(document=lesson.document).count() == 1


def test_a_change_that_builds_on_what_never_came_is_asked_for(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    first = ana.type("First, ", send=False)
    second = ana.type("second.", send=False)
    ana.difference = None
    ana.change(second)
    ana.is_in()  # the server says what it has
    assert ana.safe == 0
    assert LiveUpdate.objects.filter(document=lesson.document).count() == 0
    assert ana.difference
    ana.change(first)
    ana.is_safe()
    hears(ben, "second.")
    assert ben.text() == ana.text() == text_of(lesson)


def test_a_flood_is_stopped_and_the_others_go_on(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    for number in range(300):
        ana.type(f"{number} ")
    assert ana.is_closed() == seats.TOO_FAST
    assert ana.said("refused")[0]["why"] == "too_fast"
    ben.type("And I?")
    ben.is_safe()
    written = text_of(lesson)
    assert all(f"{number} " in written for number in range(ana.safe))
    # She comes back and nothing is lost.
    ana.open().is_in()
    ana.change(ana.difference)
    ana.is_safe()
    assert "299 " in text_of(lesson)


def test_so_many_sockets_and_people(world, browser):
    many = [browser(world.ana).is_in() for _number in range(8)]
    assert browser(world.ana).is_closed() == seats.TOO_FAST
    many[0].close()
    browser(world.ben).is_in()


def test_so_many_sockets_in_all_lessons_together(world, browser, port):
    own = [
        acts.begin(partnership=None, teacher=world.ana, title="Own", about="", by=world.ana, at=timezone.now())
        for _number in range(6)
    ]
    session, opened = signed_in(world.ana), []
    try:
        for number in range(40):
            opened.append(Browser(port, own[number % 5].pk, session).open().is_in())
        one_more = Browser(port, own[5].pk, session).open()
        opened.append(one_more)
        assert one_more.is_closed() == seats.TOO_FAST
        browser(world.ben).is_in()
    finally:
        for each in opened:
            each.close()


def test_what_was_deleted_is_gone_once_everybody_left(world, browser, lesson):
    ana = browser(world.ana).is_in()
    ana.type("She struggles with her divorce.")
    with ana.doc.transaction():
        ana.doc.get(f"text:{PART}", type=Text).clear()
    ana.change(ana._made[-1])
    ana.is_safe()
    assert b"divorce" in documents.state_of(lesson.document)
    ana.close()
    wait_until(lambda: not LiveUpdate.objects.filter(document=lesson.document).exists())
    assert b"divorce" not in documents.state_of(lesson.document)


def test_a_document_that_cannot_be_written_stops_no_other(world, browser, lesson, port):
    other = acts.begin(partnership=None, teacher=world.ana, title="Own", about="", by=world.ana, at=timezone.now())
    ana = browser(world.ana).is_in()
    own = Browser(port, other.pk, ana.session).open().is_in()
    pk = lesson.document_id
    lesson.delete()
    documents.LiveDocument.objects.filter(pk=pk).delete()
    ana.type("Into nothing.")
    own.type("Kept.")
    own.is_safe()
    assert ana.is_closed() in (seats.GONE_AWAY, seats.NOT_YOURS, seats.NOT_THERE)
    assert ana.safe == 0
    assert "Kept." in text_of(other)
    own.close()


def test_who_leaves_last_takes_the_document_out_of_memory(world, browser, lesson):
    ana = browser(world.ana).is_in()
    (here,) = [each for each in rooms.running if lesson.document_id in each._open]
    ana.close()
    wait_until(lambda: lesson.document_id not in here._open)
    assert not here.seats


def test_what_comes_while_a_document_is_read_twice_in_a_row_is_not_thrown_away(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    (here,) = [each for each in rooms.running if lesson.document_id in each._open]
    room = here._open[lesson.document_id]
    once_more = []

    def again(_task):
        once_more.append(True)
        here.renew(room)

    def twice():
        here.renew(room)
        here._reading[room].add_done_callback(again)

    here.loop.call_soon_threadsafe(twice)
    ana.type("In between.")
    ana.is_safe()
    hears(ben, "In between.")
    wait_until(lambda: once_more and room not in here._reading)
    ben.type("Afterwards.")
    ben.is_safe()
    ana.close()
    ben.close()
    wait_until(lambda: not LiveUpdate.objects.filter(document=lesson.document).exists())
    assert "In between." in text_of(lesson)


def test_a_snapshot_that_could_not_be_kept_is_made_later(world, browser, lesson):
    ana = browser(world.ana).is_in()
    (here,) = [each for each in rooms.running if lesson.document_id in each._open]
    room = here._open[lesson.document_id]
    ana.type("Kept.")
    ana.is_safe()
    row, room.row = room.row, object()  # (as if writing failed)
    here.loop.call_soon_threadsafe(here._compact, room)
    wait_until(lambda: not room.kept and not here._tasks)
    assert room.loose
    room.row = row
    ana.close()
    wait_until(lambda: not LiveUpdate.objects.filter(document=lesson.document).exists())
    assert "Kept." in text_of(lesson)
