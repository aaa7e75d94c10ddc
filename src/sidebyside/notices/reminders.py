"""Reminders at humane hours: one mail with what tomorrow brings, between five and six in the evening of who gets it.

None goes in the night, and none at the weekend unless something lies there. What an evening did not bring (it was a
weekend, or it came into the calendar later) a mail brings in the morning of that day, between seven and nine. What
was told by mail within the last hours is not told again, and nothing is ever said to be late.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from sidebyside.calendars.models import Attendee
from sidebyside.calendars.queries import zones_of
from sidebyside.cover.models import CoverOffer
from sidebyside.notices.entries import cover_label
from sidebyside.notices.mails import language_of
from sidebyside.notices.sending import Letter, send_all
from sidebyside.people.models import Person

EVENING, MORNING = (time(17), time(18)), (time(7), time(9))
JUST_TOLD = timedelta(hours=12)
SATURDAY = 5


@dataclass
class Day:
    """What a day brings somebody that she is to be reminded of."""

    person: Person
    zone: ZoneInfo
    on: date
    appointments: list[Attendee] = field(default_factory=list)
    duties: list[CoverOffer] = field(default_factory=list)


def day_to_tell(now: datetime) -> date | None:
    """Of which day somebody is told at this moment by her own clock (aware); None at an hour at which nobody is."""
    here, today = now.time(), now.date()
    tomorrow = today + timedelta(days=1)
    if EVENING[0] <= here < EVENING[1]:
        # At the weekend only of what lies on the weekend: Monday's things wait for Monday morning.
        return tomorrow if today.weekday() < SATURDAY or tomorrow.weekday() >= SATURDAY else None
    return today if MORNING[0] <= here < MORNING[1] else None


def remind(*, at: datetime) -> int:
    """Send the reminders for which it is time where their readers live. Returns how many mails went."""
    return send_all(_letter(day, at) for day in _days(at))


def _letter(day: Day, at: datetime) -> Letter:
    hers = Attendee.objects.filter(pk__in=[one.pk for one in day.appointments])
    duties = CoverOffer.objects.filter(pk__in=[one.pk for one in day.duties])

    def is_due() -> bool:
        return hers.filter(reminded_at=None).exists() or duties.filter(reminded_at=None).exists()

    def sent() -> None:
        hers.update(reminded_at=at)
        duties.update(reminded_at=at)

    return Letter(is_due=is_due, mail=lambda: _mail(day), sent=sent)


def _days(at: datetime) -> Iterable[Day]:
    until = at + timedelta(hours=56)  # the end of tomorrow, wherever on earth
    coming, taken = _coming(at, until), _taken(at, until)
    people: dict[int, Person] = {one.person_id: one.person for one in coming}
    people |= {one.person.pk: one.person for one in taken if one.person is not None}
    zones = zones_of(people)
    days = {}
    for pk, person in people.items():
        on = day_to_tell(at.astimezone(zones[pk]))
        if on is not None:
            days[pk] = Day(person, zones[pk], on)
    for one in coming:
        found = days.get(one.person_id)
        if found and one.appointment.begin.astimezone(found.zone).date() == found.on:
            found.appointments.append(one)
    for offer in taken:
        found = days.get(offer.person_id or 0)
        if found and offer.begin.astimezone(found.zone).date() == found.on:
            found.duties.append(offer)
    return [day for day in days.values() if day.appointments or day.duties]


REACHED = Q(person__left_at=None, person__mails_stopped_at=None, person__email__isnull=False) & ~Q(person__email="")


def _coming(at: datetime, until: datetime) -> list[Attendee]:
    """Who comes to something in this time, was not reminded of it, and was not told of it only now."""
    rows = Attendee.objects.filter(
        REACHED,
        Q(told_at=None) | Q(told_at__lte=at - JUST_TOLD),
        appointment__cancelled_at=None,
        appointment__begin__gt=at,
        appointment__begin__lt=until,
        reminded_at=None,
    ).exclude(answer=Attendee.Answer.NO)
    return list(rows.select_related("person", "appointment").order_by("appointment__begin", "pk"))


def _taken(at: datetime, until: datetime) -> list[CoverOffer]:
    """The lessons that somebody said she takes."""
    rows: QuerySet[CoverOffer] = CoverOffer.objects.filter(
        REACHED, yes_at__lte=at - JUST_TOLD, no_at=None, withdrawn_at=None, reminded_at=None, begin__gt=at
    )
    return list(rows.filter(begin__lt=until).select_related("person", "request").order_by("begin", "pk"))


def _mail(day: Day) -> EmailMessage:
    with translation.override(language_of(day.person)), timezone.override(day.zone):
        lines = [(one.appointment.begin, _of_appointment(one)) for one in day.appointments]
        lines += [(one.begin, _line(one.begin, one.end, cover_label(one))) for one in day.duties]
        # (by the time alone: lazy texts are not compared)
        listed = "\n".join(line for _begin, line in sorted(lines, key=lambda pair: pair[0]))
        name = formats.date_format(day.on, "l j F")
        text = [
            listed,
            _("Your calendar: %(address)s") % {"address": settings.SITE_URL + reverse("calendar")},
            _("You can stop such mails on your page: %(address)s") % {"address": f"{settings.SITE_URL}/me/"},
        ]
        subject = _("In your calendar on %(day)s") % {"day": name}
        mail = EmailMessage(subject, "\n\n".join(text) + "\n", to=[day.person.email or ""])
        mail.extra_headers["Auto-Submitted"] = "auto-generated"
        return mail


def _of_appointment(one: Attendee) -> str:
    appointment = one.appointment
    what = appointment.get_kind_display()
    if appointment.room:
        what = _("%(what)s, %(room)s") % {"what": what, "room": appointment.room}
    return _line(appointment.begin, appointment.end, what)


def _line(begin: datetime, end: datetime, what: str) -> str:
    first, last = timezone.localtime(begin), timezone.localtime(end)
    return _("%(begin)s to %(end)s  %(what)s") % {"begin": f"{first:%H:%M}", "end": f"{last:%H:%M}", "what": what}
