"""What stands of an appointment or a cover duty in other calendars: kind, names, room and time, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sidebyside import policy
from sidebyside.base.signed import signed
from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.calendars.queries import in_calendar, zone_of
from sidebyside.calendars.writing import Entry, feed
from sidebyside.cover.models import CoverOffer
from sidebyside.notices.mails import language_of
from sidebyside.people.models import Person

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST_ENTRIES = 2_000


def label(appointment: Appointment, others: Iterable[Person]) -> str:
    """What an appointment is called in a calendar: "Visit: Ben Okafor". Her own time says nothing more."""
    names = ", ".join(person.name for person in others)
    what = appointment.get_kind_display()
    return _("%(what)s: %(names)s") % {"what": what, "names": names} if names else str(what)


def others_than(person: int, appointment: Appointment) -> list[Person]:
    """Who is to come beside her. (The attendees and their persons were fetched.)"""
    return [one.person for one in appointment.attendees.all() if one.person_id != person]


def page_of(appointment: Appointment) -> str:
    """The whole address of an appointment's page."""
    return settings.SITE_URL + reverse("appointment", args=[appointment.pk])


def cover_label(offer: CoverOffer) -> str:
    """What a cover duty is called in a calendar: "Cover: class 7A, room 12". Never whose lesson it is, or why."""
    request = offer.request
    what = _("Cover") if offer.yes_at else _("Cover, if you say yes")
    where = []
    if request.classes:
        where.append(_("class %(classes)s") % {"classes": ", ".join(map(str, request.classes))})
    if request.rooms:
        where.append(_("room %(rooms)s") % {"rooms": ", ".join(map(str, request.rooms))})
    return _("%(what)s: %(names)s") % {"what": what, "names": ", ".join(where)} if where else what


# The feed


def calendar_of(person: Person, *, at: datetime, back: timedelta = BACK) -> bytes:
    """The calendar of a person as other programs read it: her appointments but those she declined, and the lessons she
    covers or is asked to cover, from `back` (60 days) ago to 400 days ahead. In her language and zone."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)  # so that it stays the same all day long
    begin, end, zone = day - back, day + AHEAD, zone_of(person.pk)
    with translation.override(language_of(person)), timezone.override(zone):
        entries = [*_appointments(person, begin, end), *_duties(person, begin, end, zone.key)]
        return feed(entries, name=_("Side by Side: %(name)s") % {"name": person.name}, zone=zone.key)


def _appointments(person: Person, begin: datetime, end: datetime) -> list[Entry]:
    mine = Attendee.objects.filter(person=person).exclude(answer=Attendee.Answer.NO).values("appointment")
    rows = in_calendar(Appointment.objects.filter(pk__in=mine), begin=begin, end=end)
    return [
        Entry(
            uid=_uid(row),
            sequence=row.sequence,
            begin=row.begin,
            end=row.end,
            zone=row.zone,
            summary=label(row, others_than(person.pk, row)),
            stamp=row.changed_at,
            location=row.room,
            address_url=page_of(row),
        )
        for row in rows[:MOST_ENTRIES]
    ]


def _uid(row: Appointment) -> str:
    """In a feed each time of a series stands for itself: it has been moved, or may be, and not every program brings a
    changed time and its series together."""
    if row.series_id is None:
        return row.uid
    name, _at, site = row.uid.partition("@")
    return f"{name}-{row.first_begin:%Y%m%dT%H%M%SZ}@{site}"


def duties_of(person: Person, *, begin: datetime, end: datetime) -> Sequence[CoverOffer]:
    """The lessons of others that she takes, or is asked to take, between two moments. One query."""
    seen = policy.seen(person, CoverOffer).filter(person=person, no_at=None, withdrawn_at=None)
    between = seen.filter(begin__lt=end, end__gt=begin, request__cancelled_at=None)
    return list(between.select_related("request").order_by("begin", "pk"))


def _duties(person: Person, begin: datetime, end: datetime, zone: str) -> list[Entry]:
    return [
        Entry(
            uid=f"cover-{signed('cover', offer.pk)}@sidebyside",
            sequence=1 if offer.yes_at else 0,
            begin=offer.begin,
            end=offer.end,
            zone=zone,
            summary=cover_label(offer),
            stamp=offer.yes_at or offer.asked_at or offer.proposed_at,
            location=", ".join(map(str, offer.request.rooms)),
            address_url=settings.SITE_URL + reverse("my_cover"),
        )
        for offer in duties_of(person, begin=begin, end=end)[:MOST_ENTRIES]
    ]
