"""Mails about cover: somebody is asked to take a lesson, need not take it any more, and "your lesson is taken".

A question names the lesson and whose it is, since she must know to answer; its notes are sealed and stand behind the
sign-in alone. It is answered with one press and without signing in. About a lesson of today a mail goes at once; about
a later day between seven and six by the school's clock, never at night. What was told is written down after the mail
server took it, and what was missed goes within the hour.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from sidebyside.base.later import later
from sidebyside.base.models import Event
from sidebyside.base.signed import signed
from sidebyside.calendars.queries import zone_at
from sidebyside.cover.models import CoverOffer
from sidebyside.cover.queries import ANSWER_PURPOSE
from sidebyside.notices.mails import language_of
from sidebyside.notices.sending import Letter, send_all
from sidebyside.people.models import Person

MORNING, EVENING = time(7), time(18)
MOST_AT_ONCE = 2_000

_one_at_a_time = threading.Lock()


def tell(event: Event) -> None:
    """Reader of what is asked, accepted and withdrawn: the mail goes once it is certain."""
    offer = event.about_id
    transaction.on_commit(lambda: later(send_untold_cover, at=event.at, offer=offer))


def send_untold_cover(*, at: datetime, offer: int | None = None) -> int:
    """Send the mails about one offer, or all that were missed, as far as it is time. Returns how many went. What the
    mail server does not take is tried again in an hour."""
    with _one_at_a_time:
        return send_all(
            _letter(told, rows, mail, row, at)
            for told, rows, mail in _kinds(at)
            for row in _wanted(rows, offer)
            if is_time(row, since=_since(told, row), at=at)
        )


Mail = Callable[[CoverOffer], EmailMessage]


def _kinds(at: datetime) -> list[tuple[str, QuerySet[CoverOffer], Mail]]:
    """Each kind of mail: which field says that it went, whom none has told yet, and what it says. The order is that
    in which they are to come. Who was told nothing and says yes herself needs no mail: `told_at` says that she knows.
    Where the desk wrote down that she agreed, she is told that it did."""
    ahead = CoverOffer.objects.filter(end__gt=at)
    alive = ahead.filter(no_at=None, withdrawn_at=None, asked_at__isnull=False)
    withdrawn = ahead.filter(withdrawn_at__isnull=False, told_at__isnull=False, told_withdrawn_at=None)
    taken = alive.filter(yes_at__isnull=False, told_taken_at=None)
    return [
        ("told_withdrawn_at", withdrawn.filter(_reached("person")), _withdrawal),
        ("told_at", alive.filter(_reached("person"), told_at=None), _question),
        ("told_taken_at", taken.filter(_reached("request__person")), _taken),
    ]


def _reached(path: str) -> Q:
    """Who gets mails: she works here still, has a mailbox and wants them."""
    here = Q(**{f"{path}__left_at": None, f"{path}__mails_stopped_at": None, f"{path}__email__isnull": False})
    return here & ~Q(**{f"{path}__email": ""})


def _wanted(rows: QuerySet[CoverOffer], offer: int | None) -> QuerySet[CoverOffer]:
    rows = rows.filter(pk=offer) if offer is not None else rows
    rows = rows.select_related("person", "substitute", "request__person", "request__school")
    return rows.order_by("begin", "pk")[:MOST_AT_ONCE]


def _since(told: str, offer: CoverOffer) -> datetime | None:
    return {"told_withdrawn_at": offer.withdrawn_at, "told_at": offer.yes_at or offer.asked_at}.get(told, offer.yes_at)


def is_time(offer: CoverOffer, *, since: datetime | None, at: datetime) -> bool:
    """Whether a mail about this may go now: by day, and at any hour where it came up on the very day of the lesson."""
    zone = zone_at(offer.request.school_id)
    here = at.astimezone(zone)
    if since is not None and since.astimezone(zone).date() == offer.on == here.date():
        return True
    return MORNING <= here.time() < EVENING


def _letter(told: str, rows: QuerySet[CoverOffer], mail: Mail, offer: CoverOffer, at: datetime) -> Letter:
    def sent() -> None:
        CoverOffer.objects.filter(pk=offer.pk).update(**{told: at})

    return Letter(is_due=rows.filter(pk=offer.pk).exists, mail=lambda: mail(offer), sent=sent)


# What they say


def _mail(to: Person | None, offer: CoverOffer, write: Callable[[], tuple[str, list[str]]]) -> EmailMessage:
    """A mail in the words of who gets it, with the times of the school's clock."""
    if to is None or not to.email:
        raise ValueError("There is nobody to write to.")
    zone: ZoneInfo = zone_at(offer.request.school_id)
    with translation.override(language_of(to)), timezone.override(zone):
        subject, lines = write()
        lines.append(_("You can stop such mails on your page: %(address)s") % {"address": f"{settings.SITE_URL}/me/"})
        return EmailMessage(subject, "\n\n".join(lines) + "\n", to=[to.email])


def _when(offer: CoverOffer) -> str:
    begin, end = timezone.localtime(offer.begin), timezone.localtime(offer.end)
    values = {"day": formats.date_format(begin, "l j F"), "begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}
    return _("%(day)s, %(begin)s–%(end)s") % values


def _lesson(offer: CoverOffer) -> str:
    """The lesson in a few lines: when, class and subject, room, whose."""
    request = offer.request
    what = " ".join(part for part in (", ".join(request.classes), request.subject) if part)
    lines = [_when(offer)]
    if what:
        lines.append(_("Class: %(what)s") % {"what": what})
    if request.rooms:
        lines.append(_("Room: %(rooms)s") % {"rooms": ", ".join(request.rooms)})
    lines.append(_("Whose lesson: %(name)s") % {"name": request.person.name})
    return "\n".join(lines)


def _question(offer: CoverOffer) -> EmailMessage:
    def write() -> tuple[str, list[str]]:
        answer = reverse("cover_answer", args=[signed(ANSWER_PURPOSE, offer.pk)])
        page = reverse("cover_request", args=[offer.request_id])
        if offer.yes_at:
            subject, first = (
                _("You take a lesson"),
                _("As the cover desk of your school wrote down, you take this lesson:"),
            )
            last = _("If you cannot after all, say so here, without signing in: %(address)s")
        else:
            subject, first = (
                _("Can you take a lesson?"),
                _("The cover desk of your school asks whether you can take this lesson:"),
            )
            last = _("Yes or no, with one press and without signing in: %(address)s")
        return subject, [
            first,
            _lesson(offer),
            last % {"address": settings.SITE_URL + answer},
            _("If you cannot, no reason is asked."),
            _("Notes for the lesson, if there are any, stand here once you are signed in: %(address)s")
            % {"address": settings.SITE_URL + page},
        ]

    return _mail(offer.person, offer, write)


def _withdrawal(offer: CoverOffer) -> EmailMessage:
    def write() -> tuple[str, list[str]]:
        return _("You need not take a lesson"), [
            _("You were asked to take this lesson. That is not needed any more:"),
            _lesson(offer),
            _("There is nothing to do. Thank you."),
        ]

    return _mail(offer.person, offer, write)


def _taken(offer: CoverOffer) -> EmailMessage:
    def write() -> tuple[str, list[str]]:
        who = offer.person.name if offer.person else offer.substitute.name if offer.substitute else ""
        page = reverse("cover_request", args=[offer.request_id])
        return _("Somebody takes your lesson"), [
            _("%(name)s takes your lesson:") % {"name": who},
            _lesson(offer),
            _("You can write notes for it here, once you are signed in: %(address)s")
            % {"address": settings.SITE_URL + page},
        ]

    return _mail(offer.request.person, offer, write)
