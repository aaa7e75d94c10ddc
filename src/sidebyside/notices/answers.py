"""Answers to invitations that come back: by the link in the mail, and by a mail from a calendar program.

Both carry a secret that stands for one person's invitation. Another time that a program proposes is kept as "perhaps"
with that time beside it: the page shows it, and whoever moves the appointment takes it over or not. No mail is ever
answered by a mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.marking import N_
from sidebyside.base.refusals import Refused
from sidebyside.base.signed import unsigned
from sidebyside.calendars.actions.appointments import LONGEST, answer
from sidebyside.calendars.models import Attendee
from sidebyside.calendars.replies import NO_TIME, Reply, ReplyRefused, placed, read_reply
from sidebyside.calendars.zone_blocks import known
from sidebyside.notices.invitation_mails import ANSWER, revision

FARTHEST = timedelta(days=730)  # so far ahead somebody may propose another time
FORMER = N_("This answer is about a former time of the appointment.")


def invited(secret: str) -> Attendee | None:
    """Whose invitation this secret stands for, with her appointment; None for any other text. One query."""
    number = unsigned(ANSWER, secret)
    rows = Attendee.objects.filter(pk=number, person__left_at=None) if number is not None else Attendee.objects.none()
    return rows.select_related("person", "appointment__series").first()


def receive(message: bytes, *, at: datetime) -> int:
    """Take the answer that a mail brings. Returns how many appointments were answered: none where a machine wrote the
    mail, or where a later answer is known. Of several answers in one mail all are taken or none. Raises Refused with a
    sentence for the log."""
    try:
        reply = read_reply(message)
    except ReplyRefused as refused:
        raise Refused(_(refused.sentence) % refused.values) from None
    if reply is None:
        return 0
    if not settings.MAIL_ANSWERS:
        raise Refused(_("MAIL_ANSWERS does not say which mailbox takes answers."))
    mailbox = settings.MAIL_ANSWERS.rpartition("@")[0]
    attendee = next(filter(None, map(invited, reply.tokens(mailbox))), None)
    if attendee is None:
        raise Refused(_("This mail was not sent to the address of an invitation."))
    with transaction.atomic():
        return sum(_take(attendee, each, at) for each in (reply, *reply.further))


def _take(attendee: Attendee, reply: Reply, at: datetime) -> int:
    if reply.uid != attendee.appointment.uid:
        raise Refused(_("This answer is about another appointment than the address it was sent to."))
    rows = list(_meant(attendee, reply, at))
    if not rows:
        raise Refused(_("This answer is about a time that is not in the calendar any more."))
    series = attendee.appointment.series
    former = series is not None and reply.sequence < revision(series, series.appointments.all())
    taken, why = 0, None
    for row in rows:
        try:
            if former and row.appointment.sequence and not (reply.stamp and reply.stamp >= row.appointment.changed_at):
                raise Refused(_(FORMER))
            taken += _take_one(row, reply, at)
        except Refused as refused:
            why = refused
    if why is not None and not taken:
        raise why
    return taken


def _meant(attendee: Attendee, reply: Reply, at: datetime) -> list[Attendee]:
    """Her rows that a reply is about: one, one time of a series, or all its times that are to come."""
    appointment = attendee.appointment
    if appointment.series is None:
        return [attendee]
    hers = Attendee.objects.filter(person=attendee.person_id, appointment__series=appointment.series)
    hers = hers.select_related("person", "appointment").order_by("appointment__begin")
    if reply.recurrence_id is not None:
        moment = _moment(reply.recurrence_id, known(appointment.series.zone))
        return list(hers.filter(appointment__first_begin=moment))
    return list(hers.filter(appointment__cancelled_at=None, appointment__end__gt=at))


def _take_one(row: Attendee, reply: Reply, at: datetime) -> int:
    if reply.sequence < row.appointment.sequence:
        raise Refused(_(FORMER))
    if reply.stamp and row.answered_at and reply.stamp < row.answered_at and row.answer != Attendee.Answer.ASKED:
        return 0
    if reply.kind == "proposal" and reply.begin and reply.end:
        zone = known(row.appointment.zone)
        proposed = _moment(reply.begin, zone), _moment(reply.end, zone)
        if not (abs(proposed[0] - at) <= FARTHEST and timedelta(0) < proposed[1] - proposed[0] <= LONGEST):
            raise Refused(_(NO_TIME))
        answer(row, answer=Attendee.Answer.PERHAPS, by=row.person, at=at, proposed=proposed)
        return 1
    if reply.answer == "asked":
        return 0
    answer(row, answer=reply.answer, by=row.person, at=at)
    return 1


def _moment(moment: datetime, zone: tzinfo) -> datetime:
    """A time of a reply. Raises Refused for one that no clock shows."""
    try:
        return placed(moment, zone)
    except OverflowError:
        raise Refused(_(NO_TIME)) from None
