"""Getting the people of a place in: invitations by mail, and sheets of codes for who has no mailbox."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from sidebyside import policy
from sidebyside.people import actions, queries
from sidebyside.people.models import Person
from sidebyside.places.models import Place
from sidebyside.places.queries import people_at
from sidebyside.web import dates
from sidebyside.web.entrance import mails

ON_A_PAGE = 50
AT_ONCE = 200


def _waiting(request: HttpRequest, place: Place) -> QuerySet[Person]:
    """Who works at this place or below it and has never signed in."""
    return queries.to_invite(people_at(policy.seen(request.user, Person), place))


def _printable(request: HttpRequest, place: Place) -> QuerySet[Person]:
    """Who works at this place or below it and may get a slip of codes from the reader, by name."""
    there = people_at(policy.seen(request.user, Person), place)
    return there.filter(policy.may_get_codes_from(request.user))


def _chosen(request: HttpRequest, waiting: QuerySet[Person]) -> QuerySet[Person]:
    """Of those, whom she ticked; all where she pressed a button for all. Numbers that are none are passed over."""
    if request.POST.get("all"):
        return waiting.filter(joined_at=None)
    ticked = [
        int(pk) for pk in request.POST.getlist("people")[:1_000] if pk.isascii() and pk.isdigit() and len(pk) < 15
    ]
    return waiting.filter(pk__in=ticked)


@require_http_methods(["GET", "HEAD"])
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of a place has not joined yet, who is invited, and the two ways to get them in."""
    place = policy.ask(request.user, "invite people of", Place, pk)
    waiting, at = _waiting(request, place), timezone.now()
    page = Paginator(waiting, ON_A_PAGE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    printable = _printable(request, place)
    until, codes = queries.invited_until(people, at=at), queries.holding_codes(people, at=at)
    context = {
        "place": place,
        "page": page,
        "rows": [(person, until.get(person.pk), person.pk in codes) for person in people],
        "without_mailbox": printable.filter(Q(email=None) | Q(email=""), joined_at=None).count(),
        "here_without_mailbox": queries.here_without_mailbox(printable)[:AT_ONCE],
        "not_invited": queries.not_invited(waiting, at=at).count(),
        "joined": people_at(policy.seen(request.user, Person), place).exclude(joined_at=None).count(),
        "at_once": AT_ONCE,
    }
    return render(request, "entrance/invitations.html", context)


@require_POST
def send_invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite those who are ticked, or all who have an address and no invitation yet (200 at a time)."""
    place, at = policy.ask(request.user, "invite people of", Place, pk), timezone.now()
    chosen = _chosen(request, _waiting(request, place)).exclude(Q(email=None) | Q(email=""))
    if request.POST.get("all"):
        chosen = queries.not_invited(chosen, at=at)
    sent, lost = mails.send_invitations(chosen[:AT_ONCE], place=place, by=request.user, at=at)
    if sent:
        words = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", sent)
        messages.success(request, words % {"count": sent})
    if lost:
        words = ngettext(
            "%(count)s invitation could not be sent: the mail server did not take it. Nobody is lost; try again later.",
            "%(count)s invitations could not be sent: the mail server did not take them. "
            "Nobody is lost; try again later.",
            len(lost),
        )
        messages.error(request, words % {"count": len(lost)})
    if not sent and not lost:
        messages.info(request, _("Nobody was chosen who has an address and is not here yet."))
    return redirect("invitations", pk=place.pk)


@never_cache
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet to print: one slip for each person who is ticked, or for all who have no mailbox and are not here yet.

    Who has no mailbox gets a new slip at any time. Passed over is who may get none from the reader (the policy).

    The codes stand on this one answer and nowhere else; a sheet printed again makes those of the last one void.
    """
    place, at = policy.ask(request.user, "invite people of", Place, pk), timezone.now()
    if request.method != "POST":
        return redirect("invitations", pk=place.pk)
    chosen = _chosen(request, _printable(request, place))
    if request.POST.get("all"):
        chosen = chosen.filter(Q(email=None) | Q(email=""))
    slips = actions.print_codes(chosen[:AT_ONCE], by=request.user, at=at)
    if not slips:
        asked = request.POST.get("all") or request.POST.getlist("people")
        words = _("None of them can get codes from you: ask the programme lead of the place above.")
        messages.info(request, words if asked else _("Tick the people you want to print codes for."))
        return redirect("invitations", pk=place.pk)
    return render(request, "entrance/codes.html", {"place": place, "slips": slips, "printed": dates.on_paper(at)})
