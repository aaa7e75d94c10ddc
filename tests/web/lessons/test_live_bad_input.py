"""What no page of ours sends, and too much of what it does: refused in words, and everybody else goes on."""

import threading

import pytest
from django.db import connection
from django.utils import timezone
from pycrdt import Map, Text

from sidebyside.base.live import documents, frames, seats
from sidebyside.base.live.models import LiveUpdate
from sidebyside.lessons.actions import lessons as acts
from sidebyside.web.lessons import live
from tests.base.live import yjs
from tests.web.lessons.opened import browser, hears, lesson, port, text_of
from tests.web.lessons.sockets import PART, Browser, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["browser", "lesson", "port"]  # (fixtures: pytest finds them by name)

# Bytes that the library reads and then falls over: "index out of bounds" in its own store.
PANIC = bytes.fromhex(
    "01030180808080ffffffff0727010570617274730161012800010d046b696e640177047461736b2800010d05706c616365017c3f80000000"
)


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
