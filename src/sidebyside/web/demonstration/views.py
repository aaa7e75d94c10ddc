"""Looking around as one of the made-up people, with one click. These pages exist in the demonstration alone."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from sidebyside.demo import queries
from sidebyside.people import actions


@login_not_required
def people(request: HttpRequest) -> HttpResponse:
    """Everybody one can be, with a line about each."""
    rows = [(person, name, queries.STORIES[name]) for person in queries.named_people() if (name := _name(person))]
    return render(request, "demonstration/people.html", {"rows": rows})


def _name(person) -> str:
    return (person.email or "").removesuffix("@example.org")


@login_not_required
@require_POST
def sign_in(request: HttpRequest, name: str) -> HttpResponse:
    """Become one of the made-up people."""
    person = queries.named(name)
    if person is None:
        raise Http404
    logout(request)
    actions.admit(person, at=timezone.now())
    login(request, person)
    return redirect("home")
