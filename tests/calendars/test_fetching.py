"""Bringing calendars from real servers on loopback: the hostile first."""

import contextlib
import gzip
import logging
import socket
import threading
import time
import traceback
import tracemalloc
import zlib
from ipaddress import ip_network

import pytest

from sidebyside.calendars.addresses import FetchRefused
from sidebyside.calendars.fetching import LARGEST_HEAD, MOST_REDIRECTS, fetch
from tests.calendars.servers import authority, serving

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
LOOPBACK = [ip_network("127.0.0.0/8")]
KB = 1024


def answered(body: bytes = CALENDAR, *lines: str, status: str = "200 OK") -> bytes:
    """An answer as it goes over the wire, with its length."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def moved(to: str, status: str = "302 Found") -> bytes:
    return answered(b"", f"Location: {to}", status=status)


def here(*numbers: str):
    """A lookup that knows these addresses for every name, and what it was asked."""
    asked: list[tuple[str, int]] = []

    def resolve(name: str, port: int) -> list[str]:
        asked.append((name, port))
        return list(numbers)

    # (what was asked is kept on the function)
    resolve.asked = asked  # type: ignore[attr-defined]
    return resolve


def refusal(address: str, **how) -> str:
    """The sentence with which an address is refused, after a look that nothing in it shows the address."""
    with pytest.raises(FetchRefused) as caught:
        fetch(address, **how)
    why = caught.value
    assert why.__cause__ is None
    assert why.__context__ is None
    frames = list(traceback.walk_tb(why.__traceback__))[1:]
    assert [frame.f_code.co_name for frame, _ in frames] == ["fetch"]
    shown = "".join([str(why), repr(why), repr(why.values), *(repr(frame.f_locals) for frame, _ in frames)])
    for secret in ("private-4711", "anna", "se:cret", "se%3Acret", "YW5uYT"):
        assert secret not in shown
    return str(why)


def near(port: int, **how) -> dict:
    """What lets a test reach its own server under any name."""
    return {"allowed_networks": LOOPBACK, "ports": {port}, "resolve": here("127.0.0.1")} | how


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/private-4711",
        "http://127.0.0.1:8080/private-4711",
        "https://127.8.9.10/private-4711",
        "http://localhost/private-4711",
        "http://localhost./private-4711",
        "http://LOCALHOST/private-4711",
        "http://[::1]/private-4711",
        "http://[::]/private-4711",
        "http://0.0.0.0/private-4711",
        "http://[::ffff:10.0.0.1]/private-4711",
        "http://[::ffff:7f00:1]/private-4711",
        "http://[64:ff9b::7f00:1]/private-4711",
        "http://[2002:7f00:1::]/private-4711",
        "http://169.254.169.254/latest/meta-data/private-4711",
        "http://anna:se%3Acret@100.64.0.1/",
        "http://\uff11\uff12\uff17.0.0.1/private-4711",
    ],
)
def test_an_address_inside_is_refused_by_the_real_lookup(address):
    assert "leads inside a network" in refusal(address)


@pytest.mark.parametrize("number", ["0x7f000001", "2130706433", "0177.0.0.1", "127.1", "0x7f.1"])
def test_another_way_to_write_a_number_is_no_address(number):
    assert "not an address of a calendar" in refusal(f"http://{number}/private-4711")


@pytest.mark.parametrize("address", ["file:///private-4711", "ftp://anna@example.org/", "gopher://x/private-4711"])
def test_other_schemes_are_refused(address):
    assert "begins with https://" in refusal(address)


def test_nothing_is_asked_of_a_server_inside():
    with serving(answered()) as server:
        assert "leads inside" in refusal(f"http://127.0.0.1:{server.port}/", ports={server.port})
        for numbers in (["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["::ffff:127.0.0.1"], ["10.0.0.1"]):
            how = {"ports": {server.port}, "resolve": here(*numbers)}
            assert "leads inside" in refusal(f"http://calendar.example:{server.port}/private-4711", **how)
        assert server.connections == 0


@pytest.mark.parametrize(
    "onward",
    [
        "http://10.0.0.1/",
        "http://[::1]/",
        "//169.254.169.254/latest",
        "http://metadata.example/",
        "file:///etc/passwd",
        "http://2130706433/",
        "http://127.0.0.1:22/",
        "http://a\\@127.0.0.1/",
        "http://127.0.0.1/\r\n x",
        "",
    ],
)
def test_a_redirect_to_inside_is_refused(onward):
    def resolve(name: str, port: int) -> list[str]:
        return {"calendar.example": ["127.0.0.2"], "metadata.example": ["169.254.169.254"]}.get(name, [name])

    with serving(moved(onward)) as server:
        # 127.0.0.2 alone is allowed: it stands for the server outside.
        how = near(server.port, allowed_networks=[ip_network("127.0.0.2/32")], ports={80, server.port}, resolve=resolve)
        server.listening.close()
        with socket.create_server(("127.0.0.2", server.port)) as listening:
            server.listening = listening
            threading.Thread(target=server.serve, daemon=True).start()
            sentence = refusal(f"http://calendar.example:{server.port}/private-4711", **how)
            listening.shutdown(socket.SHUT_RDWR)
        assert "took longer" not in sentence
        assert "does not answer" not in sentence
        assert len(server.heads) == 1


def test_a_redirect_to_another_port_is_refused():
    with serving(answered()) as other, serving(moved(f"http://a.example:{other.port}/")) as server:
        sentence = refusal(f"http://a.example:{server.port}/private-4711", **near(server.port))
        assert f"Allowed are {server.port}." in sentence
        assert other.connections == 0


def test_redirects_without_end_are_given_up():
    with serving(moved("/private-4711")) as server:
        sentence = refusal(f"http://a.example:{server.port}/private-4711", **near(server.port))
        assert f"more than {MOST_REDIRECTS} times" in sentence
        assert server.connections == MOST_REDIRECTS + 1


def test_a_name_is_looked_up_once_and_the_connection_goes_where_it_was_judged():
    answers = iter([["127.0.0.1"], ["127.0.0.9"], ["10.0.0.1"]])
    asked = []

    def changing(name: str, port: int) -> list[str]:
        asked.append(name)
        return next(answers)

    with serving(answered()) as server:
        address = f"http://changing.example:{server.port}/private-4711"
        assert fetch(address, **near(server.port, resolve=changing)) == CALENDAR
        assert asked == ["changing.example"]
        assert f"Host: changing.example:{server.port}\r\n" in server.heads[0]
        # The second answer is another address of the allowed network, on which nobody listens.
        assert "does not answer" in refusal(address, **near(server.port, resolve=changing))
        assert "leads inside" in refusal(address, **near(server.port, resolve=changing))
        assert (len(asked), server.connections) == (3, 1)


def test_the_machine_itself_is_inside_under_a_public_address_too(monkeypatch):
    """Its own public address cannot be had on loopback, so the judgement alone is told that loopback is public."""
    monkeypatch.setattr("sidebyside.calendars.addresses.public", lambda number: True)
    with serving(answered()) as server:
        how = {"ports": {server.port}, "resolve": here("127.0.0.1")}
        assert "leads inside" in refusal(f"http://own.example:{server.port}/", **how)
        assert not server.heads


def test_the_certificate_is_checked_for_the_name_and_not_for_the_number(tmp_path):
    shown, trust = authority(tmp_path, ["calendar.example", "xn--bcher-kva.example", "127.0.0.1"])
    with serving(answered(), shown) as server:
        how = near(server.port, trust=trust)
        for name in ("calendar.example", "b\u00fccher.example", "127.0.0.1"):
            assert fetch(f"webcal://{name}:{server.port}/private-4711", **how) == CALENDAR
        assert server.names == ["calendar.example", "xn--bcher-kva.example", None]
        assert "cannot prove" in refusal(f"https://other.example:{server.port}/private-4711", **how)
        assert "cannot prove" in refusal(f"https://calendar.example:{server.port}/private-4711", **near(server.port))
        assert len(server.heads) == 3


def test_a_server_without_encryption_proves_nothing():
    with serving(answered()) as server:
        assert "cannot prove" in refusal(f"https://calendar.example:{server.port}/private-4711", **near(server.port))
        assert "private-4711" not in "".join(server.heads)


def test_encryption_is_not_left_on_the_way(tmp_path):
    shown, trust = authority(tmp_path, ["calendar.example"])
    with serving(answered()) as plain, serving(moved(f"http://calendar.example:{plain.port}/"), shown) as server:
        how = near(server.port, trust=trust, ports={server.port, plain.port})
        assert "not encrypted" in refusal(f"https://calendar.example:{server.port}/private-4711", **how)
        assert plain.connections == 0


def test_name_and_password_go_to_their_own_server_only():
    with serving(answered()) as other:
        own = iter([moved("/next"), moved(f"http://eve:own@other.example:{other.port}/")])
        with serving(lambda sock, _head: sock.sendall(next(own))) as server:
            how = near(server.port, ports={server.port, other.port})
            assert fetch(f"http://anna:se%3Acret@a.example:{server.port}/private-4711", **how) == CALENDAR
            assert [head.count("Authorization: Basic YW5uYTpzZTpjcmV0\r\n") for head in server.heads] == [1, 1]
            assert "Authorization" not in other.heads[0]
            assert "private-4711" not in other.heads[0]


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    with serving(answered(b"through a proxy")) as proxy, serving(answered()) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert fetch(f"http://a.example:{server.port}/", **near(server.port)) == CALENDAR
        assert proxy.connections == 0


def endless(head: bytes, piece: bytes):
    """Sends a head, then pieces for as long as somebody takes them."""

    def answer(sock: socket.socket, _head: str) -> None:
        sock.sendall(head)
        while True:
            sock.sendall(piece)

    return answer


BODY = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (endless(BODY, b"a" * 65536), "larger than 1 MB"),
        (endless(CHUNKS, b"8000\r\n" + b"a" * 0x8000 + b"\r\n"), "larger than 1 MB"),
        (endless(CHUNKS, b"1\r\na\r\n" * 10000), "."),
        (endless(CHUNKS + b"0\r\n", b"X-Trailer: a\r\n" * 1000), "."),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\nBEGIN", "larger than 1 MB"),
        (endless(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 65536), "cannot be read"),
        (endless(b"HTTP/1.1 200 OK\r\n", b"X-Many: " + b"a" * 60000 + b"\r\n"), "cannot be read"),
        (endless(b"HTTP/1.1 200 OK\r\n", b"X-Many: a\r\n" * 1000), "cannot be read"),
        (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "cannot be read"),
        (answered(gzip.compress(b"a" * 2**21, mtime=0), "Content-Encoding: gzip"), "larger than 1 MB"),
        (answered(zlib.compress(b"a" * 2**21), "Content-Encoding: deflate"), "larger than 1 MB"),
        (
            endless(BODY[:-2] + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"a" * 2**21, mtime=0)),
            "larger than 1 MB",
        ),
        (answered(gzip.compress(CALENDAR, mtime=0)[:-9], "Content-Encoding: gzip"), "broke off"),
        (answered(CALENDAR, "Content-Encoding: gzip"), "cannot be read"),
        (answered(CALENDAR, "Content-Encoding: br"), "cannot be read"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nBEGIN", "broke off"),
        (CHUNKS + b"100\r\nBEGIN", "broke off"),
        (CHUNKS + b"zz\r\nBEGIN", "."),
        (b"", "does not answer"),
        (b"220 mail.example ESMTP\r\n", "cannot be read"),
        (b"\x00\xff" * 100 + b"\r\n\r\n", "cannot be read"),
        (answered(status="401 Unauthorized"), "not shared"),
        (answered(status="404 Not Found"), "no calendar at this address"),
        (answered(status="410 Gone"), "no calendar at this address"),
        (answered(status="503 private-4711"), "an error (503)"),
        (answered(status="206 Partial Content"), "an error (206)"),
        (answered(status="304 Not Modified"), "an error (304)"),
    ],
)
def test_a_strange_server_is_refused_in_bounded_space(answer, sentence):
    with serving(answer) as server:
        said = refusal(f"http://a.example:{server.port}/private-4711", **near(server.port, at_most=KB * KB))
        assert sentence in said


def test_a_bomb_is_not_unpacked():
    bomb = answered(gzip.compress(b"a" * 2**24, mtime=0), "Content-Encoding: gzip")
    with serving(bomb) as server:
        tracemalloc.start()
        try:
            refusal(f"http://a.example:{server.port}/private-4711", **near(server.port, at_most=KB * KB))
            assert tracemalloc.get_traced_memory()[1] < 6 * KB * KB
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", BODY, CHUNKS])
def test_a_slow_server_is_left_in_time(head):
    def answer(sock: socket.socket, _head: str) -> None:
        sock.sendall(head)
        for _ in range(200):
            sock.sendall(b"1")
            time.sleep(0.01)

    with serving(answer) as server:
        begun = time.monotonic()
        said = refusal(f"http://a.example:{server.port}/private-4711", **near(server.port, within=0.15))
        assert "took longer" in said
        assert time.monotonic() - begun < 1


def test_slow_lookups_and_servers_that_say_nothing_are_left_in_time():
    done = threading.Event()

    def slow(_name: str, _port: int) -> list[str]:
        done.wait(5)
        return []

    begun = time.monotonic()
    assert "took longer" in refusal("https://a.example/private-4711", resolve=slow, within=0.05)
    done.set()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for scheme in ("http", "https"):
            assert "took longer" in refusal(f"{scheme}://a.example:{port}/private-4711", **near(port, within=0.05))
    assert time.monotonic() - begun < 3


def test_a_name_that_is_none_is_said():
    def unknown(_name: str, _port: int) -> list[str]:
        raise socket.gaierror("private-4711")

    assert "no server of that name" in refusal("https://anna.example/private-4711", resolve=unknown)
    assert "no server of that name" in refusal("https://anna.example/private-4711", resolve=here())


def test_the_next_address_of_a_name_is_tried():
    with serving(answered()) as server:
        how = near(server.port, resolve=here("127.0.0.9", "127.0.0.1"))
        assert fetch(f"http://a.example:{server.port}/", **how) == CALENDAR


@pytest.mark.parametrize(
    "answer",
    [
        answered(),
        answered(gzip.compress(CALENDAR, mtime=0), "Content-Encoding: gzip"),
        answered(zlib.compress(CALENDAR), "Content-Encoding: deflate"),
        BODY + CALENDAR,
        CHUNKS + b"5\r\n" + CALENDAR[:5] + b"\r\n%x\r\n" % len(CALENDAR[5:]) + CALENDAR[5:] + b"\r\n0\r\n\r\n",
        answered(CALENDAR, "X-Long: " + "a" * (LARGEST_HEAD // 2)),
    ],
)
def test_a_calendar_is_brought_however_it_is_sent(answer):
    with serving(answer) as server:
        assert fetch(f"http://a.example:{server.port}/", **near(server.port, at_most=len(CALENDAR))) == CALENDAR


def test_a_calendar_is_followed_to_where_it_moved():
    answers = iter([moved("../\xc3\xbc b.ics?x=1", "301 Moved"), moved("//b.example:{port}/c"), answered()])
    with serving(lambda sock, _head: sock.sendall(next(answers).replace(b"{port}", b"%d" % server.port))) as server:
        assert fetch(f"http://a.example:{server.port}/one/two", **near(server.port)) == CALENDAR
        assert [head.split(" HTTP")[0] for head in server.heads] == [
            "GET /one/two",
            "GET /%C3%BC%20b.ics?x=1",
            "GET /c",
        ]
        assert f"Host: b.example:{server.port}\r\n" in server.heads[2]


def test_nothing_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with serving(answered()) as server, contextlib.suppress(FetchRefused):
        fetch(f"http://anna:se%3Acret@a.example:{server.port}/private-4711", **near(server.port))
        fetch("http://127.0.0.1/private-4711")
    assert not caplog.records
