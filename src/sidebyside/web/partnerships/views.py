"""My partnerships, who is in each, and how each rests, goes on and ends."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sidebyside import policy
from sidebyside.partnerships import actions, queries
from sidebyside.partnerships.models import Agreement, HelpOffer, Member, Partnership, Proposal
from sidebyside.people.models import Person
from sidebyside.web.partnerships.proposing import own_wish
from sidebyside.web.partnerships.words import form_words, part_words


@require_safe
def partnerships(request: Any) -> HttpResponse:
    """What I am in, what I am asked, and what I asked."""
    me = request.user
    mine = queries.of_person(policy.seen(me, Partnership), me)
    unsigned = queries.unsigned(policy.seen(me, Agreement), me)
    offers = policy.seen(me, HelpOffer).filter(put_away_at=None, partnership__in=mine).select_related("by")
    offered: dict[int, list[HelpOffer]] = {}
    for offer in offers:
        offered.setdefault(offer.partnership_id, []).append(offer)
    proposals = policy.seen(me, Proposal)
    return render(
        request,
        "partnerships/partnerships.html",
        {
            "open": [_card(partnership, me) for partnership in mine if partnership.ended_at is None],
            "ended": [_card(partnership, me) for partnership in mine if partnership.ended_at is not None],
            "unsigned": {agreement.partnership_id for agreement in unsigned},
            "offered": offered,
            "to_answer": queries.to_answer(proposals, me),
            "made": queries.made_by(proposals, me),
            "waiting": queries.accepted_and_waiting(proposals, me),
            "wish": own_wish(me),
            "called": part_words(me),
            "forms": form_words(),
        },
    )


def _card(partnership: Partnership, me: Person) -> dict[str, Any]:
    return {
        "partnership": partnership,
        "members": queries.current_members(partnership),
        "others": queries.others_of(partnership, me),
        "part": queries.part_of(partnership, me),
        "state": queries.word_for_state(partnership),
        "gone": queries.gone_from(partnership),
    }


@require_safe
def members(request: Any, pk: int) -> HttpResponse:
    """Who is in a partnership, and everything that changes that."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    return _members_page(request, partnership)


def _members_page(request: Any, partnership: Partnership, *, refused: str = "", status: int = 200) -> HttpResponse:
    me = request.user
    asked = policy.seen(me, Proposal).filter(joining=partnership, closed_at=None, formed_at=None)
    gone = [member for member in queries.gone_from(partnership) if member.person_id != me.pk]
    return render(
        request,
        "partnerships/members.html",
        {
            "partnership": partnership,
            "members": queries.current_members(partnership),
            "others": queries.others_of(partnership, me),
            "gone": [(member, queries.can_go_on_without(partnership, member)) for member in gone],
            "can_resume": not gone and me.left_at is None and len(queries.current_members(partnership)) > 1,
            "asked": list(queries.with_seats(asked)),
            "has_place": bool(queries.part_for_newcomer(partnership)),
            "state": queries.word_for_state(partnership),
            "form": form_words()[partnership.form],
            "called": part_words(me),
            "refused": refused,
        },
        status=status,
    )


def _back(partnership: Partnership) -> HttpResponse:
    return redirect("members", partnership.pk)


@require_POST
def rest(request: Any, pk: int) -> HttpResponse:
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    actions.rest(partnership, by=request.user, at=timezone.now())
    undo = f"undo:{reverse('partnership_resumption', args=[pk])}"
    messages.success(request, _("It rests. You can go on whenever you like, where you left it."), extra_tags=undo)
    return _back(partnership)


@require_POST
def resume(request: Any, pk: int) -> HttpResponse:
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    actions.resume(partnership, by=request.user, at=timezone.now())
    messages.success(request, _("You go on where you left it."))
    return _back(partnership)


@require_POST
def keep_resting(request: Any, pk: int) -> HttpResponse:
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    actions.keep_resting(partnership, by=request.user, at=timezone.now())
    messages.success(request, _("It keeps resting. You can decide at any time."))
    return _back(partnership)


@require_POST
def end(request: Any, pk: int) -> HttpResponse:
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    actions.end(partnership, by=request.user, at=timezone.now())
    messages.success(request, _("The partnership has ended. What you wrote in it stays yours to read."))
    return redirect("partnerships")


@require_POST
def leave(request: Any, pk: int) -> HttpResponse:
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    actions.leave(partnership, by=request.user, at=timezone.now())
    said = _("You have left the partnership. What was written until now stays yours to take along, under Me.")
    messages.success(request, said)
    return redirect("partnerships")


@require_POST
def go_on_without(request: Any, pk: int) -> HttpResponse:
    member = policy.find(request.user, Member, pk, "person", "partnership")
    partnership = policy.ask(request.user, "work in", Partnership, member.partnership_id)
    actions.go_on_without(partnership, member=member, by=request.user, at=timezone.now())
    messages.success(request, _("You go on without her or him."))
    return _back(partnership)


@require_POST
def put_away(request: Any, pk: int) -> HttpResponse:
    offer = policy.ask(request.user, "change helpoffer", HelpOffer, pk, "partnership")
    actions.put_away(offer, by=request.user, at=timezone.now())
    messages.success(request, _("The offer is put away. You can ask for help at any time."))
    return redirect("partnerships")
