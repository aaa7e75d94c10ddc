"""Lists of lessons, and how one begins, is named and is removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.cycles.models import Cycle
from sidebyside.lessons.actions import lessons as actions
from sidebyside.lessons.models import Lesson, LessonVersion
from sidebyside.lessons.queries import listed
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members, of_person
from sidebyside.web.cycles.people import Company
from sidebyside.web.lessons.company import company_of
from sidebyside.web.lessons.forms import BeginForm, TitleForm
from sidebyside.web.lessons.live import tell
from sidebyside.web.paging import Page, page_of
from sidebyside.web.two_texts import version_of


def lessons(request: HttpRequest) -> HttpResponse:
    """All lessons she sees: of each of her partnerships, and her own."""
    return _all(request, BeginForm())


@require_POST
def own(request: HttpRequest) -> HttpResponse:
    """Begin a lesson of her own, without a partnership."""
    form = BeginForm(request.POST)
    if form.is_valid():
        begun = _begin(request, form, None, request.user)
        if begun:
            return redirect("lesson", begun.pk)
    return _all(request, form)


def of_partnership(request: HttpRequest, pk: int) -> HttpResponse:
    """The lessons of a partnership. A POST begins one, in the running cycle."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    members = current_members(partnership)
    form = BeginForm(request.POST or None, members=members, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        begun = _begin(request, form, partnership, request.user)
        if begun:
            return redirect("lesson", begun.pk)
    rows = policy.seen(request.user, Lesson).filter(partnership=partnership)
    context = {
        "partnership": partnership,
        "company": Company(members, request.user),
        "lessons": _opened(page_of(request, listed(rows, policy.seen(request.user, LessonVersion)))),
        "form": form,
    }
    return render(request, "lessons/of_partnership.html", context, status=422 if form.errors else 200)


def title(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a lesson is called, and for which class and subject it is."""
    lesson = policy.ask(request.user, "change lesson", Lesson, pk, "partnership", "teacher")
    vault.opened([lesson], "title", "about")
    began = {"title": str(lesson.title), "about": str(lesson.about)}
    form = TitleForm(request.POST or None, initial=began)
    version, theirs = lesson.version, None
    if request.method == "POST" and form.is_valid():
        version = version_of(request)
        try:
            actions.rename(lesson, **form.cleaned_data, version=version, by=request.user, at=timezone.now())
        except Overtaken as overtaken:
            theirs = overtaken.current
            version = theirs.version
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            tell(lesson, "lesson")
            messages.success(request, _("The lesson has its new name."))
            return redirect("lesson", pk)
    context = {
        "lesson": lesson, "form": form, "version": version, "theirs": theirs, "called": began["title"],
        "company": company_of(lesson, request.user),
    }  # fmt: skip
    return render(request, "lessons/title.html", context, status=409 if theirs else 422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a lesson into its teacher's bin."""
    lesson = policy.ask(request.user, "remove lesson", Lesson, pk, "partnership")
    actions.remove(lesson, by=request.user, at=timezone.now())
    undo = reverse("restore", args=["lesson", pk])
    messages.success(request, _("The lesson lies in your bin for 30 days."), extra_tags=f"undo:{undo}")
    if lesson.partnership is None or not policy.may(request.user, "work in", lesson.partnership):
        return redirect("lessons")
    return redirect("partnership_lessons", lesson.partnership_id)


def _begin(request: Any, form: BeginForm, partnership: Partnership | None, otherwise: Any) -> Lesson | None:
    """Begin the lesson that a form asks for; None where it was refused, and the form says why."""
    cycle = None
    if partnership is not None:
        cycle = policy.seen(request.user, Cycle).filter(partnership=partnership, ended_at=None).first()
    try:
        return actions.begin(
            partnership=partnership, teacher=form.teacher(otherwise), title=form.cleaned_data["title"],
            about=form.cleaned_data["about"], by=request.user, at=timezone.now(), cycle=cycle,
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None


def _all(request: Any, form: BeginForm) -> HttpResponse:
    rows = listed(policy.seen(request.user, Lesson), policy.seen(request.user, LessonVersion))
    found = _opened(page_of(request, rows))
    mine = of_person(policy.seen(request.user, Partnership), request.user)
    companies = {one.pk: Company(current_members(one), request.user) for one in mine}
    groups: dict[int | None, list[Lesson]] = {}
    for lesson in found:
        groups.setdefault(lesson.partnership_id, []).append(lesson)
    context = {
        "page": found,
        "groups": groups,
        "companies": companies,
        "going": {one.pk for one in mine if one.ended_at is None},
        "without": [one for one in mine if one.pk not in groups and one.ended_at is None],
        "form": form,
    }
    return render(request, "lessons/lessons.html", context, status=422 if form.errors else 200)


def _opened(found: Page) -> Page:
    vault.opened(found, "title", "about")
    return found
