"""Roles at a place: who holds which, giving one, ending one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.people.models import Person
from sidebyside.places import actions, queries
from sidebyside.places.models import Place, Post, Role
from sidebyside.web.own_words import OwnWords
from sidebyside.web.paging import page_of
from sidebyside.web.places.forms import RoleForm, sent

FOUND = 20


def roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who has a role at a place."""
    place = policy.find(request.user, Place, pk)
    context = {
        "place": place,
        "page": page_of(request, queries.roles_at(policy.seen(request.user, Role), place)),
        "kinds": _kinds(request, place) if policy.may(request.user, "give roles at", place) else [],
    }
    return render(request, "places/roles.html", context)


def new_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a role here: found by name (`?q=`), or known already (`?with=`)."""
    place = policy.ask(request.user, "give roles at", Place, pk)
    text = queries.searched(request.GET.get("q", ""))
    found = _people(request, text)
    form = RoleForm(
        sent(request),
        found=found,
        posts=queries.posts_by_person(policy.seen(request.user, Post), found),
        kinds=_kinds(request, place),
        words=OwnWords(request.user),
        initial={"person": str(found[0].pk)} if len(found) == 1 else {},
    )
    if request.method == "POST" and form.is_valid():
        person = policy.find(request.user, Person, int(form.cleaned_data["person"]))
        try:
            room = form.cleaned_data.get("room_for")
            actions.give_role(
                person,
                kind=form.cleaned_data["kind"],
                place=place,
                by=request.user,
                at=timezone.now(),
                room_for=2 if room is None else room,
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("The role is given."))
            return redirect("place", pk)
    return _role_page(request, place, form, text=text, found=found)


def _kinds(request: HttpRequest, place: Place) -> list[str]:
    """The roles that the reader may give here: a programme lead all, an owner that of a lead."""
    return Role.Kind.values if policy.may(request.user, "change the tree at", place) else [Role.Kind.LEAD]


def _people(request: HttpRequest, text: str) -> list[Person]:
    """Whom the search found, or the one person whom the address names."""
    people = policy.seen(request.user, Person).filter(left_at=None)
    known = request.GET.get("with", "")
    if known.isascii() and known.isdigit() and len(known) < 19:
        return list(people.filter(pk=int(known)))
    return list(queries.people_named(people, text)[:FOUND]) if text else []


def _role_page(request: HttpRequest, place: Place, form: Any, **more: Any) -> HttpResponse:
    context = {"place": place, "form": form, "text": "", "found": [], **more}
    return render(request, "places/new_role.html", context, status=422 if form.is_bound else 200)


@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's role."""
    role = policy.find(request.user, Role, pk)
    # An owner ends the role of a lead; every other is for the leads.
    policy.ask(
        request.user, "give roles at" if role.kind == Role.Kind.LEAD else "change the tree at", Place, role.place_id
    )
    if actions.end_role(role, by=request.user, at=timezone.now()):
        messages.success(request, _("The role has ended."))
    return redirect("place", role.place_id)
