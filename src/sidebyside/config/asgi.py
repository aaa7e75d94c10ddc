"""The one application behind the one port: pages through Django's WSGI handler, in a few threads; sockets beside them.

Ordinary synchronous views behind a2wsgi cost half the processor time of Django's own ASGI handler.
"""

import asyncio
import gc
import os
from collections.abc import Callable
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Scope, Send
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from sidebyside.base.threads import close_connections
from sidebyside.config import bodies

# One slow page must not stop the others; more threads only wait for one another (and each keeps a connection).
THREADS = 4
# Those that wait for files to be sent, which takes a phone minutes, and those that make print, which takes seconds.
FOR_FILES, FOR_PRINT = 6, 2
PRINT = (".pdf", ".html")


class Application:
    """Answers http with pages, sockets with live documents, and the server's start and stop with opening and closing
    what they use."""

    def __init__(self, pages: Callable[..., object], *, load: Callable[[], None] = lambda: None) -> None:
        """`pages` is a WSGI application; `load` is called before the first request."""
        self.load = load
        # (a2wsgi asks for its own type of WSGI application)
        self.pages = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]
        self.files = WSGIMiddleware(pages, workers=FOR_FILES)  # type: ignore[arg-type]
        self.print = WSGIMiddleware(pages, workers=FOR_PRINT)  # type: ignore[arg-type]
        self.sockets: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        # (a2wsgi knows of pages alone)
        kind: str = scope["type"]
        if kind == "lifespan":
            await self.live(receive, send)
        elif kind == "websocket":
            if self.sockets is None:
                # Not before the first one: a command that only serves pages needs nothing of it.
                from sidebyside.config.sockets import Sockets

                self.sockets = Sockets()
            await self.sockets(scope, receive, send)
        else:
            await self.page(scope, receive, send)

    async def page(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer with a page, once what the browser sends is there; what takes its time does so in other threads."""
        if scope["method"] in ("GET", "HEAD"):
            await (self.print if scope["path"].endswith(PRINT) else self.pages)(scope, receive, send)
        elif not bodies.is_small(scope):
            await self.files(scope, bodies.patient(receive), send)
        elif whole := await bodies.taken(receive):
            await self.pages(scope, whole, send)
        else:
            await send({"type": "http.response.start", "status": 408, "headers": [(b"connection", b"close")]})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def live(self, receive: Receive, send: Send) -> None:
        """Start, wait for the end, and leave no database connection open behind."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.load()
                await send({"type": "lifespan.startup.complete"})
            else:
                if self.sockets is not None:
                    await self.sockets.stop()
                    self.sockets = None
                await asyncio.gather(
                    asyncio.to_thread(close_connections, self.pages.executor, THREADS),
                    asyncio.to_thread(close_connections, self.files.executor, FOR_FILES),
                    asyncio.to_thread(close_connections, self.print.executor, FOR_PRINT),
                )
                await send({"type": "lifespan.shutdown.complete"})
                return


def load_for_good() -> None:
    """Load the code of all pages, and keep the garbage collector from it: to walk over all of it takes a fifth of a
    second, again and again, in which nobody's letters arrive."""
    _pages = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.config.settings")
application = Application(get_wsgi_application(), load=load_for_good)
