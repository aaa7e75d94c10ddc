"""Answers that come back: by a mail to `receive_mail`, from whoever has the secret and nobody else."""

import io
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command

from sidebyside.base.refusals import Refused
from sidebyside.base.signed import signed
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.models import Attendee
from sidebyside.notices.answers import receive
from tests.pairs import Pair, pair

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
TEN = datetime(2026, 11, 26, 10, 40, tzinfo=UTC)
LONG = timedelta(minutes=45)
ZULU = "%Y%m%dT%H%M%SZ"


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.MAIL_ANSWERS = "answers@coaching.example"


@pytest.fixture
def ours() -> Pair:
    return pair()


@pytest.fixture
def made(ours):
    people = [ours.coach, ours.partner]
    return verbs.make(kind="visit", begin=TEN, end=TEN + LONG, zone="UTC", people=people, by=ours.coach, at=AT)


@pytest.fixture
def bens(ours, made) -> Attendee:
    return made.attendees.get(person=ours.partner)


def reply(row, *, to="", uid="", sequence=0, status="ACCEPTED", method="REPLY", stamp=AT, more=(), sender="ben@x.org"):
    """A mail with an answer, as a calendar program sends it."""
    to = to or f"answers+{signed('answer', row.pk)}@coaching.example"
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:{uid or row.appointment.uid}", f"SEQUENCE:{sequence}", f"DTSTAMP:{stamp:{ZULU}}",
        f"ATTENDEE;PARTSTAT={status}:mailto:{row.person.email}", *more, "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    head = [f"From: {sender}", f"To: {to}", "Subject: Accepted", f"Content-Type: text/calendar; method={method}"]
    return "\r\n".join([*head, "", *lines]).encode()


def said(row):
    row.refresh_from_db()
    return row.answer


@pytest.mark.parametrize(("status", "answer"), [("ACCEPTED", "yes"), ("DECLINED", "no"), ("TENTATIVE", "perhaps")])
def test_an_answer_is_kept(bens, status, answer):
    assert receive(reply(bens, status=status), at=AT) == 1
    assert said(bens) == answer
    assert mail.outbox == []


def test_a_mail_server_may_write_it_all_in_capitals(bens):
    address = f"ANSWERS+{signed('answer', bens.pk).upper()}@COACHING.EXAMPLE"
    assert receive(reply(bens, to=address), at=AT) == 1


def test_without_the_secret_nobody_answers(ours, bens):
    for address in (
        "answers@coaching.example",
        f"answers+{bens.pk}@coaching.example",
        f"answers+{bens.pk}-{'0' * 20}@coaching.example",
        f"other+{signed('answer', bens.pk)}@coaching.example",
        f"answers+{signed('cover', bens.pk)}@coaching.example",
        "answers+999-x@coaching.example",
    ):
        with pytest.raises(Refused, match="not sent to the address"):
            receive(reply(bens, to=address), at=AT)
    assert said(bens) == "asked"


def test_a_secret_answers_for_its_own_appointment_alone(ours, bens):
    people = [ours.coach, ours.partner]
    other = verbs.make(
        kind="visit", begin=TEN + LONG, end=TEN + 2 * LONG, zone="UTC", people=people, by=ours.coach, at=AT
    )
    with pytest.raises(Refused, match="another appointment"):
        receive(reply(bens, uid=other.uid), at=AT)
    assert set(Attendee.objects.filter(person=ours.partner).values_list("answer", flat=True)) == {"asked"}


def test_whoever_sends_it_only_the_holder_of_the_invitation_is_answered_for(ours, made, bens):
    """The secret is Ben's, so it is Ben who answers, whatever name the mail has."""
    mine = made.attendees.get(person=ours.coach)
    receive(reply(bens, sender=ours.coach.email, status="DECLINED"), at=AT)
    assert (said(bens), said(mine)) == ("no", "yes")


def test_an_answer_to_a_former_time_is_refused(ours, made, bens):
    verbs.move(made, begin=TEN + LONG, end=TEN + 2 * LONG, by=ours.coach, at=AT)
    with pytest.raises(Refused, match="former time"):
        receive(reply(bens), at=AT)
    assert said(bens) == "asked"
    assert receive(reply(bens, sequence=1), at=AT) == 1


def test_of_two_answers_the_later_counts(bens):
    receive(reply(bens, status="DECLINED", stamp=AT + timedelta(minutes=5)), at=AT + timedelta(minutes=6))
    assert receive(reply(bens, status="ACCEPTED", stamp=AT), at=AT + timedelta(minutes=7)) == 0
    assert said(bens) == "no"


