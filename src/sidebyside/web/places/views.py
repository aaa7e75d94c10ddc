"""The tree of places: one level at a time, its people and roles, and what a programme lead does there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.materials.queries import programme_for
from sidebyside.people.models import Person
from sidebyside.places import actions, queries
from sidebyside.places.models import Place, Post, Role
from sidebyside.web.paging import page_of
from sidebyside.web.places.forms import MoveForm, NewPlaceForm, PlaceForm, sent

SOME = 12
FOUND = 20


def places(request: HttpRequest) -> HttpResponse:
    """Own places first, then the roots of the tree; with `?q=` the places of that name."""
    text = queries.searched(request.GET.get("q", ""))
    every = policy.seen(request.user, Place)
    if text:
        found = page_of(request, queries.places_named(every, text))
        return render(request, "places/places.html", {"text": text, "page": found, "own": []})
    context = {
        "text": "",
        "page": page_of(request, queries.children_of(every, None)),
        "own": queries.places_of(every, request.user.pk)[:SOME],
    }
    return render(request, "places/places.html", context)


def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One place: what lies below it, who works there, who is what, and what the reader may do."""
    found = policy.find(request.user, Place, pk)
    seen_roles = policy.seen(request.user, Role)
    people = list(queries.people_at(policy.seen(request.user, Person).filter(left_at=None), found)[: SOME + 1])
    roles = list(queries.roles_at(seen_roles, found)[: SOME + 1])
    context = {
        "place": found,
        "above": queries.path_of(found)[:-1],
        "page": page_of(request, queries.children_of(policy.seen(request.user, Place), found)),
        "people": people[:SOME],
        "more_people": len(people) > SOME,
        "posts": queries.posts_by_person(policy.seen(request.user, Post), people[:SOME]),
        "roles": roles[:SOME],
        "more_roles": len(roles) > SOME,
        "roles_above": queries.roles_above(seen_roles, found)[:SOME],
        "programme": programme_for([found.pk]),
        **_acts(request, found),
    }
    return render(request, "places/place.html", context)


def _acts(request: HttpRequest, found: Place) -> dict[str, bool]:
    """What the reader may do at a place. The rules ask nothing of the database for somebody without a role."""
    me = request.user
    leads = policy.may(me, "change the tree at", found)
    gives = leads or policy.may(me, "give roles at", found)
    return {
        "leads": leads,
        "gives_roles": gives and found.closed_at is None,
        "lacks_lead": gives and not leads and not queries.has_lead(found),
        "invites": leads or policy.may(me, "invite people of", found),
        "has_timetable": found.kind == Place.Kind.SCHOOL
        and (found.pk in me.standing.schools or policy.may(me, "keep the timetable of", found)),
    }


def new_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a place below this one."""
    parent = policy.ask(request.user, "change the tree at", Place, pk)
    form = NewPlaceForm(sent(request), initial={"kind": _narrower(parent)})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_place(parent=parent, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("The place is added."))
            return redirect("place", made.pk)
    return _form_page(request, parent, form, _("Add a place"), _("Add it"))


def _narrower(parent: Place) -> str:
    kinds = Place.Kind.values
    return kinds[min(kinds.index(parent.kind) + 1, len(kinds) - 1)]


def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a place's name, language and time zone."""
    found = policy.ask(request.user, "change the tree at", Place, pk)
    now = {"name": found.name, "language": found.language, "time_zone": found.time_zone}
    form = PlaceForm(sent(request), initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_place(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("place", pk)
    return _form_page(request, found, form, _("Name, language and time zone"), _("Save"))


def _form_page(request: HttpRequest, found: Place, form: Any, title: str, label: str) -> HttpResponse:
    context = {"place": found, "form": form, "title": title, "label": label}
    return render(request, "places/place_form.html", context, status=422 if form.is_bound else 200)


def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a place, and all below it, below another that is found by its name."""
    found = policy.ask(request.user, "change the tree at", Place, pk)
    text = queries.searched(request.GET.get("q", ""))
    targets = _targets(request, found, text) if text else []
    form = MoveForm(sent(request), found=targets)
    if request.method == "POST" and form.is_valid():
        target = policy.ask(request.user, "change the tree at", Place, int(form.cleaned_data["parent"]))
        try:
            actions.move_place(found, parent=target, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("The place is moved."))
            return redirect("place", pk)
    context = {"place": found, "form": form, "text": text, "found": targets}
    return render(request, "places/move.html", context, status=422 if form.is_bound else 200)


def _targets(request: HttpRequest, found: Place, text: str) -> list[Place]:
    others = policy.seen(request.user, Place).filter(closed_at=None).exclude(pk=found.pk)
    return list(queries.places_named(others, text)[:FOUND])


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a place and what lies below it; its people stay."""
    found = policy.ask(request.user, "change the tree at", Place, pk)
    number = actions.close_place(found, by=request.user, at=timezone.now())
    if number:
        said = ngettext("One place is closed.", "%(number)d places are closed.", number) % {"number": number}
        messages.success(request, said, extra_tags=f"undo:{reverse('place_reopening', args=[pk])}")
    return redirect("place", pk)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed place again, with what was closed together with it."""
    found = policy.ask(request.user, "change the tree at", Place, pk)
    if actions.reopen_place(found, by=request.user, at=timezone.now()):
        messages.success(request, _("It is open again."))
    return redirect("place", pk)
