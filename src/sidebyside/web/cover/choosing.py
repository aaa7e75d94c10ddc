"""One lesson that needs somebody: who could take it, for the desk; what it is, for those who take it or give it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Refused
from sidebyside.cover import actions, queries
from sidebyside.cover.models import CoverOffer, CoverRequest, SubstituteDay
from sidebyside.people.models import Person
from sidebyside.web.cover.desk import day_address
from sidebyside.web.cover.forms import ChoiceForm, NotesForm

LIMIT_WORDS = {
    "day": gettext_lazy("as many covers as allowed on that day"),
    "week": gettext_lazy("as many covers as allowed in that week"),
    "term": gettext_lazy("as many covers as allowed this term"),
}


def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A lesson to be covered, as far as the reader is concerned."""
    found = policy.find(request.user, CoverRequest, pk, "person", "school")
    return _page(request, found, at=timezone.now())


def _page(request: HttpRequest, found: CoverRequest, *, at: datetime, status: int = 200, **forms: Any) -> HttpResponse:
    me = request.user
    vault.opened([found], "notes")
    [row] = queries.rows_of(policy.seen(me, CoverRequest).filter(pk=found.pk), policy.seen(me, CoverOffer))
    settles = policy.may(me, "settle coverrequest", found)
    is_open = found.cancelled_at is None and found.end > at
    choice = _choice(request, found, at=at) if settles and is_open else None
    zone = queries.zone_at(found.school_id)
    context = {
        "lesson": found,
        "row": row,
        "at": at,
        "is_open": is_open,
        "settles": settles,
        "mine": found.person_id == me.pk,
        "my_offer": row.offer if row.offer and row.offer.person_id == me.pk else None,
        "choice": choice,
        "states": queries.STATES,
        "limit_words": LIMIT_WORDS,
        "reached": choice is not None and any(one.reached for one in choice.candidates),
        "rules": queries.rules_of(found.school_id),
        "choice_form": ChoiceForm(choice=choice) if choice else None,
        "notes_form": NotesForm(initial={"text": found.notes or ""}, prefix="notes"),
        **forms,
    }
    with timezone.override(zone):
        return render(request, "cover/cover_request.html", context, status=status)


def _choice(request: HttpRequest, found: CoverRequest, *, at: datetime) -> queries.Choice:
    day = queries.school_day(found.school_id, found.on)
    substitutes = queries.substitutes_on(policy.seen(request.user, SubstituteDay), found.school_id, found.on)
    return queries.choice_for(found, day, substitutes, at=at)


@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk chooses: she is asked now, has agreed already, or is only kept until the day is sent out."""
    found = policy.ask(request.user, "settle coverrequest", CoverRequest, pk)
    at, me = timezone.now(), request.user
    form = ChoiceForm(request.POST, choice=_choice(request, found, at=at))
    act = request.POST.get("act")
    if form.is_valid():
        try:
            who: dict[str, Any] = {"person": None}
            if form.kind == CoverOffer.Kind.SUBSTITUTE:
                who["substitute"] = policy.find(me, SubstituteDay, form.number)
            else:
                who["person"] = policy.find(me, Person, form.number)
            said = {"ask": act != "keep", "agreed": act == "agreed"}
            beyond = form.cleaned_data["beyond_limit"]
            offer = actions.choose(found, kind=form.kind, beyond_limit=beyond, by=me, at=at, **who, **said)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            name = (offer.person or offer.substitute).name
            messages.success(request, _chosen(act, offer) % {"name": name})
            return redirect(day_address(found.school_id, found.on, at=at, anchor=f"#lesson-{found.pk}"))
    found = policy.find(me, CoverRequest, pk, "person", "school")
    return _page(request, found, at=at, status=422, choice_form=form)


def _chosen(act: str | None, offer: CoverOffer) -> str:
    if act == "keep":
        return _("%(name)s is kept for this lesson, and not asked yet.")
    if act == "agreed" or offer.substitute_id:
        return _("%(name)s takes the lesson.")
    return _("%(name)s was asked.")


@require_POST
def change_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """What the one who takes the lesson needs to know."""
    found = policy.ask(request.user, "change coverrequest", CoverRequest, pk)
    at = timezone.now()
    form = NotesForm(request.POST, prefix="notes")
    if form.is_valid():
        try:
            actions.change_notes(found, text=form.cleaned_data["text"], by=request.user, at=at)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved. Who takes the lesson reads it here."))
            return redirect("cover_request", pk)
    found = policy.find(request.user, CoverRequest, pk, "person", "school")
    return _page(request, found, at=at, status=422, notes_form=form)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The lesson needs nobody after all."""
    found = policy.ask(request.user, "change coverrequest", CoverRequest, pk)
    at = timezone.now()
    actions.cancel(found, by=request.user, at=at)
    messages.success(request, _("Nobody is needed for this lesson any more. Who was asked is told."))
    if found.person_id == request.user.pk:
        return redirect("my_cover")
    return redirect(day_address(found.school_id, found.on, at=at, anchor="#lessons"))


Verb = Callable[..., object]


def _desk_act(request: HttpRequest, pk: int, verb: Verb, sentence: str) -> HttpResponse:
    """Let the desk do something to an offer, and go back to its day."""
    offer = policy.find(request.user, CoverOffer, pk, "request", "person", "substitute")
    policy.ask(request.user, "settle coverrequest", CoverRequest, offer.request_id)
    at = timezone.now()
    try:
        verb(offer, by=request.user, at=at)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, sentence % {"name": (offer.person or offer.substitute).name})
    anchor = f"#lesson-{offer.request_id}"
    return redirect(day_address(offer.request.school_id, offer.on, at=at, anchor=anchor))


@require_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a proposal when the day is planned anew."""
    return _desk_act(request, pk, actions.lock, _("%(name)s is kept for this lesson."))


@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the next proposal change it."""
    return _desk_act(request, pk, actions.unlock, _("The next proposal may choose another than %(name)s."))


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask this one now."""
    return _desk_act(request, pk, actions.send, _("%(name)s was asked."))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an offer back: the lesson is open again."""
    return _desk_act(request, pk, actions.withdraw, _("Taken back. %(name)s need not take this lesson."))


def _own_offer(request: HttpRequest, deed: str, pk: int) -> CoverOffer:
    offer = policy.ask(request.user, deed, CoverOffer, pk)
    return policy.find(request.user, CoverOffer, offer.pk, "request__person", "person")


def _own_act(request: HttpRequest, deed: str, pk: int, verb: Verb, sentence: str) -> HttpResponse:
    offer = _own_offer(request, deed, pk)
    try:
        verb(offer, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, sentence)
    return redirect("my_cover")


@require_POST
def say_yes(request: HttpRequest, pk: int) -> HttpResponse:
    """She takes the lesson."""
    return _own_act(request, "answer coveroffer", pk, actions.say_yes, _("Thank you. You take the lesson."))


@require_POST
def say_no(request: HttpRequest, pk: int) -> HttpResponse:
    """She cannot; no reason is asked."""
    text = _("That is fine. The cover desk looks for somebody else.")
    return _own_act(request, "answer coveroffer", pk, actions.say_no, text)


@require_POST
def thank(request: HttpRequest, pk: int) -> HttpResponse:
    """Thank you."""
    offer = _own_offer(request, "thank for coveroffer", pk)
    if offer.person is None:
        raise Http404
    try:
        actions.thank(offer, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Your thanks stand on the page of who took it."))
    return redirect("my_cover")
