"""Keeping the lists of standards of a place: bringing packages, typing an own list, putting away and bringing back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sidebyside import policy
from sidebyside.base.faults import Fault, InputRefused
from sidebyside.base.refusals import Refused
from sidebyside.materials import standards_actions as actions
from sidebyside.materials import standards_queries as queries
from sidebyside.materials import standards_uploads as uploads
from sidebyside.materials.case import read_package
from sidebyside.materials.models import Framework, FrameworkVersion, Standard
from sidebyside.materials.own_lists import as_text
from sidebyside.materials.standards_shapes import LEFT_ASIDE, Package, StandardsRefused, depths, difference
from sidebyside.places.models import Place
from sidebyside.web.standards.forms import ListForm, PackageForm

DEED = "keep the standards of"
SHOWN = 40  # statements, or changes, in a preview


@require_safe
def of_place(request: HttpRequest, pk: int) -> HttpResponse:
    """The lists of a place, and what its lead does with them."""
    place = policy.ask(request.user, DEED, Place, pk)
    versions = policy.seen(request.user, FrameworkVersion)
    own = queries.frameworks_of(versions, place)
    from_above = [one for one in queries.frameworks_for(versions, [pk]) if one.framework.place_id != pk]
    context = {
        "place": place,
        "in_force": [one for one in own if one.framework.put_away_at is None],
        "put_away": [one for one in own if one.framework.put_away_at is not None],
        "from_above": from_above,
        "sizes": queries.sizes(policy.seen(request.user, Standard), [*own, *from_above]),
    }
    return render(request, "standards/place.html", context)


# Packages


@require_http_methods(["GET", "HEAD", "POST"])
def new_package(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a package in. It is read at once; what cannot be read is said here, with its place."""
    place = policy.ask(request.user, DEED, Place, pk)
    form = PackageForm(request.POST, request.FILES) if request.method == "POST" else PackageForm()
    faults: list[dict[str, Any]] = []
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        data, name = file.read(), uploads.shown(file.name)
        uploads.forget_old_packages(at=timezone.now())
        try:
            read_package(data, name)
        except StandardsRefused as refusal:
            faults = as_lines(refusal)
        else:
            key = uploads.keep_package(data, name, place=place, by=request.user)
            return redirect("package", pk, key)
    context = {"place": place, "form": form, "faults": faults}
    return render(request, "standards/new_package.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def package(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What a package says and what it changes; a POST brings it in."""
    place = policy.ask(request.user, DEED, Place, pk)
    kept = uploads.kept_package(key, place=place, by=request.user)
    if kept is None:
        messages.info(request, _("This file is no longer here. Choose it again."))
        return redirect("new_package", pk)
    try:
        found = read_package(*kept)
    except StandardsRefused as refusal:  # read before; a newer version of the program may read more strictly
        context = {"place": place, "form": PackageForm(), "faults": as_lines(refusal)}
        return render(request, "standards/new_package.html", context, status=422)
    refused = ""
    if request.method == "POST":
        try:
            version, is_new = actions.bring_framework(place, package=found, by=request.user, at=timezone.now())
        except Refused as said:
            refused = said.sentence
        else:
            uploads.forget_package(key, place=place, by=request.user)
            _say_brought(request, version, is_new)
            return redirect("framework", version.framework_id)
    context = {"place": place, "key": key, "name": kept[1], "refused": refused, **_looked_at(request, place, found)}
    return render(request, "standards/package.html", context, status=422 if refused else 200)


def _say_brought(request: HttpRequest, version: FrameworkVersion, is_new: bool) -> None:
    if not is_new:
        messages.info(request, _("This is the list that was here already: nothing in it is new."))
        return
    said = _("The list is in force.") if version.number == 1 else _("The new version of the list is in force.")
    undo = reverse("framework_removal", args=[version.framework_id])
    messages.success(request, said, extra_tags=f"undo:{undo}" if version.number == 1 else "")


def _looked_at(request: HttpRequest, place: Place, found: Package) -> dict[str, Any]:
    """A package as its preview shows it, beside the version that is here."""
    before = policy.seen(request.user, Framework).filter(place=place, identifier=found.identifier).first()
    last = queries.version_of(policy.seen(request.user, FrameworkVersion), before) if before is not None else None
    changes = difference(queries.package_of(last), found) if last is not None else None
    levels = depths(found.statements)
    return {
        "package": found,
        "last": last,
        "changes": changes,
        "same": changes is not None and not (changes.new or changes.reworded or changes.gone),
        "reworded": changes.reworded[:SHOWN] if changes else (),
        "beginning": list(zip(found.statements, levels, strict=True))[:SHOWN],
        "deepest": max(levels) + 1,
        "left_aside": [(_(LEFT_ASIDE[kind]), number) for kind, number in found.left_aside.items()],
    }


@require_POST
def forget(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Decide against a package: its file goes."""
    place = policy.ask(request.user, DEED, Place, pk)
    uploads.forget_package(key, place=place, by=request.user)
    messages.success(request, _("The file is gone. Nothing was brought."))
    return redirect("place_standards", pk)


# Own lists


@require_http_methods(["GET", "HEAD", "POST"])
def new_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Type an own list."""
    place = policy.ask(request.user, DEED, Place, pk)
    form = ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.begin_own_list(place, by=request.user, at=timezone.now(), **form.cleaned_data)
        except (Refused, StandardsRefused) as refused:
            _add_errors(form, refused)
        else:
            undo = reverse("framework_removal", args=[version.framework_id])
            messages.success(request, _("The list is in force."), extra_tags=f"undo:{undo}")
            return redirect("framework", version.framework_id)
    context = {"place": place, "form": form, "number": 0}
    return render(request, "standards/own_list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def own_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an own list: what is saved is its next version."""
    found = policy.ask(request.user, "change framework", Framework, pk, "place")
    last = queries.version_of(policy.seen(request.user, FrameworkVersion), found)
    if found.identifier or last is None:
        raise Http404
    number = last.number
    if request.method == "POST":
        form = ListForm(request.POST)
        number = asked_number_of(request)
        if form.is_valid():
            try:
                version, is_new = actions.change_own_list(
                    found, number=number, by=request.user, at=timezone.now(), **form.cleaned_data
                )
            except (Refused, StandardsRefused) as refused:
                _add_errors(form, refused)
                number = last.number  # she has been told, and may save over it
            else:
                said = _("Version %(number)s of the list is in force.") % {"number": version.number}
                messages.success(request, said if is_new else _("Nothing was changed."))
                return redirect("framework", pk)
    else:
        form = ListForm(initial={"title": last.title, "text": as_text(queries.package_of(last).statements)})
    context = {"place": found.place, "form": form, "number": number, "framework": found}
    return render(request, "standards/own_list.html", context, status=422 if form.errors else 200)


def asked_number_of(request: HttpRequest) -> int:
    """The version that a form was filled from; 0 where it does not say."""
    said = request.POST.get("number", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _add_errors(form: ListForm, refused: Refused | StandardsRefused) -> None:
    if isinstance(refused, Refused):
        form.add_error(None, refused.sentence)
        return
    for line in as_lines(refused):
        number = line["line"]
        said = _("Line %(line)s: %(reason)s") % line if number else line["reason"]
        form.add_error("text", said)


def as_lines(refusal: InputRefused) -> list[dict[str, Any]]:
    """The faults of a file for the page, in the reader's language."""
    return [as_line(fault) for fault in refusal.faults]


def as_line(fault: Fault) -> dict[str, Any]:
    """A fault for the page: the file, the line, and the sentence in the reader's language."""
    return {"file": fault.file or "", "line": fault.line, "reason": _(fault.sentence) % fault.values}


# Put away, and brought back


@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a list away; it can be brought back."""
    found = policy.ask(request.user, "change framework", Framework, pk)
    actions.put_away(found, by=request.user, at=timezone.now())
    undo = reverse("framework_return", args=[pk])
    messages.success(request, _("The list is put away. Lessons keep what was chosen."), extra_tags=f"undo:{undo}")
    return redirect("place_standards", found.place_id)


@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a list back that was put away."""
    found = policy.ask(request.user, "change framework", Framework, pk)
    actions.bring_back(found, by=request.user, at=timezone.now())
    messages.success(request, _("The list is in force again."))
    return redirect("place_standards", found.place_id)
