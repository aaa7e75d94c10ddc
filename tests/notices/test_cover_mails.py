"""Mails about cover: to whom, when, what they say and what they never say."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from sidebyside.base.signed import signed
from sidebyside.cover import actions
from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.cover.queries import ANSWER_PURPOSE
from sidebyside.notices.cover_mails import is_time, send_untold_cover
from sidebyside.people import actions as people
from sidebyside.people.models import Person
from tests.cover.conftest import AT, ON, Staff, moment, settle

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def staff(db: None) -> Staff:
    return settle()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do something as a page does it: what waits for the commit is done."""

    def act(what):
        with django_capture_on_commit_callbacks(execute=True):
            return what()

    return act


def offered(staff: Staff, request: CoverRequest, name: str = "chen", at: datetime = AT) -> CoverOffer:
    return actions.choose(request, kind=CoverOffer.Kind.COLLEAGUE, person=staff.people[name], by=staff.olu, at=at)


def asked(staff: Staff, committed, *, at: datetime = AT, on=ON, notes: str = "", agreed: bool = False) -> CoverOffer:
    offer = offered(staff, staff.ask("ana", 0, on=on, at=at, notes=notes), at=at)
    committed(lambda: actions.send(offer, by=staff.olu, at=at, agreed=agreed))
    return CoverOffer.objects.get(pk=offer.pk)


def test_the_question_names_the_lesson_and_how_to_answer(staff: Staff, committed) -> None:
    offer = asked(staff, committed)
    [sent] = mail.outbox
    assert sent.to == ["chen@example.org"]
    for told in ("Thursday 26 November, 08:30–09:15", "7a Maths", "Room: 12", "Ana Sousa"):
        assert told in sent.body
    assert reverse("cover_answer", args=[signed(ANSWER_PURPOSE, offer.pk)]) in sent.body
    assert offer.told_at == AT


def test_the_subject_names_nothing_and_the_mail_never_says_why_nor_the_notes(staff: Staff, committed) -> None:
    asked(staff, committed, notes="Ana visits Ben; the key is in the desk.")
    [sent] = mail.outbox
    for hidden in ("Ana", "7a", "Maths", "Linden", "26"):
        assert hidden not in sent.subject
    for hidden in ("visit", "key", "away", "ill", "professional"):
        assert hidden not in sent.body.lower().replace("will", "")


def test_a_question_goes_once(staff: Staff, committed) -> None:
    asked(staff, committed)
    assert send_untold_cover(at=AT + timedelta(hours=1)) == 0
    assert len(mail.outbox) == 1


def test_nothing_goes_before_it_is_certain_and_what_was_missed_goes_within_the_hour(staff: Staff) -> None:
    actions.send(offered(staff, staff.ask("ana", 0)), by=staff.olu, at=AT)
    assert mail.outbox == []
    assert send_untold_cover(at=AT + timedelta(minutes=20)) == 1


def test_who_is_only_proposed_hears_nothing(staff: Staff, committed) -> None:
    staff.ask("ana", 0)
    committed(lambda: actions.propose(staff.school, on=ON, by=staff.olu, at=AT))
    assert send_untold_cover(at=AT) == 0
    assert mail.outbox == []


@pytest.mark.parametrize("change", [{"email": None}, {"email": ""}, {"left_at": AT}])
def test_some_get_no_mail(staff: Staff, committed, change: dict[str, object]) -> None:
    Person.objects.filter(pk=staff.chen.pk).update(**change)
    asked(staff, committed)
    assert mail.outbox == []


def test_who_stopped_her_mails_gets_none(staff: Staff, committed) -> None:
    people.stop_mails(staff.chen, by=staff.chen, at=AT)
    asked(staff, committed)
    assert mail.outbox == []


def test_a_withdrawal_is_told_to_who_was_told(staff: Staff, committed) -> None:
    offer = asked(staff, committed)
    committed(lambda: actions.withdraw(offer, by=staff.olu, at=AT))
    assert [sent.subject for sent in mail.outbox] == ["Can you take a lesson?", "You need not take a lesson"]
    assert send_untold_cover(at=AT + timedelta(minutes=5)) == 0
    kept = offered(staff, staff.ask("ben", 0), "lena")
    committed(lambda: actions.withdraw(kept, by=staff.olu, at=AT))
    assert len(mail.outbox) == 2


def test_a_request_taken_back_and_an_absence_ended_tell_who_said_yes(staff: Staff, committed) -> None:
    absence = actions.mark_away(staff.ana, school=staff.school, begin=moment(8), end=moment(9, 20), by=staff.olu, at=AT)
    offer = offered(staff, absence.requests.get())
    committed(lambda: actions.send(offer, by=staff.olu, at=AT))
    committed(lambda: actions.say_yes(offer, by=staff.chen, at=AT))
    mail.outbox.clear()
    committed(lambda: actions.end_away(absence, by=staff.ana, at=AT))
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [(["chen@example.org"], "You need not take a lesson")]


