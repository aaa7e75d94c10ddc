"""Owners, and the sheet that brings an installation's texts back after a fire."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from sidebyside import policy
from sidebyside.base.master_key import master_key
from sidebyside.base.refusals import Refused
from sidebyside.people import actions, queries
from sidebyside.people.models import Ownership
from sidebyside.web import dates
from sidebyside.web.entrance import mails
from sidebyside.web.entrance.forms import OwnerForm


def _owners(request: HttpRequest) -> QuerySet[Ownership]:
    found = policy.seen(request.user, Ownership).filter(ended_at=None)
    return found.select_related("person").order_by("made_at", "pk")


def _my_ownership(request: HttpRequest, deed: str) -> Ownership:
    """Her own ownership, on which `deed` is done. Who is no owner finds no such page."""
    mine = _owners(request).filter(person=request.user.pk).first()
    if mine is None:
        raise Http404
    return policy.ask(request.user, deed, Ownership, mine.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def owners(request: HttpRequest) -> HttpResponse:
    """Who owns this installation; and making one more owner."""
    _my_ownership(request, "make owners beside")
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            made = actions.name_owner(**form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("%(name)s is an owner now.") % {"name": made.person.name})
            if made.person.joined_at is None and not mails.send_to_owner(made.person, by=request.user, at=at):
                words = _("The mail server did not take the mail to them. They can ask for a link on the sign-in page.")
                messages.error(request, words)
            return redirect("owners")
    context = {"form": form, "owners": list(_owners(request)), "missing": queries.owners_missing()}
    return render(request, "entrance/owners.html", context, status=422 if form.is_bound else 200)


@require_POST
def end_ownership(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's ownership, or one's own; never the last."""
    ownership = policy.ask(request.user, "end the ownership of", Ownership, pk)
    actions.end_ownership(ownership, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s is no longer an owner.") % {"name": ownership.person.name})
    return redirect("me" if ownership.person_id == request.user.pk else "owners")


@never_cache
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_sheet(request: HttpRequest) -> HttpResponse:
    """Before: what the sheet is. After the button: the master key in groups, once, kept by no cache and no log."""
    mine = _my_ownership(request, "print the recovery sheet of")
    groups: list[str] = []
    at = timezone.now()
    if request.method == "POST":
        actions.print_recovery_sheet(mine, by=request.user, at=at)
        key = master_key().hex()
        groups = [key[start : start + 4] for start in range(0, len(key), 4)]
    return render(request, "entrance/recovery_sheet.html", {"groups": groups, "printed": dates.on_paper(at)})
