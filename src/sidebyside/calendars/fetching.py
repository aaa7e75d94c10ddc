"""Bringing a calendar from an address that a person typed, without letting the address reach inside the network.

Every name is looked up once for each request, every address that it has is judged, and the connection goes to one of
these addresses: a name that changes its mind is not asked again. Redirects are followed by hand, each judged like the
first. Nothing is read from the environment but the certificates that the system trusts; no proxy is used.

Bounds: the body as sent and as unpacked, the head of an answer, the redirects, and the time for everything together.
"""

from __future__ import annotations

import io
import queue
import socket
import ssl
import threading
import time as clock
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from sidebyside.base.marking import N_
from sidebyside.calendars.addresses import PORTS, FetchRefused, Network, Target, outside, target
from sidebyside.calendars.lines import LARGEST

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

MOST_REDIRECTS = 5
MOST_ADDRESSES = 4  # of one name are tried
LARGEST_HEAD = 64 * 1024  # bytes
FRAMING = 1024 * 1024  # bytes that chunks may add to a body
PIECE = 64 * 1024  # bytes
MOVED = {301, 302, 303, 307, 308}
HEAD = {"Accept": "text/calendar, */*;q=0.5", "Accept-Encoding": "gzip", "Connection": "close"}

INSIDE = N_("This address leads inside a network that calendars are not brought from.")
UNKNOWN = N_("There is no server of that name. Compare the address with the one your calendar shows.")
SILENT = N_("The server of this calendar does not answer. It is tried again later.")
SLOW = N_("The server of this calendar took longer than %(seconds)s seconds.")
UNPROVEN = N_("The server of this calendar cannot prove that it is the one the address names.")
LOCKED = N_("This calendar is not shared with everybody who has the address. Make a secret address for it.")
GONE = N_("There is no calendar at this address, or it is no longer shared.")
OTHER_ANSWER = N_("The server of this calendar answered with an error (%(status)s).")
ROUND = N_("This address leads on to others more than %(most)s times.")
OPENED = N_("This address leads on to one that is not encrypted.")
TOO_LARGE = N_("This calendar is larger than %(most)s MB. Share a shorter time of it.")
GARBLED = N_("The server of this calendar answers in a way that cannot be read.")
SHORT = N_("The calendar broke off on its way. It is tried again later.")

Resolve = Callable[[str, int], Sequence[str]]


class Broken(Exception):
    """Nothing is told but the reason; the sentence is the first argument."""


@dataclass(frozen=True, slots=True)
class Way:
    """How calendars are brought: what is allowed, by whom names are looked up, and until when (monotonic clock)."""

    at_most: int  # bytes
    until: float
    allowed: Collection[Network]
    ports: Collection[int]
    resolve: Resolve = field(repr=False)
    trust: ssl.SSLContext | None

    def left(self) -> float:
        """The seconds that are left. Raises TimeoutError where there are none."""
        left = self.until - clock.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def looked_up(name: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]


def fetch(
    address: str,
    *,
    at_most: int = LARGEST,
    within: float = 20.0,
    allowed_networks: Collection[Network] = (),
    ports: Collection[int] = PORTS,
    resolve: Resolve = looked_up,
    trust: ssl.SSLContext | None = None,
) -> bytes:
    """What is behind an address that a person typed: at most `at_most` bytes, brought within `within` seconds.

    `allowed_networks` are networks inside which calendars lie all the same (a school's own server); any other address
    has to be one of the public network. `ports` are those that may be asked. `resolve` looks a name up, `trust` says
    which certificates count (the system's). A name and a password in the address are sent to its own server only.

    Raises FetchRefused with a sentence for the person. Neither it nor what a traceback shows of it holds the address.
    """
    way = Way(at_most, clock.monotonic() + within, allowed_networks, ports, resolve, trust)
    try:
        return followed(address, way)
    except FetchRefused as why:
        refused = FetchRefused(why.sentence, why.values)
    except Broken as why:
        refused = FetchRefused(why.args[0])
    except TimeoutError:
        refused = FetchRefused(SLOW, {"seconds": round(within)})
    except ssl.SSLError:
        refused = FetchRefused(UNPROVEN)
    except OSError:
        refused = FetchRefused(SILENT)
    except IncompleteRead:
        refused = FetchRefused(SHORT)
    except Exception:  # a stranger's server may break the parser in ways of its own
        refused = FetchRefused(GARBLED)
    address = ""  # a traceback shows this frame; raised here, the refusal also has no other exception behind it
    raise refused


def followed(address: str, way: Way) -> bytes:
    """The body at the end of the redirects. Raises FetchRefused, Broken, or what the network raises."""
    here = target(address, ports=way.ports)
    first, key = here.origin, here.key
    for _ in range(MOST_REDIRECTS + 1):
        wire = connected(here, way)
        try:
            answer = asked(here, key if here.origin == first else "", wire)
            if answer.status not in MOVED:
                return body(answer, wire, way)
            onward = place_of(answer)
        finally:
            wire.end()
        address = urljoin(f"{'https' if here.secure else 'http'}://{netloc(here)}{here.path}", onward)
        there = target(address, ports=way.ports)
        if here.secure and not there.secure:
            raise Broken(OPENED)
        here = there
    raise FetchRefused(ROUND, {"most": MOST_REDIRECTS})


