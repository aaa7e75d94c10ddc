"""The commons: lessons that their makers gave to all. Open to everybody, signed in or not (decision 8)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.lessons import publication_queries as queries
from sidebyside.lessons.actions import publishing as actions
from sidebyside.lessons.models import Adoption, Lesson, Publication
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import of_person
from sidebyside.web.commons.forms import AdoptForm
from sidebyside.web.commons.licences import FOR_READERS, address_of, label_of, language_name
from sidebyside.web.commons.showing import sheet_of
from sidebyside.web.files import serve
from sidebyside.web.paging import page_of

ASKED = ("q", "subject", "level", "language", "licence", "kind")
A_PAGE = 20
LONGEST_ASKED = 200


@login_not_required
@require_safe
def commons(request: HttpRequest) -> HttpResponse:
    """All published lessons, the newest first, by what is asked for."""
    rows = policy.in_the_commons()
    asked = {name: request.GET.get(name, "").replace("\0", "")[:LONGEST_ASKED].strip() for name in ASKED}
    page = page_of(request, queries.browse(rows, asked), size=A_PAGE)
    choices = queries.choices_in(rows)
    context = {
        "page": page,
        "asked": asked,
        "is_asked": any(asked.values()),
        "query": urlencode({name: value for name, value in asked.items() if value}) + "&"
        if any(asked.values())
        else "",
        "selects": _selects(choices),
        "adopted": queries.was_adopted(page),
        "label_of": label_of,
        "language_name": language_name,
    }
    return render(request, "commons/commons.html", context)


def _selects(choices: dict[str, list[str]]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The filters: name, label, and what can be chosen. One with nothing to choose is left out."""
    found = [
        ("subject", _("Subject"), [(one, one) for one in choices["subject"]]),
        ("level", _("Level"), [(one, one) for one in choices["level"]]),
        ("language", _("Language"), [(one, language_name(one)) for one in choices["language"]]),
        ("licence", _("Licence"), [(one, label_of(one)) for one in Publication.Licence.values]),
        ("kind", _("Kind"), [("improvement", _("With what was before")), ("lesson", _("A lesson alone"))]),
    ]
    return [one for one in found if one[2]]


@login_not_required
@require_safe
def published(request: HttpRequest, pk: int) -> HttpResponse:
    """A published lesson, to read, to print and to make one's own. Taken back, the page says only that."""
    return _page(request, pk, None)


def _page(request: Any, pk: int, form: AdoptForm | None) -> HttpResponse:
    found = policy.in_the_commons().select_related("improves").filter(pk=_number(pk)).first()
    if found is None:
        return _taken_back_or_unknown(request, pk)
    viewer = request.user if request.user.is_authenticated else None
    is_maker = viewer is not None and policy.may(viewer, "retract publication", found)
    source = found.improves if found.improves is not None and found.improves.is_in_force else None
    context = {
        "publication": found,
        "sheet": sheet_of(found, found.files.select_related("file").order_by("pk")),
        "source": source,
        "is_maker": is_maker,
        "thanks": queries.thanks_for(policy.seen(viewer, Adoption), found) if is_maker else [],
        "adopted": queries.was_adopted([found]),
        "own": policy.seen(viewer, Lesson).filter(adopted_from=found, removed_at=None).first() if viewer else None,
        "form": form or (_form(viewer) if viewer else None),
        "sign_in": f"{reverse('sign_in')}?{urlencode({'next': reverse('published', args=[pk])})}",
        "label_of": label_of,
        "address_of": address_of,
        "sentences": FOR_READERS,
        "language_name": language_name,
    }
    return render(request, "commons/published.html", context, status=422 if form is not None else 200)


@login_not_required
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture or a document that was published along."""
    found = policy.files_in_the_commons().select_related("file").filter(pk=_number(pk)).first()
    if found is None:
        raise Http404
    try:
        return serve(request, found.file, name=queries.name_of(found))
    except Refused as gone:
        raise Http404(gone.sentence) from None


def _form(viewer: Any, *data: Any) -> AdoptForm:
    return AdoptForm(of_person(policy.seen(viewer, Partnership), viewer), viewer, *data)


def _taken_back_or_unknown(request: HttpRequest, pk: int) -> HttpResponse:
    if not policy.taken_out_of_the_commons().filter(pk=_number(pk)).exists():
        raise Http404
    return render(request, "commons/taken_back.html", status=410)


def _number(pk: int) -> int:
    """An id that a database takes; an address may hold any number."""
    return pk if pk <= policy.LARGEST_ID else 0


@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a published lesson one's own, alone or with somebody."""
    found = policy.in_the_commons().filter(pk=_number(pk)).first()
    if found is None:
        return _taken_back_or_unknown(request, pk)
    policy.ask(request.user, "adopt publication", Publication, pk)
    form = _form(request.user, request.POST)
    if form.is_valid():
        try:
            mine = actions.adopt(
                found, partnership=form.partnership, by=request.user, at=timezone.now(),
                thanks=form.cleaned_data["thanks"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("It is yours now: change it as you like. It remembers where it came from."))
            return redirect("lesson", mine.pk)
    return _page(request, pk, form)


@require_POST
def retract(request: HttpRequest, pk: int) -> HttpResponse:
    """One of its makers takes a published lesson back."""
    found = policy.ask(request.user, "retract publication", Publication, pk, "lesson", "partnership")
    actions.retract(found, by=request.user, at=timezone.now())
    messages.success(request, _("Taken back: nobody can read it any more but who has made a copy."))
    # (who has left sees no more of the lesson than everybody)
    is_hers = policy.seen(request.user, Publication).filter(pk=pk).exclude(lesson=None).exists()
    return redirect("lesson_publication", found.lesson_id) if is_hers else redirect("commons")


@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Its makers have read a line of thanks."""
    adoption = policy.ask(request.user, "see adoption", Adoption, pk, "publication")
    actions.put_away(adoption, by=request.user, at=timezone.now())
    return redirect("published", adoption.publication_id)
