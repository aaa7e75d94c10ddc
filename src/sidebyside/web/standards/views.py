"""Reading lists of standards: those in force for whoever reads, their trees, and the search through them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sidebyside import policy
from sidebyside.materials import standards_queries as queries
from sidebyside.materials.models import Framework, FrameworkVersion, Standard
from sidebyside.places.models import Place, Role
from sidebyside.places.queries import searched

MOST_PLACES = 20


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """The lists in force for her, and what was searched in them."""
    me = request.user
    lists = queries.frameworks_for(policy.seen(me, FrameworkVersion), places_for(me))
    asked = searched(request.GET.get("q", ""))
    statements = policy.seen(me, Standard)
    context = {
        "lists": lists,
        "sizes": queries.sizes(statements, lists),
        "asked": asked,
        "found": queries.search(statements, lists, asked),
        "most": queries.MOST_FOUND,
        "keeps": policy.seen(me, Place).filter(pk__in=me.standing.at(Role.Kind.LEAD)).order_by("name")[:MOST_PLACES],
    }
    return render(request, "standards/standards.html", context)


@require_safe
def framework(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: its tree, or what stands below one of its statements; and its versions."""
    found = policy.find(request.user, Framework, pk, "place")
    every = queries.versions_of(policy.seen(request.user, FrameworkVersion), found)
    number = asked_number(request, "version")
    version = next((one for one in every if one.number == number or number is None), None)
    if version is None:
        raise Http404
    context = {
        "framework": found,
        "version": version,
        "versions": every,
        "is_latest": version.pk == every[0].pk,
        "changes": found.place_id is not None and policy.may(request.user, "change framework", found),
        **branch(request, version),
    }
    return render(request, "standards/framework.html", context)


def branch(request: HttpRequest, version: FrameworkVersion) -> dict[str, Any]:
    """What stands below the statement that the address asks for (`at`), with those above it; all where it asks none.

    Raises Http404 for a statement that is not in this version."""
    statements = policy.seen(request.user, Standard)
    number = asked_number(request, "at")
    at = statements.filter(version=version, pk=number).first() if number is not None else None
    if number is not None and at is None:
        raise Http404
    return {
        "at": at,
        "above": queries.path_to(statements, [at])[at.pk] if at is not None else [],
        "nodes": queries.tree(statements, version, at),
    }


def asked_number(request: HttpRequest, name: str) -> int | None:
    """A number in the address, or None where there is none."""
    said = request.GET.get(name, "")
    return min(int(said[:19]), policy.LARGEST_ID) if said.isascii() and said.isdigit() else None


def places_for(person: Any) -> list[int]:
    """The places (ids) whose lists are in force for her: where she works or has a role, and all above."""
    return sorted({*person.standing.above, *person.standing.at(*person.standing.kinds)})
