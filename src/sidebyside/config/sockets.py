"""Every address of a web socket, for those who come from a page of this installation."""

import contextlib
import logging
from typing import Any

from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator, WebsocketDenier
from django.conf import settings
from django.urls import path
from django.urls.exceptions import Resolver404
from django.utils import timezone

from sidebyside.base.live.rooms import Rooms
from sidebyside.lessons import text as lesson_text
from sidebyside.web.lessons import live

NOT_THERE, FAILED = 4404, 1011

_log = logging.getLogger(__name__)


class Sockets:
    """Answers sockets of one event loop, in which it is made."""

    def __init__(self) -> None:
        self.rooms = Rooms(
            count=lesson_text.characters, roots=lesson_text.kind_of_root, clock=timezone.now, all_news=live.NEWS
        )
        # (Django's stubs want a view; Channels takes any application)
        router = URLRouter([path("lessons/<int:pk>/live/", live.answer)])  # type: ignore[arg-type]
        self._checked = AllowedHostsOriginValidator(router)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one socket."""
        try:
            if not of_our_page(dict(scope["headers"])):
                await WebsocketDenier()(scope, receive, send)
                return
            await self._checked({**scope, "rooms": self.rooms}, receive, send)
        except (Resolver404, ValueError):  # (the router's way to say that there is no such address)
            await _close(send, NOT_THERE)
        except OSError:
            pass  # its browser has gone
        except Exception as fault:  # by its kind alone: what was sent through a socket stands in no log
            _log.error("A socket failed: %s.", type(fault).__name__)
            await _close(send, FAILED)

    async def stop(self) -> None:
        """Close all of them."""
        await self.rooms.stop()


def of_our_page(headers: dict[bytes, bytes]) -> bool:
    """Whether the page that asks is of the address it asks, or of one that forms are taken from: another program on
    another port of this host gets the same cookies."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    return origin in (f"http://{host}", f"https://{host}", *settings.CSRF_TRUSTED_ORIGINS)


async def _close(send: Any, code: int) -> None:
    with contextlib.suppress(OSError, RuntimeError):  # it is closed already
        await send({"type": "websocket.close", "code": code})
