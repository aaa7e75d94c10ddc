"""Who takes a lesson: chosen, kept, asked, answered, taken back."""

from datetime import timedelta

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import Appointment, Attendee, KeptFree
from sidebyside.cover import actions
from sidebyside.cover.models import Away, CoverOffer, CoverRequest
from sidebyside.cover.queries import engaged_with_cover
from sidebyside.people.models import Person
from tests.cover.conftest import AT, ON, Staff, moment

pytestmark = pytest.mark.django_db
Kind = CoverOffer.Kind


def choose(staff: Staff, request: CoverRequest, person: Person, **others: object) -> CoverOffer:
    return actions.choose(request, person=person, by=staff.olu, at=AT, **({"kind": Kind.COLLEAGUE} | others))


def asked(staff: Staff, request: CoverRequest, person: Person) -> CoverOffer:
    offer = choose(staff, request, person)
    actions.send(offer, by=staff.olu, at=AT)
    return CoverOffer.objects.get(pk=offer.pk)


def test_she_is_asked_and_says_yes(staff: Staff) -> None:
    offer = asked(staff, staff.ask("ana", 0), staff.chen)
    assert offer.yes_at is None
    actions.say_yes(offer, by=staff.chen, at=AT + timedelta(minutes=5))
    actions.say_yes(offer, by=staff.chen, at=AT + timedelta(minutes=9))
    assert CoverOffer.objects.get(pk=offer.pk).yes_at == AT + timedelta(minutes=5)


def test_who_was_not_asked_cannot_answer(staff: Staff) -> None:
    offer = choose(staff, staff.ask("ana", 0), staff.chen)
    for answer in (actions.say_yes, actions.say_no):
        with pytest.raises(Refused, match="Nobody has asked"):
            answer(offer, by=staff.chen, at=AT)


