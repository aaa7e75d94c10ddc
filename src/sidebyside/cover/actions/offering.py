"""Who takes a lesson: the desk chooses, keeps, asks and takes back; who is asked says yes or no."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.cover.actions.checking import (
    Checks,
    given_another,
    must_have_time,
    must_not_have_declined,
    take_days_for,
)
from sidebyside.cover.actions.holding import alive_offer, hold_open, hold_requests, take_back
from sidebyside.cover.models import CoverOffer, CoverRequest, SubstituteDay
from sidebyside.people.models import Person
from sidebyside.places.models import Place

Kind = CoverOffer.Kind


@transaction.atomic
def choose(
    request: CoverRequest,
    *,
    kind: str,
    by: Person,
    at: datetime,
    person: Person | None = None,
    substitute: SubstituteDay | None = None,
    beyond_limit: bool = False,
    ask: bool = False,
    agreed: bool = False,
) -> CoverOffer:
    """The desk says who takes a lesson; that is kept when the day is planned anew. With `ask` she is asked at once,
    with `agreed` she has said yes already; otherwise she is asked with `send`.

    Whoever stood there before is taken back. Raises Refused where she is not free then (two classes together apart),
    said no to this lesson, or has as many covers as allowed, unless the desk says `beyond_limit`; and where the lesson
    needs nobody any more.
    """
    if (person is None) == (substitute is None) or (substitute is None) == (kind == Kind.SUBSTITUTE):
        raise Refused(_("Say who takes the lesson."))
    take_days_for(request.school_id, [(person, request.begin, request.end)])
    held = hold_open(request, at=at)
    if person is not None:
        must_not_have_declined(person, held)
        checks = Checks(held.school_id, held.on, [person], at=at, but=[held.pk])
        checks.must_be_free(person, held, kind=kind)
        if kind != Kind.SWAP and not beyond_limit:
            checks.must_be_within_limits(person)
        _drop_proposals(person, held)
    if substitute is not None:
        must_have_time(substitute, held)
    before = alive_offer(held)
    if before is not None:
        take_back(before, by=by, at=at)
    offer = CoverOffer(
        request=held, kind=kind, person=person, substitute=substitute, on=held.on, begin=held.begin, end=held.end,
        proposed_at=at, proposed_by=by, locked_at=at,
    )  # fmt: skip
    _keep(offer)
    CoverRequest.objects.filter(pk=held.pk).update(open_because="")
    record("cover.chosen", offer, by=by, at=at, request=held.pk, person=offer.person_id)
    if ask or agreed:
        _ask(offer, by=by, at=at, agreed=agreed)
    return offer


def _drop_proposals(person: Person, request: CoverRequest) -> None:
    """What was only proposed for her at that time goes: the desk has chosen otherwise."""
    alive = CoverOffer.objects.filter(person=person, no_at=None, withdrawn_at=None).exclude(request=request)
    alive.filter(begin__lt=request.end, end__gt=request.begin, locked_at=None, asked_at=None, yes_at=None).delete()


def _keep(offer: CoverOffer) -> None:
    """Write a new offer. Raises Refused where she has another at that very time: the last word is the database's."""
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError:
        raise Refused(given_another(offer.person.name if offer.person else "")) from None


def _hold_offer(offer: CoverOffer, *, at: datetime) -> CoverOffer:
    """Take an offer with its request for this transaction and return it as it stands now.

    Raises Refused where the lesson is over or needs nobody any more, and where the offer was withdrawn or declined.
    """
    request = hold_open(offer.request, at=at)
    current = alive_offer(request)
    if current is None or current.pk != offer.pk:
        raise Refused(_("This was taken back meanwhile."))
    current.request = request
    return current


@transaction.atomic
def lock(offer: CoverOffer, *, by: Person, at: datetime) -> None:
    """Keep a proposal when the day is planned anew. Raises Refused where she is no longer free."""
    take_days_for(offer.request.school_id, [(offer.person_id, offer.begin, offer.end)])
    current = _hold_offer(offer, at=at)
    if current.locked_at is None:
        _must_still_take(current, at=at)
        current.locked_at = at
        current.save(update_fields=["locked_at"])
        record("cover.locked", current, by=by, at=at, request=current.request_id)


def _must_still_take(offer: CoverOffer, *, at: datetime) -> None:
    """Raises Refused where who was proposed can no longer take the lesson."""
    people = [offer.person] if offer.person else []
    Checks(offer.request.school_id, offer.on, people, at=at, but=[offer.request_id]).must_still_take(offer)


@transaction.atomic
def unlock(offer: CoverOffer, *, by: Person, at: datetime) -> None:
    """Let the next planning change it. Raises Refused once she was asked: then she is taken back, not moved."""
    current = _hold_offer(offer, at=at)
    if current.asked_at is not None:
        raise Refused(_("She was asked already. Take it back instead."))
    if current.locked_at is not None:
        current.locked_at = None
        current.save(update_fields=["locked_at"])
        record("cover.unlocked", current, by=by, at=at, request=current.request_id)


