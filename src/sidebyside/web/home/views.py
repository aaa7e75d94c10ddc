"""Home: what is next and with whom, what waits for me, what is stuck. And the pages that are nobody's own."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from sidebyside.notices.queries import home as asked
from sidebyside.people import actions
from sidebyside.web.home.addresses import line
from sidebyside.web.home.beginnings import beginnings, first_steps

MOST_LINES = 20


@login_not_required
def home(request: Any) -> HttpResponse:
    """Answers with a page to everybody, signed in or not."""
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html")
    me, at = request.user.standing, timezone.now()
    found = asked(request.user, me, at=at)
    steps = first_steps(request.user, me, found, at=at)
    put_away = request.user.arrival_put_away_at is not None
    context = {
        "found": found,
        "lines": [line(item) for item in found.waiting[:MOST_LINES]],
        "more": max(0, len(found.waiting) - MOST_LINES),
        "beginnings": beginnings(me, found) if not found.partnerships else [],
        "steps": [] if put_away else steps,
        "steps_put_away": bool(put_away and steps),
        "today": timezone.localdate(at),
    }
    return render(request, "home/home.html", context)


@require_POST
def put_arrival_away(request: Any) -> HttpResponse:
    """Put the first steps away from my home page."""
    actions.put_arrival_away(request.user, by=request.user, at=timezone.now())
    return redirect("home")


@require_POST
def bring_arrival_back(request: Any) -> HttpResponse:
    """Show the first steps again."""
    actions.bring_arrival_back(request.user, by=request.user, at=timezone.now())
    return redirect("home")


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """For watchers: the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Unknown, or not yours: the same page for both."""
    return render(request, "pages/not_found.html", status=404)


@login_not_required
def fault(request: HttpRequest) -> HttpResponse:
    """The program failed. The page says so and shows nothing of what was being done."""
    return render(request, "pages/fault.html", status=500)
