"""A lesson that several people write at the same time: its state to begin with, and the socket."""

import asyncio
import re
from functools import partial
from typing import Any

import brotli
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, parse_cookie
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sidebyside import policy
from sidebyside.base.live import documents, rooms
from sidebyside.base.live.seats import FINE, NOT_SPOKEN, NOT_THERE, NOT_YOURS, SIGNED_OUT, Guest, Seat
from sidebyside.base.refusals import Refused
from sidebyside.lessons.actions.lessons import must_be_open
from sidebyside.lessons.models import Lesson

LANGUAGES = dict(settings.LANGUAGES)
# Of what beside its text a page is told that it changed.
NEWS = ("remarks", "versions", "files", "lesson")
TAKES_BROTLI = re.compile(r"\bbr\b")


@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """All that a lesson says, as one Yjs update, for who may write in it."""
    lesson = policy.ask(request.user, "change lesson", Lesson, pk, "document", "partnership")
    try:
        must_be_open(lesson)
        content = documents.state_of(lesson.document)
    except (Refused, documents.Gone):
        raise PermissionDenied from None
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if TAKES_BROTLI.search(request.headers.get("Accept-Encoding", "")):
        # A long history is a tenth smaller than with gzip, in half the time. (For others the middleware does it.)
        content = brotli.compress(content, quality=5)
        headers["Content-Encoding"] = "br"
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


def tell(lesson: Lesson, of: str) -> None:
    """Say to all who have this lesson open that something of it (one of NEWS) changed, once that is written. Their
    pages fetch it anew."""
    transaction.on_commit(partial(rooms.tell_news, lesson.document_id, of))


# The socket


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """Answer one socket from its opening to its end."""
    if (await receive())["type"] != "websocket.connect":
        return
    # A socket that is refused before it is open cannot say why.
    await send({"type": "websocket.accept"})
    live: rooms.Rooms = scope["rooms"]
    request = as_request(scope)
    guest = await live.run(admit, request, scope["url_route"]["kwargs"]["pk"])
    try:
        if not isinstance(guest, Guest):
            raise rooms.NoRoom(guest)
        seat = await live.enter(guest)
    except rooms.NoRoom as fault:
        await send({"type": "websocket.close", "code": fault.code})
        return
    sending, taking = asyncio.create_task(seat.sending(send)), asyncio.create_task(take_all(seat, receive))

    def end(sent: asyncio.Task[None]) -> None:
        # Closed here, or she takes nothing any more. Where her browser has gone, what it sent before is taken first.
        if not sent.cancelled() and not isinstance(sent.exception(), OSError):
            taking.cancel()

    sending.add_done_callback(end)
    try:
        await asyncio.wait([taking])
    finally:
        live.leave(seat)
        sending.cancel()
        taking.cancel()
        await asyncio.gather(sending, taking, return_exceptions=True)
    if not taking.cancelled():
        taking.result()


async def take_all(seat: Seat, receive: Any) -> None:
    """Give a seat what its browser sends, until that goes away."""
    while (message := await receive())["type"] == "websocket.receive":
        if message.get("bytes"):
            await seat.take(message["bytes"])
        else:
            seat.close(NOT_SPOKEN)


def as_request(scope: Any) -> HttpRequest:
    """What a page would know of who asks: cookies and languages."""
    headers = dict(reversed(scope["headers"]))
    request = HttpRequest()
    request.COOKIES = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    request.META["HTTP_ACCEPT_LANGUAGE"] = headers.get(b"accept-language", b"").decode("latin-1")
    return request


def admit(request: HttpRequest, pk: int) -> Guest | int:
    """A guest of the lesson, or the code to close her socket with."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    found = found_by(key, pk)
    if isinstance(found, int):
        return found
    person, lesson = found
    language = person.language or request.COOKIES.get("language") or ""
    if language not in LANGUAGES:
        language = translation.get_language_from_request(request)
    return Guest(
        person=person.pk,
        name=person.name,
        session=key,
        about=("lesson", lesson.pk),
        partnership=lesson.partnership_id,
        document=lesson.document_id,
        scope=lesson.document.scope,
        ask=partial(still, key, person.pk, lesson.pk),
        say=partial(say, language),
    )


def found_by(key: str, pk: int, *, unseen: int = NOT_THERE) -> tuple[Any, Lesson] | int:
    """The person of a session and the lesson she may change, or the code to close her socket with; `unseen` is that
    for a lesson she does not see."""
    request = HttpRequest()
    request.session = SessionStore(key or None)
    person = get_user(request)
    if not person.is_authenticated:
        return SIGNED_OUT
    try:
        lesson = policy.ask(person, "change lesson", Lesson, pk, "document", "partnership")
        if lesson.removed_at is not None:
            return NOT_THERE
        must_be_open(lesson)
    except Http404:
        return unseen
    except (PermissionDenied, Refused):
        return NOT_YOURS
    return person, lesson


def still(key: str, person: int, pk: int) -> int:
    """Whether who came with this session may still change the lesson: FINE, or the code to close her socket with."""
    found = found_by(key, pk, unseen=NOT_YOURS)
    if isinstance(found, int):
        return found
    return FINE if found[0].pk == person else SIGNED_OUT


def say(language: str, why: str) -> str:
    """Why a change is not kept, in her language."""
    with translation.override(language):
        if why == "too_fast":
            return _("More changes came at once than anybody can write. The page connects again in a moment.")
        if why == "too_large":
            return _("This lesson has grown too large. Take something out, or go on in another lesson.")
        if why == "too_long":
            return _("A lesson holds 200,000 characters. Take something out, or go on in another lesson.")
        return _("This change could not be read and was not kept. Load the page again.")
