"""The directory, and one person as others see her."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sidebyside import policy
from sidebyside.people.models import Person
from sidebyside.places import queries
from sidebyside.places.models import Place, Post, Role
from sidebyside.web.paging import page_of


def people(request: HttpRequest) -> HttpResponse:
    """Everybody the reader may see, by name: `?q=` begins a name, `?place=` says where."""
    me = request.user
    text = queries.searched(request.GET.get("q", ""))
    place = _place(request)
    rows = queries.people_named(policy.seen(me, Person).filter(left_at=None), text)
    if place is not None:
        rows = queries.people_at(rows, place)
    page = page_of(request, rows)
    context = {
        "text": text,
        "place": place,
        "page": page,
        "posts": queries.posts_by_person(policy.seen(me, Post), page.rows),
        "roles": queries.roles_by_person(policy.seen(me, Role), page.rows),
        "own": queries.places_of(policy.seen(me, Place), me.pk)[:8],
    }
    return render(request, "people/people.html", context)


def _place(request: HttpRequest) -> Place | None:
    """The place that the address names; nonsense is no place."""
    asked = request.GET.get("place", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    return policy.seen(request.user, Place).filter(pk=int(asked)).first()


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: where she works, what she is in the programme, what she says of herself, and what one may do."""
    me = request.user
    found = policy.find(me, Person, pk)
    roles = queries.roles_by_person(policy.seen(me, Role), [found]).get(pk, [])
    posts = queries.posts_by_person(policy.seen(me, Post), [found]).get(pk, [])
    context = {
        "person": found,
        "roles": roles,
        "posts": posts,
        "is_me": found.pk == me.pk,
        "sees_when_busy": policy.may(me, "see when busy", found),
        "is_coach": any(role.kind == Role.Kind.COACH for role in roles),
        "gives_roles_at": [post.place for post in posts if policy.may(me, "change the tree at", post.place)],
    }
    return render(request, "people/person.html", context)
