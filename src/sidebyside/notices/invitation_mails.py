"""What an invitation says: a subject that tells nothing but when, a few plain words with one link, and the iCalendar
part, in the language and the time zone of whoever gets it. The text names nobody; the calendar entry does, as an entry
that does not say with whom is of no use to her."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from sidebyside.base.signed import signed
from sidebyside.calendars.models import Appointment, Attendee, Series
from sidebyside.calendars.queries import zone_of
from sidebyside.calendars.repeating import beginnings
from sidebyside.calendars.writing import Answer, Entry, cancellation, invitation
from sidebyside.calendars.writing import Attendee as Invited
from sidebyside.notices.entries import label, others_than, page_of
from sidebyside.notices.mails import language_of
from sidebyside.people.models import Person

ANSWER = "answer"  # the purpose of the secret in an address by which somebody answers


def single(to: Person, attendee: Attendee) -> EmailMultiAlternatives:
    """The mail about one appointment, or about one time of a series."""
    appointment = _with_people(attendee.appointment)
    with translation.override(language_of(to)), timezone.override(zone_of(to.pk)):
        sequence = appointment.sequence
        if appointment.series is not None:
            sequence = revision(appointment.series, list(appointment.series.appointments.all()))
        entry = _entry(appointment, to, attendee, sequence=sequence, one_of=appointment.series)
        when = in_words(appointment.begin)
        if appointment.cancelled_at is not None:
            subject = _("Cancelled: the appointment on %(when)s") % {"when": when}
            first = _("This appointment does not take place.")
        elif attendee.told_sequence is not None:
            subject = _("Changed: an appointment on %(when)s") % {"when": when}
            first = _("This appointment has changed.")
        else:
            subject = _("An appointment on %(when)s") % {"when": when}
            first = _("There is an appointment for you.")
        lines = [first, time_and_place(appointment), *_what_to_do(appointment, attendee)]
        return _mail(to, subject, lines, entry)


def whole_series(to: Person, rows: Sequence[Attendee]) -> EmailMultiAlternatives:
    """The mail about a series, with the times of it that were changed or left out. `rows` are those of her attendances
    that she is to be told of."""
    series = rows[0].appointment.series
    if series is None:
        raise ValueError("These are no times of a series.")
    every = list(series.appointments.order_by("first_begin").prefetch_related("attendees__person"))
    mine = {one.appointment_id: one for time in every for one in time.attendees.all() if one.person_id == to.pk}
    times = [time for time in every if time.pk in mine]  # who left comes to no later ones
    alive = [time for time in times if time.cancelled_at is None]
    with translation.override(language_of(to)), timezone.override(zone_of(to.pk)):
        entry = _series_entry(series, times, alive, to, mine, sequence=revision(series, every))
        known = any(one.told_sequence is not None for one in mine.values())
        when = in_words((alive or times)[0].begin)
        if not alive:
            subject = _("Cancelled: the appointments from %(when)s") % {"when": when}
            first = _("These appointments do not take place.")
        elif known:
            subject = _("Changed: the appointments from %(when)s") % {"when": when}
            first = _("Some of these appointments have changed.")
        else:
            subject = _("Appointments from %(when)s") % {"when": when}
            first = _("There are appointments for you.")
        shown = alive[:12]
        times_in_words = "\n".join(time_and_place(time, zone=False) for time in shown)
        if len(alive) > len(shown):
            times_in_words += "\n" + _("and %(count)s more") % {"count": len(alive) - len(shown)}
        lines = [first, times_in_words, zone_in_words()] if shown else [first]
        first_of_all = (alive or times)[0]
        lines += _what_to_do(first_of_all, mine[first_of_all.pk])
        return _mail(to, subject, lines, entry)


def gone(to: Person, attendee: Attendee, *, at: datetime) -> EmailMultiAlternatives:
    """The mail that takes an appointment out of the calendar of who comes to it no more, or a whole series, for which
    one of its times stands. Others still come: it is cancelled for her alone."""
    appointment = _with_people(attendee.appointment)
    series = appointment.series
    with translation.override(language_of(to)), timezone.override(zone_of(to.pk)):
        when = in_words(appointment.begin)
        if series is None:
            subject = _("You no longer come: the appointment on %(when)s") % {"when": when}
        else:
            subject = _("You no longer come: the appointments from %(when)s") % {"when": when}
        sequence = appointment.sequence if series is None else revision(series, list(series.appointments.all()))
        entry = _entry(appointment, to, attendee, sequence=sequence + 1, one_of=None)
        entry = replace(entry, cancelled=True, stamp=at)
        if series is not None:
            end = series.begin + timedelta(minutes=series.minutes)
            entry = replace(entry, begin=series.begin, end=end, rule=series.rule)
        first = _("You have left, so nobody expects you there any more. There is nothing to do.")
        return _mail(to, subject, [first, time_and_place(appointment)], entry)


# The text


def in_words(moment: datetime) -> str:
    """A moment in the reader's zone: "Thursday 26 November, 10:40"."""
    here = timezone.localtime(moment)
    return _("%(day)s, %(time)s") % {"day": formats.date_format(here, "l j F"), "time": f"{here:%H:%M}"}