def test_another_time_that_is_proposed_is_perhaps_with_that_time(bens):
    begin, end = TEN + timedelta(days=1), TEN + timedelta(days=1) + LONG
    more = (f"DTSTART:{begin:{ZULU}}", f"DTEND:{end:{ZULU}}")
    assert receive(reply(bens, method="COUNTER", status="TENTATIVE", more=more), at=AT) == 1
    assert said(bens) == "perhaps"
    assert (bens.proposed_begin, bens.proposed_end) == (begin, end)
    assert bens.appointment.begin == TEN


def test_what_was_cancelled_is_refused_and_what_a_machine_wrote_does_nothing(ours, made, bens):
    verbs.cancel(made, by=ours.coach, at=AT)
    with pytest.raises(Refused, match="cancelled"):
        receive(reply(bens, sequence=1), at=AT)
    away = b"From: ben@x.org\r\nTo: a@b.org\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nI am away.\r\n"
    assert receive(away, at=AT) == 0


def test_of_a_series_one_time_or_all_that_are_to_come(ours):
    people = [ours.coach, ours.partner]
    series = verbs.make_series(
        kind="meeting", begin=TEN, end=TEN + LONG, zone="Europe/Lisbon", people=people, by=ours.coach, at=AT,
        rule="FREQ=WEEKLY;INTERVAL=1;COUNT=3",
    )  # fmt: skip
    rows = list(Attendee.objects.filter(person=ours.partner).order_by("appointment__begin"))
    second = rows[1].appointment
    name = (f"RECURRENCE-ID:{second.first_begin:{ZULU}}",)
    assert receive(reply(rows[0], uid=series.uid, status="DECLINED", more=name), at=AT) == 1
    assert [said(row) for row in rows] == ["asked", "no", "asked"]
    after_first = TEN + timedelta(days=1)
    assert receive(reply(rows[0], uid=series.uid, stamp=after_first), at=after_first) == 2
    assert [said(row) for row in rows] == ["asked", "yes", "yes"]
    nowhere = (f"RECURRENCE-ID:{TEN + timedelta(days=1):{ZULU}}",)
    with pytest.raises(Refused, match="not in the calendar"):
        receive(reply(rows[0], uid=series.uid, more=nowhere), at=AT)


def test_of_several_answers_in_one_mail_all_are_taken_or_none(ours):
    people = [ours.coach, ours.partner]
    series = verbs.make_series(
        kind="meeting", begin=TEN, end=TEN + LONG, zone="Europe/Lisbon", people=people, by=ours.coach, at=AT,
        rule="FREQ=WEEKLY;INTERVAL=1;COUNT=3",
    )  # fmt: skip
    rows = list(Attendee.objects.filter(person=ours.partner).order_by("appointment__begin"))
    names = [f"RECURRENCE-ID:{row.appointment.first_begin:{ZULU}}" for row in rows]

    def of_two(other):
        whole = reply(rows[0], uid=series.uid, status="DECLINED", more=(names[0],)).decode()
        head, event, rest = whole.partition("BEGIN:VEVENT")
        one = event + rest.removesuffix("END:VCALENDAR\r\n")
        return "".join([head, one, one.replace(names[0], other), "END:VCALENDAR\r\n"]).encode()

    with pytest.raises(Refused, match="not in the calendar"):
        receive(of_two(f"RECURRENCE-ID:{TEN + timedelta(days=1):{ZULU}}"), at=AT)
    assert [said(row) for row in rows] == ["asked", "asked", "asked"]
    assert receive(of_two(names[2]), at=AT) == 2
    assert [said(row) for row in rows] == ["no", "asked", "no"]


# The command


def command(message: bytes, monkeypatch) -> int:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(message)))
    try:
        call_command("receive_mail", stderr=io.StringIO())
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_the_command_says_by_its_status_what_became_of_the_mail(bens, monkeypatch, settings):
    bens.appointment.begin = datetime.now(UTC) + timedelta(days=3)
    bens.appointment.end = bens.appointment.begin + LONG
    bens.appointment.save()
    assert command(reply(bens), monkeypatch) == 0
    assert said(bens) == "yes"
    assert command(reply(bens, to="x@y.org"), monkeypatch) == 2
    assert command(b"", monkeypatch) == 2
    assert command(b"\xff\x00" * 100, monkeypatch) == 2
    settings.MAIL_ANSWERS = ""
    assert command(reply(bens), monkeypatch) == 2
    assert mail.outbox == []
