"""Two browsers and a real server: what is written arrives, what must not be written is not."""

import gzip

import brotli
import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pycrdt import Text, write_var_uint
from websockets.exceptions import InvalidStatus

from sidebyside.base import vault
from sidebyside.base.live import documents, frames, rooms, seats
from sidebyside.base.live.models import LiveUpdate
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions import lessons as acts
from sidebyside.partnerships.actions.leaving import leave
from sidebyside.people.actions.profiles import sign_out_everywhere
from sidebyside.web.lessons import live
from tests.web.lessons.opened import browser, hears, lesson, port, text_of
from tests.web.lessons.sockets import PART, Browser, signed_in, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["browser", "lesson", "port"]  # (fixtures: pytest finds them by name)


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


# What stays written


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
