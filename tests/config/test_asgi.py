"""The application behind the port: nobody waits for whoever sends slowly, and what is sent comes whole."""

import asyncio
import threading
from typing import Any

import pytest

from sidebyside.config import asgi, bodies

PRINTED = threading.Event()


def page(environ: Any, start: Any) -> list[bytes]:
    """A page that says what was sent to it; print waits for PRINTED."""
    if environ["PATH_INFO"].endswith(".pdf"):
        PRINTED.wait(5)
    length = int(environ.get("CONTENT_LENGTH") or 0)
    sent = environ["wsgi.input"].read(length)
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ["REQUEST_METHOD"].encode(), b" %d " % len(sent), sent[-4:]]


@pytest.fixture
def application():
    made = asgi.Application(page)
    yield made
    made.pages.executor.shutdown()
    made.files.executor.shutdown()
    made.print.executor.shutdown()


class Browser:
    """One request, of which the pieces come when they are put here."""

    def __init__(self, method: str = "GET", length: int | None = 0, path: str = "/", **headers: str) -> None:
        said = headers | ({"content-length": str(length)} if length is not None else {})
        self.scope = {
            "type": "http", "http_version": "1.1", "method": method, "path": path, "query_string": b"",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()],
            "server": ("localhost", 80), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        self.pieces: asyncio.Queue[Any] = asyncio.Queue()
        self.answers: list[Any] = []

    def send(self, piece: bytes, *, more: bool = False) -> None:
        self.pieces.put_nowait({"type": "http.request", "body": piece, "more_body": more})

    def leave(self) -> None:
        self.pieces.put_nowait({"type": "http.disconnect"})

    async def asks(self, application: asgi.Application) -> str:
        async def hear(message: Any) -> None:
            self.answers.append(message)

        await application(self.scope, self.pieces.get, hear)
        return b"".join(one.get("body", b"") for one in self.answers).decode()

    @property
    def status(self) -> int | None:
        return self.answers[0]["status"] if self.answers else None


LARGE = bodies.SMALL + 1


@pytest.mark.parametrize("length", [50, LARGE])
def test_who_sends_slowly_keeps_nobody_waiting(application, length):
    async def story() -> None:
        slow = [Browser("POST", length) for _ in range(20)]
        for one in slow:
            one.send(b"x", more=True)
        waiting = [asyncio.create_task(one.asks(application)) for one in slow]
        await asyncio.sleep(0.05)
        PRINTED.set()
        reader, writer, printing = Browser(), Browser("POST", 4), Browser(path="/lesson.pdf")
        reader.send(b"")
        writer.send(b"four")
        assert await asyncio.wait_for(printing.asks(application), 2) == "GET 0 "
        assert await asyncio.wait_for(reader.asks(application), 2) == "GET 0 "
        assert await asyncio.wait_for(writer.asks(application), 2) == "POST 4 four"
        assert not any(one.done() for one in waiting)
        for one in slow:
            one.send(b"x" * (length - 5) + b"last")
        assert set(await asyncio.gather(*waiting)) == {f"POST {length} last"}

    asyncio.run(story())


def test_who_waits_for_print_keeps_nobody_from_a_page(application):
    async def story() -> None:
        PRINTED.clear()
        printing = [Browser(path="/lessons/1/lesson.pdf") for _ in range(20)]
        waiting = [asyncio.create_task(one.asks(application)) for one in printing]
        await asyncio.sleep(0.05)
        assert await asyncio.wait_for(Browser().asks(application), 2) == "GET 0 "
        assert not any(one.done() for one in waiting)
        PRINTED.set()
        assert set(await asyncio.gather(*waiting)) == {"GET 0 "}

    asyncio.run(story())


@pytest.mark.parametrize("sent", [b"", b"few", b"x" * bodies.SMALL, b"x" * LARGE, b"x" * 1_000_000])
def test_what_is_sent_comes_whole(application, sent):
    async def story() -> None:
        browser = Browser("POST", len(sent))
        for at in range(0, len(sent), 30_000):
            browser.send(sent[at : at + 30_000], more=True)
        browser.send(b"")
        assert await browser.asks(application) == f"POST {len(sent)} {sent[-4:].decode()}"

    asyncio.run(story())


def test_who_does_not_say_how_much_is_waited_for_in_the_other_threads():
    assert not bodies.is_small(Browser("POST", None, transfer_encoding="chunked").scope)
    assert not bodies.is_small(Browser("POST", None, content_length="-4").scope)
    assert bodies.is_small(Browser("POST", None).scope)


def test_who_leaves_before_the_end_is_answered_by_no_page(application):
    async def story() -> None:
        gone = Browser("POST", 50)
        gone.send(b"x", more=True)
        gone.leave()
        assert await gone.asks(application) == ""
        assert gone.status == 408

    asyncio.run(story())


def test_who_falls_silent_is_let_go(application):
    async def story() -> None:
        silent = Browser("POST", 50)
        silent.send(b"x", more=True)
        assert await bodies.taken(silent.pieces.get, patience=0.01) is None
        receive = bodies.patient(silent.pieces.get, patience=0.01)
        assert await receive() == bodies.GONE
        silent.send(b"late")
        assert (await receive())["body"] == b"late"

    asyncio.run(story())
