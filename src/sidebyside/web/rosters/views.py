"""Rosters of a programme lead: bringing one, those that wait, the sources, and what each import did."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.places import roster_queries
from sidebyside.places.actions import rosters as actions
from sidebyside.places.models import Place, Role, RosterImport, Source
from sidebyside.places.roster.plain import TEMPLATE
from sidebyside.web.paging import page_of
from sidebyside.web.rosters.forms import UploadForm

ON_A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def rosters(request: HttpRequest) -> HttpResponse:
    """Bring a roster in (it is only kept and looked at), and everything that was brought before."""
    places = _places_led(request)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, places=places)
        if form.is_valid():
            kept = _keep(request, form)
            if kept is not None:
                return redirect("roster", pk=kept.pk)
        return render(request, "rosters/rosters.html", _context(request, form), status=422)
    form = UploadForm(places=places, initial={"place": request.GET.get("place")})
    return render(request, "rosters/rosters.html", _context(request, form))


def _places_led(request: HttpRequest) -> Any:
    """The places where she is programme lead. Raises Http404 for everybody else."""
    led = request.user.standing.at(Role.Kind.LEAD)
    if not led:
        raise Http404
    return policy.seen(request.user, Place).filter(pk__in=led).order_by("name", "pk")


def _keep(request: HttpRequest, form: UploadForm) -> RosterImport | None:
    """Keep what was uploaded; None, with the sentence in the form, where its source will not do."""
    place = policy.ask(request.user, "bring a roster to", Place, form.cleaned_data["place"].pk)
    at, file = timezone.now(), form.cleaned_data["file"]
    actions.put_away_old(at=at)
    try:
        source = actions.name_source(form.cleaned_data["source"], under=place, by=request.user, at=at)
        return actions.keep_upload(file, source=source, file_name=file.name, by=request.user, at=at)
    except Refused as refusal:
        form.add_error("source", refusal.sentence)
        return None


def _context(request: HttpRequest, form: UploadForm) -> dict[str, Any]:
    imports = policy.seen(request.user, RosterImport)
    return {
        "form": form,
        "sources": policy.seen(request.user, Source).select_related("under").order_by("name"),
        "waiting": roster_queries.waiting(imports)[:ON_A_PAGE],
        "page": page_of(request, roster_queries.history(imports), size=ON_A_PAGE),
    }


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The one-table form with two people who do not exist, to write over."""
    answer = HttpResponse("\ufeff" + TEMPLATE, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="roster.csv"'
    return answer


@require_POST
def leaders(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a source's rosters make school leaders."""
    source = policy.find(request.user, Source, pk)
    policy.ask(request.user, "bring a roster to", Place, source.under_id)
    at = timezone.now()
    if request.POST.get("allowed") == "yes":
        actions.allow_leaders(source, by=request.user, at=at)
        messages.success(request, _("The next roster of this source makes its principals school leaders."))
    else:
        actions.forbid_leaders(source, by=request.user, at=at)
        messages.success(request, _("Rosters of this source make nobody a school leader. Who is one stays it."))
    return redirect("rosters")
