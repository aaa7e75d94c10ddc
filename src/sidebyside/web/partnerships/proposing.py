"""Asking somebody: a new partnership, a coach, somebody to join; and the answers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.partnerships import actions, queries
from sidebyside.partnerships.models import Partnership, Proposal, Wish
from sidebyside.partnerships.shapes import form_of
from sidebyside.people.models import Person
from sidebyside.places.models import Place, Role
from sidebyside.web.partnerships import drafts
from sidebyside.web.partnerships.forms import PartForm, SearchForm
from sidebyside.web.partnerships.words import form_words, part_words

NEEDED = ["GET", "HEAD", "POST"]


@require_http_methods(NEEDED)
def new(request: Any) -> HttpResponse:
    """Choose what kind, then whom; then ask. The address carries the choices, so that each step is a plain link."""
    me = request.user
    draft = drafts.read(me, request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return _new_page(request, draft)
    called = part_words(me)
    if draft.parts_open and not PartForm(request.POST, parts=draft.parts_open, words=called).is_valid():
        return _new_page(request, draft, refused=_("Choose your part."), status=422)
    form, seats = draft.seats(me)
    try:
        actions.propose(by=me, form=form, seats=seats, at=timezone.now())
    except Refused as refusal:
        return _new_page(request, draft, refused=refusal.sentence, status=422)
    messages.success(request, _("It is sent. You see here when everybody has answered."))
    return redirect("partnerships")


def _new_page(request: Any, draft: drafts.Draft, *, refused: str = "", status: int = 200) -> HttpResponse:
    me = request.user
    searching = draft.seeks
    people = policy.seen(me, Person)
    taken = {person.pk for person in (*draft.chosen, draft.coach, draft.partner) if person is not None}
    found = [person for person in queries.can_be_asked(people, me, draft.searched) if person.pk not in taken]
    coaches = queries.who_may_coach([*found, me])
    if searching == "coach" or (draft.form == "pair" and me.pk not in coaches):
        # A pair needs a coach: where it cannot be herself, only coaches are offered.
        found = [person for person in found if person.pk in coaches]
    called = part_words(me)
    return render(
        request,
        "partnerships/new.html",
        {
            "draft": draft,
            "i_may_coach": me.pk in coaches,
            "i_facilitate": bool(me.standing.at(Role.Kind.FACILITATOR)),
            "searching": searching,
            "search": SearchForm({"q": draft.searched} if draft.searched else None),
            "found": found,
            "places": queries.places_of_people([*found, *draft.chosen]),
            "parts_form": PartForm({"part": draft.part} if draft.part else None, parts=draft.parts_open, words=called),
            "called": called,
            "forms": form_words(),
            "refused": refused,
            "askable": None if draft.form else _askable(me),
        },
        status=status,
    )


def _places_to_ask(me: Any) -> list[Place]:
    """Her schools; the places of her posts where she works at none."""
    places = policy.seen(me, Place)
    if me.standing.schools:
        return list(places.filter(pk__in=me.standing.schools).order_by("name", "pk"))
    return list(places.filter(posts__person=me, posts__to_date=None).distinct().order_by("name", "pk"))


def _askable(me: Any) -> list[tuple[Place, list[Person]]]:
    """Where she can ask for a coach, and who exactly would see it there."""
    roles = policy.seen(me, Role)
    found = ((place, queries.who_reads_a_wish(me, place, roles)) for place in _places_to_ask(me))
    return [(place, readers) for place, readers in found if readers]


def own_wish(me: Any) -> Wish | None:
    """Her open wish for a coach, with `readers`: who sees it today."""
    wish = policy.seen(me, Wish).filter(person=me, closed_at=None).select_related("place", "to").first()
    if wish is not None:
        # (brought along for the template)
        wish.readers = queries.who_reads_a_wish(me, wish.place, policy.seen(me, Role), to=wish.to)  # type: ignore[attr-defined]
    return wish


@require_safe
def coaches(request: Any) -> HttpResponse:
    """The coaches of my places, with whether they have room."""
    me = request.user
    roles = policy.seen(me, Role)
    return render(
        request,
        "partnerships/coaches.html",
        {
            "coaches": queries.coaches_for(me, roles),
            "wish": own_wish(me),
            "askable": _askable(me),
            "called": part_words(me),
        },
    )


@require_POST
def wish(request: Any) -> HttpResponse:
    """Ask the facilitators of one of my places for a coach, or one of them."""
    me, chosen = request.user, request.POST.get("to", "")
    place = policy.find(me, Place, drafts.number(request.POST.get("place", "")))
    to = policy.find(me, Person, drafts.number(chosen)) if chosen else None
    actions.wish_for_coach(by=me, place=place, at=timezone.now(), to=to)
    messages.success(request, _("Your wish is sent. Here you read who sees it."))
    return redirect("partnerships")


@require_POST
def close_wish(request: Any, pk: int) -> HttpResponse:
    found = policy.ask(request.user, "close wish", Wish, pk, "person", "place")
    actions.close_wish(found, by=request.user, at=timezone.now())
    mine = found.person_id == request.user.pk
    messages.success(request, _("Your wish is taken back.") if mine else _("The wish is laid aside."))
    return redirect("partnerships" if mine else "facilitator")


@require_safe
def proposal(request: Any, pk: int) -> HttpResponse:
    """Who asks whom, with which part, and what a yes would mean. Both answers are equally big."""
    found = policy.find(request.user, Proposal, pk)
    if found.formed_at is not None:
        return redirect("partnerships")
    return _proposal_page(request, pk)


def _proposal_page(request: Any, pk: int, *, refused: str = "", status: int = 200) -> HttpResponse:
    me = request.user
    found = queries.with_seats(policy.seen(me, Proposal, one=True)).get(pk=pk)
    mine = next((seat for seat in found.asked if seat.person_id == me.pk), None)
    inside = {member.person_id for member in found.joining.current} if found.joining else set()
    return render(
        request,
        "partnerships/proposal.html",
        {
            "proposal": found,
            "mine": mine,
            "is_by_me": found.by_id == me.pk,
            "newcomers": [seat for seat in found.asked if found.joining and seat.person_id not in inside],
            "joins_herself": bool(found.joining) and me.pk not in inside,
            "called": part_words(me),
            "forms": form_words(),
            "refused": refused,
        },
        status=status,
    )


@require_POST
def accept(request: Any, pk: int) -> HttpResponse:
    found = policy.ask(request.user, "answer", Proposal, pk)
    formed = actions.accept(found, by=request.user, at=timezone.now())
    if formed is None:
        messages.success(request, _("You have accepted. The others are asked too; you see here when it begins."))
        return redirect("partnerships")
    messages.success(request, _("Everybody has accepted. This is your place to work together."))
    return redirect("workspace", formed.pk)


@require_POST
def decline(request: Any, pk: int) -> HttpResponse:
    found = policy.ask(request.user, "answer", Proposal, pk)
    actions.decline(found, by=request.user, at=timezone.now())
    messages.success(request, _("Not this time: that is all anybody will read, and no reason is asked for."))
    return redirect("partnerships")


@require_POST
def withdraw(request: Any, pk: int) -> HttpResponse:
    found = policy.ask(request.user, "withdraw", Proposal, pk)
    was_open = found.is_open
    actions.withdraw(found, by=request.user, at=timezone.now())
    messages.success(request, _("It is taken back; nobody is asked any more.") if was_open else _("It is put away."))
    return redirect("partnerships")


@require_http_methods(NEEDED)
def newcomers(request: Any, pk: int) -> HttpResponse:
    """Ask somebody to join a partnership. All its members are asked as well."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    part = queries.part_for_newcomer(partnership)
    if not part:
        raise PermissionDenied
    if request.method != "POST":
        draft = drafts.read(request.user, request.GET)
        return _newcomers_page(request, partnership, part, draft.chosen[:1], draft.searched)
    chosen = drafts.read(request.user, request.POST).chosen[:1]
    form = form_of([*(member.part for member in queries.current_members(partnership)), part]) or ""
    seats = [(person, part) for person in chosen]
    try:
        actions.propose(by=request.user, form=form, seats=seats, at=timezone.now(), joining=partnership)
    except Refused as refusal:
        return _newcomers_page(request, partnership, part, chosen, "", refused=refusal.sentence, status=422)
    messages.success(request, _("It is sent. Everybody is asked, the others of you as well."))
    return redirect("members", pk)


def _newcomers_page(
    request: Any,
    partnership: Partnership,
    part: str,
    chosen: list[Person],
    searched: str,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    me = request.user
    inside = {member.person_id for member in queries.current_members(partnership)}
    people = queries.can_be_asked(policy.seen(me, Person), me, searched)
    found = [person for person in people if person.pk not in inside]
    if part == "coach":
        coaching = queries.who_may_coach(found)
        found = [person for person in found if person.pk in coaching]
    return render(
        request,
        "partnerships/newcomers.html",
        {
            "partnership": partnership,
            "others": queries.others_of(partnership, me),
            "part": part,
            "chosen": chosen,
            "search": SearchForm({"q": searched} if searched else None),
            "searched": searched,
            "found": found,
            "places": queries.places_of_people([*found, *chosen]),
            "called": part_words(me),
            "becomes_team": partnership.form == "pair" and len(inside) > 1,
            "refused": refused,
        },
        status=status,
    )
