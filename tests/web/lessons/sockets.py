"""A real server on the tests' database, and browsers that speak its protocol with a Yjs document of their own."""

import asyncio
import http.client
import json
import socket
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress

import uvicorn
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from pycrdt import Doc, Text, write_var_uint
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from sidebyside.base.live import frames
from sidebyside.cli.serving import SOCKETS

PATIENCE = 30.0
PART = "aaaaaaaa"


@contextmanager
def serving():
    """The port of a server in a thread of this process."""
    from sidebyside.config.asgi import Application
    from sidebyside.config.wsgi import application as pages

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        Application(pages), lifespan="on", log_config=None, access_log=False, timeout_graceful_shutdown=2, **SOCKETS
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[listening])), name="server")
    thread.start()
    while thread.is_alive() and not running.started:
        time.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        began = time.monotonic()
        running.should_exit = True
        thread.join(10)
        listening.close()
        assert not thread.is_alive(), "the server did not stop"
        assert time.monotonic() - began < 5


def signed_in(person):
    """The session of somebody who has signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key


def wait_until(what):
    """Wait until something holds, or fail."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


class Browser:
    """A page with a lesson open: its document, and its socket."""

    def __init__(self, port, lesson, session, *, origin=None, language="en"):
        self.port, self.lesson, self.session = port, lesson, session
        self.origin, self.language = origin or f"http://localhost:{port}", language
        self.doc = Doc()
        self.doc.observe(lambda event: self._made.append(event.update))
        self._made = []
        self.number = self.safe = 0
        self.heard, self.code, self.difference = [], None, None
        self.socket = None
        self._ending = ExitStack()

    def open(self):
        """Open the socket and ask for what is there."""
        self.code, self.number, self.safe, self.difference = None, 0, 0, None
        opening = connect(
            f"ws://localhost:{self.port}/lessons/{self.lesson}/live/",
            origin=self.origin,
            additional_headers={"Cookie": f"sessionid={self.session}", "Accept-Language": self.language},
            compression=None,
            proxy=None,
            max_size=None,
        )
        self.socket = self._ending.enter_context(opening)
        self.send(bytes((frames.HAVE,)) + self.doc.get_state())
        return self

    def state(self, compression="gzip"):
        """What GET answers: status, headers, and the body as it came."""
        with closing(http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)) as connection:
            headers = {"Cookie": f"sessionid={self.session}", "Accept-Encoding": compression}
            connection.request("GET", f"/lessons/{self.lesson}/state/", headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def send(self, message):
        """Send a message; one that cannot be sent any more is lost, as in a browser."""
        with suppress(ConnectionClosed):
            self.socket.send(message)

    def change(self, update, number=None):
        """Send a change."""
        self.number = self.number + 1 if number is None else number
        self.send(bytes((frames.CHANGE,)) + write_var_uint(self.number) + update)

    def type(self, text, *, part=PART, send=True):
        """Write a paragraph at the end of a part. Returns the update."""
        self._made.clear()
        with self.doc.transaction():
            words = self.doc.get(f"text:{part}", type=Text)
            words.insert(len(words), f"{text}\n", {})
        update = self._made[-1]
        if send:
            self.change(update)
        return update

    def text(self, part=PART):
        """What the part says in this browser."""
        return str(self.doc.get(f"text:{part}", type=Text))

    def hear(self, timeout=PATIENCE):
        """Take one message in. Returns whether one came."""
        try:
            message = self.socket.recv(timeout=timeout)
        except TimeoutError:
            return False
        except ConnectionClosed as closed:
            self.code = closed.rcvd.code if closed.rcvd else 1006
            return False
        if isinstance(message, str):
            self.heard.append(json.loads(message))
        elif message[0] == frames.CHANGE:
            self.doc.apply_update(message[1:])
        elif message[0] == frames.SAFE:
            self.safe = frames.read_number(message, 1)[0]
        elif message[0] == frames.HAVE:
            self.difference = self.doc.get_update(message[1:])
        else:
            self.heard.append(message)
        return True

    def until(self, what):
        """Take messages in until something holds, or fail."""
        end = time.monotonic() + PATIENCE
        while not what():
            left = end - time.monotonic()
            assert left > 0, f"waited in vain; safe {self.safe}, code {self.code}, heard {self.heard}"
            if not self.hear(min(left, 0.5)) and self.code is not None:
                assert what(), f"closed with {self.code}; heard {self.heard}"

    def is_in(self):
        """Wait until the server has answered what is there."""
        self.until(lambda: self.difference is not None)
        return self

    def is_safe(self):
        """Wait until everything that was sent is written."""
        self.until(lambda: self.safe == self.number)

    def is_closed(self):
        """Wait until the server has closed the socket. Returns the code."""
        self.until(lambda: self.code is not None)
        return self.code

    def said(self, kind):
        """The JSON messages of a kind that came."""
        return [message for message in self.heard if isinstance(message, dict) and message["type"] == kind]

    def close(self):
        """Close the socket."""
        self._ending.close()
