"""Run the web server: one process, one port, stopped within five seconds by Ctrl-C or SIGTERM."""

import errno
import os
import signal
import socket
import sys
import threading
from types import FrameType
from typing import Any

import uvicorn

from sidebyside.base.live.limits import LARGEST_FRAME
from sidebyside.cli.hourly import Hourly

LOOPBACK = ("localhost", "127.0.0.1", "::1")
NO_SUCH_FAMILY = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
SECONDS_FOR_REQUESTS = 2
SECONDS_UNTIL_GIVEN_UP = 90  # by the system: whoever confirms nothing of what was sent for so long
# Web sockets. Updates are too small to be worth compressing, each with a window of its own.
SOCKETS: dict[str, Any] = {
    "ws": "websockets-sansio",  # (the other implementation stands on what the library calls its legacy)
    "ws_max_size": LARGEST_FRAME,
    "ws_per_message_deflate": False,
}


def is_loopback(host: str) -> bool:
    """Whether a server on this host answers nobody but its own machine."""
    return host in LOOPBACK


def serve(*, host: str, port: int, announce: str) -> int:
    """Serve pages until Ctrl-C or SIGTERM; returns the exit status of the process.

    `announce` is printed on standard output when the first request can be made. A port that is taken is said in a
    sentence (status 1).
    """
    try:
        sockets = listen(host, port)
    except OSError as fault:
        print(not_listening(host, port, fault), file=sys.stderr)
        return 1
    # uvicorn stops on a signal and then raises it once more for whoever was there before: nobody must act on it,
    # or the process would end before all has been put in order.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, already_stopping)
    hourly = Hourly()
    hourly.start()
    try:
        config = uvicorn.Config(
            "sidebyside.config.asgi:application",
            lifespan="on",
            log_config=None,
            access_log=False,
            # Whose word about addresses is believed says TRUSTED_PROXIES, not who happens to speak from this machine.
            proxy_headers=False,
            server_header=False,
            **SOCKETS,
            timeout_graceful_shutdown=SECONDS_FOR_REQUESTS,
        )
        server = Server(config, announce=announce)
        server.run(sockets=sockets)
    finally:
        for each in sockets:
            each.close()
        hourly.stop()
    return end(0 if server.started else 1)


class Server(uvicorn.Server):
    """Says where to look once it answers."""

    def __init__(self, config: uvicorn.Config, *, announce: str) -> None:
        super().__init__(config)
        self.announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the line."""
        await super().startup(sockets)
        if self.started:
            print(self.announce, flush=True)


def listen(host: str, port: int) -> list[socket.socket]:
    """Bound sockets for a host name or address; raises OSError when the port is taken or the host is not ours.

    A loopback name takes both families, so that no other program answers `http://localhost:PORT` in its place. Port
    0 asks the system for a free one.
    """
    if not is_loopback(host):
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return [bound(family, host, port)]
    first = bound(socket.AF_INET, "127.0.0.1", port)
    try:
        return [first, bound(socket.AF_INET6, "::1", first.getsockname()[1])]
    except OSError as fault:
        if fault.errno in NO_SUCH_FAMILY:
            return [first]
        first.close()
        raise


def bound(family: int, host: str, port: int) -> socket.socket:
    """A socket bound to the address."""
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would let two servers share the port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # (Linux; connections have it from who listens)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SECONDS_UNTIL_GIVEN_UP * 1000)
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made


def not_listening(host: str, port: int, fault: OSError) -> str:
    """What to tell the person at the terminal."""
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Stop that one, or choose another port with --port."
    if fault.errno == errno.EACCES:
        return f"This account may not open port {port}. Choose one above 1023 with --port."
    return f"Cannot listen on {host}: {fault.strerror or fault}."


def already_stopping(number: int, frame: FrameType | None) -> None:
    """The signal has been acted on."""


def end(status: int) -> int:
    """The exit status; leaves at once where a page's thread is still busy, for which Python would wait."""
    if any(thread.name.startswith("WSGI") and thread.is_alive() for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status