def time_and_place(appointment: Appointment, *, zone: bool = True) -> str:
    """When in the reader's zone, and where: one line, and one for the zone."""
    here, until = timezone.localtime(appointment.begin), timezone.localtime(appointment.end)
    values = {"day": formats.date_format(here, "l j F Y"), "begin": f"{here:%H:%M}", "end": f"{until:%H:%M}"}
    line = _("%(day)s, %(begin)s to %(end)s") % values
    if appointment.room:
        line += ", " + appointment.room
    return f"{line}\n{zone_in_words()}" if zone else line


def zone_in_words() -> str:
    """Which zone the times of a mail are in."""
    return _("(times of %(zone)s)") % {"zone": timezone.get_current_timezone_name().replace("_", " ")}


def _what_to_do(appointment: Appointment, attendee: Attendee) -> list[str]:
    """The one link, and how to have no such mails."""
    if appointment.cancelled_at is not None:
        link = _("You need not do anything. More: %(address)s") % {"address": page_of(appointment)}
    elif attendee.answer == Attendee.Answer.ASKED:
        address = settings.SITE_URL + reverse("answer", args=[signed(ANSWER, attendee.pk)])
        link = _("What it is, and yes, no or perhaps, without signing in: %(address)s") % {"address": address}
    else:
        link = _("You come, so there is nothing to answer. Move or cancel it here: %(address)s") % {
            "address": page_of(appointment)
        }
    stop = _("You get this mail because you are to come. You can stop such mails on your page: %(address)s")
    return [link, stop % {"address": f"{settings.SITE_URL}/me/"}]


# The iCalendar part


def revision(series: Series, times: Iterable[Appointment]) -> int:
    """The sequence of whatever is told of a series: it grows with every change to any of its times."""
    return series.sequence + sum(time.sequence for time in times)


def organizer(attendee: Attendee) -> tuple[str, str]:
    """Who invites, by the mail: the mailbox for answers with a secret of hers, else the sender of all mails."""
    address = settings.MAIL_ANSWERS or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if settings.MAIL_ANSWERS:
        name, _at, domain = address.rpartition("@")
        address = f"{name}+{signed(ANSWER, attendee.pk)}@{domain}"
    return "Side by Side", address


def _invited(to: Person, attendee: Attendee) -> Invited:
    return Invited(to.name, to.email or "", cast(Answer, str(attendee.answer)))


def _entry(appointment: Appointment, to: Person, attendee: Attendee, *, sequence: int, one_of: Series | None) -> Entry:
    return Entry(
        uid=appointment.uid,
        sequence=sequence,
        begin=appointment.begin,
        end=appointment.end,
        zone=appointment.zone,
        summary=label(appointment, others_than(to.pk, appointment)),
        stamp=appointment.changed_at,
        location=appointment.room,
        address_url=page_of(appointment),
        cancelled=appointment.cancelled_at is not None,
        recurrence_id=appointment.first_begin if one_of is not None else None,
        organizer=organizer(attendee),
        attendees=(_invited(to, attendee),),
    )


def _series_entry(
    series: Series,
    times: Sequence[Appointment],
    alive: Sequence[Appointment],
    to: Person,
    mine: dict[int, Attendee],
    *,
    sequence: int,
) -> Entry:
    """A series with its rule; the times that were left out or cancelled are named, and those that were changed."""
    length = timedelta(minutes=series.minutes)
    kept = {time.first_begin for time in alive}
    pattern = next((time for time in alive if not time.sequence), times[0])
    changed = [time for time in alive if (time.begin, time.end) != (time.first_begin, time.first_begin + length)]
    changed += [time for time in alive if time.room != pattern.room and time not in changed]
    first = mine[(alive or times)[0].pk]
    return Entry(
        uid=series.uid,
        sequence=sequence,
        begin=series.begin,
        end=series.begin + length,
        zone=series.zone,
        summary=label(pattern, others_than(to.pk, pattern)),
        stamp=max(time.changed_at for time in times),
        location=pattern.room,
        address_url=page_of((alive or times)[0]),
        cancelled=not alive,
        rule=series.rule,
        left_out=tuple(at for at in beginnings(series.rule, series.begin, series.zone) if at not in kept),
        changed=tuple(_entry(time, to, mine[time.pk], sequence=sequence, one_of=series) for time in changed),
        organizer=organizer(first),
        attendees=(_invited(to, first),),
    )


def _with_people(appointment: Appointment) -> Appointment:
    with_people = Appointment.objects.select_related("series").prefetch_related("attendees__person")
    return with_people.get(pk=appointment.pk)


def _mail(to: Person, subject: str, lines: list[str], entry: Entry) -> EmailMultiAlternatives:
    address, method = to.email or "", "CANCEL" if entry.cancelled else "REQUEST"
    data = cancellation(entry, to=address) if entry.cancelled else invitation(entry, to=address)
    mail = EmailMultiAlternatives(subject, "\n\n".join(lines) + "\n", to=[address])
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    if settings.MAIL_ANSWERS and entry.organizer is not None:
        mail.reply_to = [entry.organizer[1]]
    mail.attach_alternative(data.decode(), f"text/calendar; method={method}")
    return mail