def test_a_no_opens_the_lesson_again_also_after_a_yes(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    offer = asked(staff, request, staff.chen)
    actions.say_yes(offer, by=staff.chen, at=AT)
    actions.say_no(offer, by=staff.chen, at=AT)
    actions.say_no(offer, by=staff.chen, at=AT)
    with pytest.raises(Refused, match="taken back"):
        actions.say_yes(offer, by=staff.chen, at=AT)
    with pytest.raises(Refused, match="said no"):
        choose(staff, request, staff.chen)
    assert asked(staff, request, staff.olu).is_alive


def test_who_teaches_is_away_or_engaged_is_not_taken_and_it_is_not_said_why(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    with pytest.raises(Refused, match="Ben Sousa teaches then"):
        choose(staff, request, staff.ben)
    with pytest.raises(Refused, match="her own lesson"):
        choose(staff, request, staff.ana)
    actions.mark_away(staff.olu, school=staff.school, begin=moment(8), end=moment(9), by=staff.olu, at=AT)
    with pytest.raises(Refused, match="Olu Sousa is away then"):
        choose(staff, request, staff.olu)
    talk = Appointment.objects.create(
        kind=Appointment.Kind.TALK_BEFORE, uid="x", first_begin=moment(9), begin=moment(9), end=moment(9, 30),
        zone="UTC", made_at=AT, made_by=staff.chen, changed_at=AT,
    )  # fmt: skip
    attendee = Attendee.objects.create(appointment=talk, person=staff.chen)
    KeptFree.objects.create(person=staff.lena, period=staff.timetable.periods.get(day=3, position=0))
    for person in (staff.chen, staff.lena):
        with pytest.raises(Refused) as refused:
            choose(staff, request, person)
        assert refused.value.sentence == f"{person.name} is not free then."
    attendee.answer = Attendee.Answer.NO
    attendee.save()
    assert choose(staff, request, staff.chen).is_alive


def test_two_classes_together_may_be_taken_by_who_teaches_then(staff: Staff) -> None:
    assert choose(staff, staff.ask("ana", 0), staff.ben, kind=Kind.TOGETHER).person == staff.ben


def test_nobody_is_given_two_lessons_at_once(staff: Staff) -> None:
    choose(staff, staff.ask("ana", 0), staff.chen)
    with pytest.raises(Refused, match="Chen Sousa was just given another lesson at that time"):
        choose(staff, staff.ask("ben", 0), staff.chen)


def test_times_that_overlap_without_being_the_same_are_at_once_too(staff: Staff) -> None:
    choose(staff, staff.ask("ana", 0), staff.chen)
    part = actions.ask(
        school=staff.school, person=staff.ben, taught=staff.taught("ben", 0), begin=moment(9), end=moment(9, 15),
        notes="", by=staff.ben, at=AT,
    )  # fmt: skip
    with pytest.raises(Refused, match="another lesson"):
        choose(staff, part, staff.chen)


def test_the_choice_of_the_desk_goes_before_a_proposal(staff: Staff) -> None:
    first, second = staff.ask("ana", 0), staff.ask("ben", 0)
    proposed = CoverOffer.objects.create(
        request=first, kind=Kind.COLLEAGUE, person=staff.chen, on=ON, begin=first.begin, end=first.end, proposed_at=AT
    )
    assert choose(staff, second, staff.chen).is_alive
    assert not CoverOffer.objects.filter(pk=proposed.pk).exists()


def test_limits_hold_unless_the_desk_says_so_and_a_swap_does_not_count(staff: Staff) -> None:
    rules = {"most_a_day": 1, "most_a_week": None, "most_a_term": None, "window": "term"}
    actions.set_rules(staff.school, by=staff.olu, at=AT, **rules)
    choose(staff, staff.ask("ana", 0), staff.lena)
    second, third = staff.ask("ana", 1), staff.ask("chen", 0)
    with pytest.raises(Refused, match="Lena Fischer has as many covers as allowed on that day"):
        choose(staff, second, staff.lena)
    assert choose(staff, second, staff.lena, kind=Kind.SWAP).is_alive
    assert choose(staff, second, staff.lena, beyond_limit=True).is_alive
    own = {"most_a_day": 5, "most_a_week": None, "most_a_term": None}
    actions.set_limit(staff.ben, school=staff.school, by=staff.olu, at=AT, **own)
    assert choose(staff, third, staff.ben).is_alive
    actions.set_limit(staff.dara, school=staff.school, by=staff.olu, at=AT, **(own | {"most_a_day": 0}))
    with pytest.raises(Refused, match="as many covers"):
        choose(staff, staff.ask("lena", 0), staff.dara)


def test_who_is_chosen_instead_replaces_and_the_first_is_told(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    first = asked(staff, request, staff.chen)
    second = choose(staff, request, staff.lena)
    first.refresh_from_db()
    assert first.withdrawn_at == AT
    assert first.told_withdrawn_at is None
    assert second.locked_at == AT


def test_asked_people_are_engaged_and_proposed_people_are_not(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    CoverOffer.objects.create(
        request=request, kind=Kind.COLLEAGUE, person=staff.lena, on=ON, begin=request.begin, end=request.end,
        proposed_at=AT,
    )  # fmt: skip
    both = [staff.chen.pk, staff.lena.pk]
    assert not any(engaged_with_cover(both, moment(8), moment(12)).values())
    asked(staff, request, staff.chen)
    found = engaged_with_cover(both, moment(8), moment(12))
    assert [(one.begin, one.end) for one in found[staff.chen.pk]] == [(request.begin, request.end)]
    assert found[staff.lena.pk] == []


def test_nothing_is_done_about_a_lesson_that_is_over_or_needs_nobody(staff: Staff) -> None:
    request = staff.ask("ana", 0)
    offer = asked(staff, request, staff.chen)
    late = moment(9, 15)
    for act in (actions.say_yes, actions.say_no, actions.withdraw, actions.lock, actions.unlock):
        with pytest.raises(Refused, match="over"):
            act(offer, by=staff.chen, at=late)
    actions.cancel(request, by=staff.ana, at=AT)
    with pytest.raises(Refused, match="needs no cover any more"):
        actions.say_yes(offer, by=staff.chen, at=AT)
    with pytest.raises(Refused, match="needs no cover any more"):
        choose(staff, request, staff.lena)
    offer.refresh_from_db()
    assert offer.withdrawn_at == AT


def test_a_lock_is_opened_only_before_she_is_asked(staff: Staff) -> None:
    offer = choose(staff, staff.ask("ana", 0), staff.chen)
    actions.unlock(offer, by=staff.olu, at=AT)
    assert CoverOffer.objects.get(pk=offer.pk).locked_at is None
    actions.lock(offer, by=staff.olu, at=AT)
    actions.send(offer, by=staff.olu, at=AT)
    with pytest.raises(Refused, match="asked already"):
        actions.unlock(offer, by=staff.olu, at=AT)


def test_what_was_agreed_by_word_of_mouth_needs_no_answer(staff: Staff) -> None:
    offer = choose(staff, staff.ask("ana", 0), staff.chen)
    actions.send(offer, by=staff.olu, at=AT, agreed=True)
    offer.refresh_from_db()
    assert (offer.asked_at, offer.yes_at) == (AT, AT)
    herself = choose(staff, staff.ask("ana", 1), staff.dara, kind=Kind.ADMINISTRATOR)
    actions.send(herself, by=staff.dara, at=AT)
    assert CoverOffer.objects.get(pk=herself.pk).yes_at == AT


def test_choosing_and_asking_are_one_act(staff: Staff) -> None:
    offer = choose(staff, staff.ask("ana", 0), staff.chen, ask=True)
    assert CoverOffer.objects.values_list("asked_at", "yes_at", "locked_at").get(pk=offer.pk) == (AT, None, AT)
    agreed = choose(staff, staff.ask("ana", 1), staff.lena, agreed=True)
    assert CoverOffer.objects.values_list("asked_at", "yes_at", "told_at").get(pk=agreed.pk) == (AT, AT, None)
    acts = Event.objects.filter(about="coveroffer", about_id=agreed.pk).order_by("pk")
    assert [*acts.values_list("kind", flat=True)] == ["cover.chosen", "cover.sent", "cover.accepted"]
    with pytest.raises(Refused, match="another lesson"):
        choose(staff, staff.ask("ben", 0), staff.chen, ask=True)
    assert CoverOffer.objects.count() == 2


def test_sending_out_asks_who_is_still_free_and_opens_the_rest(staff: Staff) -> None:
    for name, number in (("ana", 0), ("ben", 0), ("lena", 0)):
        staff.ask(name, number)
    actions.propose(staff.school, on=ON, by=staff.olu, at=AT)
    # Somebody goes home after the proposal.
    gone = CoverOffer.objects.get(request__person=staff.ben)
    Away.objects.create(
        person=gone.person, school=staff.school, begin=moment(8), end=moment(9, 20), marked_at=AT, marked_by=staff.olu
    )
    number, faults = actions.send_out(staff.school, on=ON, by=staff.olu, at=AT)
    assert number == 2
    assert faults == [f"{gone.person.name} is away then."]
    assert CoverOffer.objects.filter(asked_at=AT, withdrawn_at=None).count() == 2
    assert actions.send_out(staff.school, on=ON, by=staff.olu, at=AT) == (0, [])


def test_a_substitute_takes_one_lesson_at_a_time_within_her_hours(staff: Staff) -> None:
    day = actions.add_substitute_day(
        staff.school, name="Rosa Klein", begin=moment(8), end=moment(10, 15), by=staff.olu, at=AT
    )
    first = actions.choose(staff.ask("ana", 0), kind=Kind.SUBSTITUTE, substitute=day, by=staff.olu, at=AT)
    with pytest.raises(Refused, match="Rosa Klein was just given"):
        actions.choose(staff.ask("ben", 0), kind=Kind.SUBSTITUTE, substitute=day, by=staff.olu, at=AT)
    with pytest.raises(Refused, match="not there for the whole"):
        actions.choose(staff.ask("ben", 1), kind=Kind.SUBSTITUTE, substitute=day, by=staff.olu, at=AT)
    actions.send(first, by=staff.olu, at=AT)
    assert CoverOffer.objects.get(pk=first.pk).yes_at == AT
    actions.end_substitute_day(day, by=staff.olu, at=AT)
    assert CoverOffer.objects.get(pk=first.pk).withdrawn_at == AT


@pytest.mark.parametrize(("kind", "who"), [("substitute", "chen"), ("colleague", None)])
def test_somebody_has_to_be_chosen(staff: Staff, kind: str, who: str | None) -> None:
    person = staff.people[who] if who else None
    with pytest.raises(Refused, match="Say who"):
        actions.choose(staff.ask("ana", 0), kind=kind, person=person, by=staff.olu, at=AT)


def test_thanks_are_said_once_and_only_for_a_yes(staff: Staff) -> None:
    offer = asked(staff, staff.ask("ana", 0), staff.chen)
    with pytest.raises(Refused, match="Nobody has taken"):
        actions.thank(offer, by=staff.ana, at=AT)
    actions.say_yes(offer, by=staff.chen, at=AT)
    actions.thank(offer, by=staff.ana, at=moment(12))
    actions.thank(offer, by=staff.ana, at=moment(13))
    assert CoverOffer.objects.get(pk=offer.pk).thanked_at == moment(12)
