"""What every way of signing in ends with."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from sidebyside.base.refusals import Refused
from sidebyside.materials.queries import enters_until
from sidebyside.people import actions, queries
from sidebyside.people.models import Person
from sidebyside.web import dates

LONGEST_ADDRESS = 300
BACKEND = "sidebyside.web.entrance.backend.WhileHere"


def sign_in(request: HttpRequest, person: Person, *, by_link: bool, shared: bool, at: datetime) -> None:
    """Begin a session: under a fresh key, and on a shared computer only until the browser is closed.

    Raises Refused for a leaver whose days are over.
    """
    until = enters_until(person)
    if until is not None and at >= until:
        raise Refused(
            _(
                "Your work here ended, and you could sign in until %(day)s to take what you wrote with you. "
                "If you are back, ask your programme lead."
            )
            % {"day": dates.day(until)}
        )
    login(request, person, backend=BACKEND)
    # Whoever came by link or code need not know a password to set one.
    request.session["by_link"] = by_link
    request.session["shared_device"] = shared
    request.session.set_expiry(0 if shared else None)
    if person.joined_at is not None:
        _tell_of_slips(request, person, at)
    actions.admit(person, at=at)


def _tell_of_slips(request: HttpRequest, person: Person, at: datetime) -> None:
    """Whoever printed codes could come in as she: she is told, at each sign-in for 30 days."""
    printed = queries.printed_lately(person, at=at)
    if printed is not None:
        by = printed.made_by.name if printed.made_by else _("somebody who is gone")
        words = _("A new code sheet was printed for you on %(day)s by %(name)s. If you did not get it, ask them.")
        messages.info(request, words % {"day": dates.day(printed.made_at), "name": by})


def onward(request: HttpRequest) -> str:
    """The page she wanted, if it is one of ours; else nothing."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    safe = len(wanted) <= LONGEST_ADDRESS and wanted.isprintable() and url_has_allowed_host_and_scheme(wanted, None)
    return wanted if safe and wanted.startswith("/") else ""


def go_on(request: HttpRequest) -> HttpResponse:
    """To the page she wanted, or home."""
    return redirect(onward(request) or "/")


def machine_of(request: HttpRequest) -> str:
    """The network address a request came from.

    Behind so many trusted proxies (TRUSTED_PROXIES) it is the one that the outermost of them saw: that many from the
    right in X-Forwarded-For. What stands further left anybody may have written. Without the setting, and where the
    header is too short to have passed them all, it is who spoke to this program.
    """
    spoke, proxies = str(request.META.get("REMOTE_ADDR", "")), settings.TRUSTED_PROXIES
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return (seen[-proxies] or spoke)[:100] if 0 < proxies <= len(seen) else spoke