def test_whose_lesson_it_is_hears_who_takes_it(staff: Staff, committed) -> None:
    offer = asked(staff, committed)
    mail.outbox.clear()
    committed(lambda: actions.say_yes(offer, by=staff.chen, at=AT))
    [sent] = mail.outbox
    assert sent.to == ["ana@example.org"]
    assert "Chen Sousa takes your lesson" in sent.body
    committed(lambda: actions.say_yes(offer, by=staff.chen, at=AT))
    assert len(mail.outbox) == 1


def test_who_declines_is_not_named_to_whose_lesson_it_is(staff: Staff, committed) -> None:
    offer = asked(staff, committed)
    mail.outbox.clear()
    committed(lambda: actions.say_no(offer, by=staff.chen, at=AT))
    assert mail.outbox == []


def test_who_is_said_to_have_agreed_is_told_so_and_how_to_say_no(staff: Staff, committed) -> None:
    offer = asked(staff, committed, agreed=True)
    hers = next(sent for sent in mail.outbox if sent.to == ["chen@example.org"])
    assert hers.subject == "You take a lesson"
    assert signed(ANSWER_PURPOSE, offer.pk) in hers.body


def test_about_today_at_once_and_about_later_days_never_at_night(staff: Staff, committed) -> None:
    evening = datetime(2026, 11, 25, 21, tzinfo=UTC)
    asked(staff, committed, at=evening)
    assert mail.outbox == []
    midnight = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
    assert send_untold_cover(at=midnight) == 0
    assert send_untold_cover(at=moment(6, 59)) == 0
    assert send_untold_cover(at=moment(7)) == 1
    early = staff.ask("chen", 0, at=moment(5, 40))
    offer = offered(staff, early, "lena", at=moment(5, 40))
    committed(lambda: actions.send(offer, by=staff.olu, at=moment(5, 40)))
    assert mail.outbox[-1].to == ["lena@example.org"]


def test_it_is_the_clock_of_the_school(staff: Staff) -> None:
    """Six in the evening in Lisbon is eight in Helsinki."""
    offer = offered(staff, staff.ask("ana", 0))
    late = datetime(2026, 11, 25, 17, tzinfo=UTC)
    assert is_time(offer, since=late, at=late)
    region = staff.school.parent
    region.time_zone = "Europe/Helsinki"
    region.save()
    assert not is_time(offer, since=late, at=late)


def test_nothing_is_told_of_a_lesson_that_is_over(staff: Staff) -> None:
    actions.send(offered(staff, staff.ask("ana", 0)), by=staff.olu, at=AT)
    assert send_untold_cover(at=moment(9, 15)) == 0


def test_a_mail_server_that_is_down_is_asked_again(staff: Staff, committed, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    offer = asked(staff, committed)
    assert offer.told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_untold_cover(at=AT + timedelta(hours=1)) == 1


NIGHT = datetime(2026, 11, 23, 21, tzinfo=UTC)


def test_who_agreed_after_a_question_that_waits_for_the_morning_is_told_so(staff: Staff, committed) -> None:
    offer = asked(staff, committed, at=NIGHT)
    committed(lambda: actions.send(offer, by=staff.olu, at=NIGHT + timedelta(minutes=10), agreed=True))
    assert [sent.to for sent in mail.outbox if "chen@example.org" in sent.to] == []
    send_untold_cover(at=NIGHT + timedelta(hours=12))
    [hers] = [sent for sent in mail.outbox if sent.to == ["chen@example.org"]]
    assert hers.subject == "You take a lesson"
    assert CoverOffer.objects.get(pk=offer.pk).told_at == NIGHT + timedelta(hours=12)


def test_who_said_yes_herself_before_the_mail_is_not_asked_but_hears_when_it_is_taken_back(
    staff: Staff, committed
) -> None:
    offer = asked(staff, committed, at=NIGHT)
    committed(lambda: actions.say_yes(offer, by=staff.chen, at=NIGHT + timedelta(minutes=5)))
    morning = NIGHT + timedelta(hours=12)
    send_untold_cover(at=morning)
    assert [sent.to for sent in mail.outbox] == [["ana@example.org"]]
    committed(lambda: actions.withdraw(offer, by=staff.olu, at=morning))
    assert [sent.subject for sent in mail.outbox if sent.to == ["chen@example.org"]] == ["You need not take a lesson"]
