"""The one application behind the one port: pages through Django's WSGI handler, in a few threads.

Ordinary synchronous views behind a2wsgi cost half the processor time of Django's own ASGI handler. Sockets, when
there are any, are answered here beside the pages.
"""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Scope, Send
from django.core.wsgi import get_wsgi_application
from django.db import connections

# One slow page must not stop the others; more threads only wait for one another (and each keeps a connection).
THREADS = 4
SECONDS_TO_CLOSE = 0.4


class Application:
    """Answers http with pages, and the server's start and stop with opening and closing what pages use."""

    def __init__(self, pages: Callable[..., object]) -> None:
        """`pages` is a WSGI application."""
        # (a2wsgi asks for its own type of WSGI application)
        self.pages = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        else:  # a socket asked for is closed at once by a2wsgi: there are none yet
            await self.pages(scope, receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        """Start, wait for the end, and leave no database connection open behind."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                await asyncio.to_thread(close_connections, self.pages.executor, THREADS)
                await send({"type": "lifespan.shutdown.complete"})
                return


def close_connections(executor: Executor, threads: int) -> None:
    """Close the database connections of every thread of a pool, and the pool.

    Persistent connections belong to their thread, so each thread has to close its own: a barrier hands one task to
    each. A thread that is busy with a page for longer than that is not waited for.
    """
    everyone = threading.Barrier(threads)

    def close() -> None:
        try:
            everyone.wait(SECONDS_TO_CLOSE)
        except threading.BrokenBarrierError:
            pass
        finally:
            connections.close_all()

    for _ in range(threads):
        executor.submit(close)
    try:
        # The last task to end has closed its connection before the pool says that it is shut.
        everyone_met = threading.Thread(target=executor.shutdown, daemon=True)
        everyone_met.start()
        everyone_met.join(2 * SECONDS_TO_CLOSE)
    finally:
        connections.close_all()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.config.settings")
application = Application(get_wsgi_application())
