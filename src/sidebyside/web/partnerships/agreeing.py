"""The norms activity, the agreement and its signatures."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sidebyside import policy
from sidebyside.base import bin as waste
from sidebyside.base import vault
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.materials.queries import content
from sidebyside.partnerships import actions, queries
from sidebyside.partnerships.actions.agreeing import CARDS_EACH
from sidebyside.partnerships.models import Agreement, NormCard, Partnership
from sidebyside.people.models import Person
from sidebyside.web.partnerships.forms import AgreementForm, CardForm, beginning
from sidebyside.web.partnerships.words import part_words

NEEDED = ["GET", "HEAD", "POST"]
TEXTS = ("norms", "habits", "roles", "confidence")


def _hers(request: Any, pk: int) -> Partnership:
    return policy.ask(request.user, "work in", Partnership, pk)


def _latest(me: Person, partnership: Partnership) -> Agreement | None:
    found = queries.latest_agreement(policy.seen(me, Agreement), partnership)
    if found is not None:
        vault.opened([found], *TEXTS)
    return found


def _cards(me: Person, partnership: Partnership) -> queries.Cards:
    """Her cards and those on the table, opened. Those on the table lie in the order of their texts: nobody's order."""
    cards = queries.cards_for(policy.seen(me, NormCard), partnership, me)
    vault.opened([*cards.in_hand, *cards.on_the_table, *cards.earlier], "text")
    for pile in (cards.on_the_table, cards.earlier):
        pile.sort(key=lambda card: card.text.casefold())
    return cards


@require_safe
def agreement(request: Any, pk: int) -> HttpResponse:
    """What stands, who signed it, and how to make it."""
    partnership, me = _hers(request, pk), request.user
    latest = _latest(me, partnership)
    signed = {signature.person_id: signature for signature in latest.signed} if latest else {}
    members = queries.current_members(partnership)
    return render(
        request,
        "partnerships/agreement.html",
        {
            "partnership": partnership,
            "agreement": latest,
            "members": [(member, signed.get(member.person_id)) for member in members],
            "others": queries.others_of(partnership, me),
            "has_signed": me.pk in signed,
            "is_signed_by_all": queries.is_signed_by_all(partnership, latest),
            "activity": content("norms"),
            "called": part_words(me),
        },
    )


@require_http_methods(NEEDED)
def cards(request: Any, pk: int) -> HttpResponse:
    """Cards each writes alone; turned over, all see them."""
    partnership, me = _hers(request, pk), request.user
    form = CardForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.write_card(partnership, text=form.cleaned_data["text"], by=me, at=timezone.now())
                return redirect("norm_cards", pk)
            except Refused as refusal:
                form.add_error("text", refusal.sentence)
    return render(
        request,
        "partnerships/cards.html",
        {
            "partnership": partnership,
            "others": queries.others_of(partnership, me),
            "cards": _cards(me, partnership),
            "most": CARDS_EACH,
            "form": form,
            "activity": content("norms"),
        },
        status=status,
    )


@require_POST
def turn(request: Any, pk: int) -> HttpResponse:
    actions.turn_cards(_hers(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Your cards lie on the table. All of you can read them now."))
    return redirect("norm_cards", pk)


@require_POST
def remove_card(request: Any, pk: int) -> HttpResponse:
    card = policy.ask(request.user, "turn normcard", NormCard, pk)
    waste.remove(card, by=request.user, at=timezone.now())
    undo = f"undo:{reverse('norm_card_restoration', args=[pk])}"
    messages.success(request, _("The card is taken back. It lies in your bin for 30 days."), extra_tags=undo)
    return redirect("norm_cards", card.partnership_id)


@require_POST
def restore_card(request: Any, pk: int) -> HttpResponse:
    card = policy.ask(request.user, "turn normcard", NormCard, pk)
    waste.restore(card, by=request.user, at=timezone.now())
    messages.success(request, _("The card is back."))
    return redirect("norm_cards", card.partnership_id)


@require_http_methods(NEEDED)
def words(request: Any, pk: int) -> HttpResponse:
    """Word the agreement together. What stands, or else the cards, is where it begins."""
    partnership, me = _hers(request, pk), request.user
    activity, latest = content("norms"), _latest(me, partnership)
    if request.method != "POST":
        begun = {name: getattr(latest, name) for name in TEXTS} if latest else _begun(me, partnership)
        initial = {"after": latest.number if latest else 0, **begun}
        return _words_page(request, partnership, AgreementForm(initial=initial, activity=activity), latest)
    form = AgreementForm(request.POST, activity=activity)
    theirs = None
    if form.is_valid():
        try:
            actions.write_agreement(
                partnership, **form.texts(), after=form.cleaned_data["after"], by=me, at=timezone.now()
            )
            messages.success(request, _("The new version is written. Each of you signs it; nothing waits for that."))
            return redirect("agreement", pk)
        except Overtaken as overtaken:
            theirs = _latest(me, partnership)
            # (what overtook it is an agreement here)
            form = _again(form, activity, after=overtaken.current.number)  # type: ignore[attr-defined]
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return _words_page(request, partnership, form, latest, theirs=theirs, status=422)


def _begun(me: Person, partnership: Partnership) -> dict[str, str]:
    parts = [member.part for member in queries.current_members(partnership)]
    return beginning(content("norms"), parts, [card.text for card in _cards(me, partnership).on_the_table])


def _again(form: AgreementForm, activity: Any, *, after: int) -> AgreementForm:
    """Her words once more, to be written over the version that now stands when she says so."""
    data = form.data.copy()
    data["after"] = str(after)
    return AgreementForm(data, activity=activity)


def _words_page(
    request: Any,
    partnership: Partnership,
    form: AgreementForm,
    latest: Agreement | None,
    *,
    theirs: Agreement | None = None,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "partnerships/words.html",
        {
            "partnership": partnership,
            "form": form,
            "agreement": latest,
            "theirs": theirs,
            "others": queries.others_of(partnership, request.user),
        },
        status=status,
    )


@require_POST
def sign(request: Any, pk: int) -> HttpResponse:
    found = policy.ask(request.user, "change agreement", Agreement, pk, "partnership")
    actions.sign(found, by=request.user, at=timezone.now())
    messages.success(request, _("You have signed it."))
    return redirect("agreement", found.partnership_id)