def netloc(here: Target) -> str:
    """Name and port as an address has them."""
    return f"[{here.host}]:{here.port}" if ":" in here.host else f"{here.host}:{here.port}"


def place_of(answer: HTTPResponse) -> str:
    """Where a redirect leads, as the server wrote it, in UTF-8 where it is."""
    onward = answer.getheader("Location")
    if not onward:
        raise Broken(GARBLED)
    return onward.encode("latin-1", "replace").decode("utf-8", "replace")


class Wire:
    """A connection that ends at a time, and after so many bytes. Stands in for the socket of an HTTPConnection."""

    def __init__(self, sock: socket.socket, way: Way) -> None:
        self.sock, self.way, self.allowance = sock, way, LARGEST_HEAD

    def sendall(self, sent: bytes) -> None:
        """Send all of it within the time."""
        self.sock.settimeout(self.way.left())
        self.sock.sendall(sent)

    def receive(self, view: memoryview) -> int:
        """Put what is there into the view. Raises TimeoutError after the time, Broken after the allowance."""
        if self.allowance <= 0:
            raise Broken(GARBLED)
        self.sock.settimeout(self.way.left())
        count = self.sock.recv_into(view[: self.allowance])
        self.allowance -= count
        return count

    def makefile(self, mode: str) -> io.BufferedReader:
        """A reader, as http.client wants one."""
        return io.BufferedReader(Received(self))

    def close(self) -> None:
        """Nothing: http.client closes its socket after the head, with the body still to come. See `end`."""

    def end(self) -> None:
        """Close the connection."""
        self.sock.close()


class Received(io.RawIOBase):
    """What comes over a wire, as a file."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def readable(self) -> bool:
        """It is read from."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """As Wire.receive."""
        return self.wire.receive(memoryview(buffer))


def judged(here: Target, way: Way) -> list[str]:
    """The addresses of a name, looked up once. Raises Broken where one of them lies inside, or there is none."""
    answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(way.resolve(here.host, here.port))
        except Exception:  # no such name, or none that can be looked up
            answers.put(())

    # Looking up knows no limit of its own, so it is waited for and then left behind; it ends by itself.
    threading.Thread(target=ask, daemon=True, name="look up a calendar").start()
    try:
        found = list(dict.fromkeys(answers.get(timeout=way.left())))
    except queue.Empty:
        raise TimeoutError from None
    if not found:
        raise Broken(UNKNOWN)
    if not all(outside(number, way.allowed) for number in found):
        raise Broken(INSIDE)
    return found[:MOST_ADDRESSES]


def connected(here: Target, way: Way) -> Wire:
    """A connection to exactly one of the judged addresses; for https with the certificate checked for the name."""
    numbers = judged(here, way)
    for place, number in enumerate(numbers, start=1):
        try:
            sock = socket.create_connection((number, here.port), timeout=way.left() / (len(numbers) - place + 1))
        except OSError:
            if place == len(numbers):
                raise
            continue
        try:
            if sock.getsockname()[0] == sock.getpeername()[0] and not outside(number, way.allowed, always=False):
                raise Broken(INSIDE)  # its own public address: behind it lies what only this machine may ask
            if here.secure:
                sock.settimeout(way.left())
                sock = (way.trust or ssl.create_default_context()).wrap_socket(sock, server_hostname=here.host)
            return Wire(sock, way)
        except BaseException:
            sock.close()
            raise
    raise Broken(UNKNOWN)


def asked(here: Target, key: str, wire: Wire) -> HTTPResponse:
    """The head of the answer."""
    connection = HTTPConnection(here.host, here.port)
    connection.default_port = 443 if here.secure else 80  # so that Host names the port only where it must
    # (the wire reads and writes as a socket does, with a deadline; the stubs want a socket itself)
    connection.sock = wire  # type: ignore[assignment]
    connection.request("GET", here.path, headers=HEAD | ({"Authorization": key} if key else {}))
    return connection.getresponse()


def body(answer: HTTPResponse, wire: Wire, way: Way) -> bytes:
    """The body, unpacked. Raises FetchRefused or Broken for any answer but a calendar, and for one too large."""
    if answer.status in (401, 403, 407):
        raise Broken(LOCKED)
    if answer.status in (404, 410):
        raise Broken(GONE)
    if answer.status != 200:
        raise FetchRefused(OTHER_ANSWER, {"status": answer.status})
    packed = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if packed not in ("identity", "gzip", "x-gzip", "deflate"):
        raise Broken(GARBLED)
    unpack = zlib.decompressobj(wbits=47) if packed != "identity" else None
    if unpack is None and (answer.length or 0) > way.at_most:
        raise too_large(way)
    wire.allowance = way.at_most + FRAMING
    whole = bytearray()
    while piece := answer.read(PIECE):
        whole += unpack.decompress(piece, way.at_most - len(whole) + 1) if unpack else piece
        if len(whole) > way.at_most:
            raise too_large(way)
    if answer.length or (unpack and not unpack.eof):
        raise Broken(SHORT)
    return bytes(whole)


def too_large(way: Way) -> FetchRefused:
    """The refusal of a body that is too large."""
    return FetchRefused(TOO_LARGE, {"most": max(1, way.at_most // 1024**2)})