@transaction.atomic
def send(offer: CoverOffer, *, by: Person, at: datetime, agreed: bool = False) -> None:
    """Ask her whether she takes the lesson; with `agreed`, or where she asks herself or comes from outside, she has
    said yes already. Raises Refused where she is no longer free."""
    take_days_for(offer.request.school_id, [(offer.person_id, offer.begin, offer.end)])
    current = _hold_offer(offer, at=at)
    if current.yes_at is not None or (current.asked_at is not None and not agreed):
        return
    _must_still_take(current, at=at)
    _ask(current, by=by, at=at, agreed=agreed)


def _ask(offer: CoverOffer, *, by: Person, at: datetime, agreed: bool) -> None:
    offer.asked_at = offer.asked_at or at
    if agreed or offer.person_id in (None, by.pk):
        offer.yes_at = at
    if offer.person_id in (None, by.pk):
        # She knows: she did it herself, or has no mailbox here.
        offer.told_at = at
    offer.save(update_fields=["asked_at", "yes_at", "told_at"])
    record("cover.sent", offer, by=by, at=at, request=offer.request_id, person=offer.person_id)
    if offer.yes_at is not None:
        record("cover.accepted", offer, by=by, at=at, request=offer.request_id, person=offer.person_id)


@transaction.atomic
def send_out(school: Place, *, on: date, by: Person, at: datetime) -> tuple[int, list[str]]:
    """Ask everybody who was proposed or kept for a lesson of that day and was not asked yet. Returns how many were
    asked, and a sentence for each who could not be: then the lesson is open again."""
    waiting = CoverOffer.objects.filter(
        request__school=school, on=on, no_at=None, withdrawn_at=None, asked_at=None, request__cancelled_at=None,
        request__end__gt=at,
    )  # fmt: skip
    rows = list(waiting.values_list("pk", "request", "person", "begin", "end"))
    take_days_for(school.pk, [(person, begin, end) for _pk, _request, person, begin, end in rows])
    hold_requests(request for _pk, request, *_rest in rows)
    # As they stand now. Only those whose days were taken: who was proposed since is asked the next time.
    still = waiting.filter(pk__in=[pk for pk, *_rest in rows]).select_related("person", "substitute", "request")
    offers = sorted(still, key=lambda offer: (offer.begin, offer.pk))
    checks = Checks(school.pk, on, [offer.person for offer in offers if offer.person], at=at)
    asked, faults = 0, []
    for offer in offers:
        try:
            checks.must_still_take(offer)
        except Refused as refused:
            take_back(offer, by=by, at=at, told=True)
            faults.append(refused.sentence)
        else:
            _ask(offer, by=by, at=at, agreed=False)
            checks.took(offer)
            asked += 1
    return asked, faults


@transaction.atomic
def say_yes(offer: CoverOffer, *, by: Person, at: datetime) -> None:
    """She takes the lesson. Saying it again changes nothing. Raises Refused where she was not asked, it was taken
    back, she said no before, or the lesson is over."""
    current = _hold_offer(offer, at=at)
    if current.asked_at is None:
        raise Refused(_("Nobody has asked yet."))
    if current.yes_at is None:
        current.yes_at = at
        if by.pk == current.person_id:
            current.told_at = current.told_at or at  # she knows, also where the mail has not gone yet
        current.save(update_fields=["yes_at", "told_at"])
        record("cover.accepted", current, by=by, at=at, request=current.request_id, person=current.person_id)
    offer.yes_at = current.yes_at


@transaction.atomic
def say_no(offer: CoverOffer, *, by: Person, at: datetime) -> None:
    """She cannot take the lesson, also after a yes; no reason is asked. The lesson is open again. Saying it again
    changes nothing. Raises Refused where she was not asked, it was taken back, or the lesson is over."""
    if CoverOffer.objects.filter(pk=offer.pk, no_at__isnull=False).exists():
        return
    current = _hold_offer(offer, at=at)
    if current.asked_at is None:
        raise Refused(_("Nobody has asked yet."))
    current.no_at = at
    current.save(update_fields=["no_at"])
    offer.no_at = at
    record("cover.declined", current, by=by, at=at, request=current.request_id, person=current.person_id)


@transaction.atomic
def withdraw(offer: CoverOffer, *, by: Person, at: datetime) -> None:
    """The desk takes an offer back: the lesson is open again, and who was asked is told. What was taken back or
    declined already stays so."""
    hold_requests([offer.request_id])
    current = CoverOffer.objects.select_related("request").get(pk=offer.pk)
    if current.is_alive:
        if current.end <= at:
            raise Refused(_("This lesson is over."))
        take_back(current, by=by, at=at)


@transaction.atomic
def thank(offer: CoverOffer, *, by: Person, at: datetime) -> None:
    """Whose lesson was taken says thank you, once. Raises Refused where nobody has said yes."""
    current = CoverOffer.objects.select_for_update().get(pk=offer.pk)
    if current.yes_at is None or not current.is_alive:
        raise Refused(_("Nobody has taken this lesson."))
    if current.thanked_at is None:
        current.thanked_at = at
        current.save(update_fields=["thanked_at"])
        record("cover.thanked", current, by=by, at=at, request=current.request_id, person=current.person_id)
