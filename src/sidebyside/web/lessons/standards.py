"""Which standards a lesson works towards: those chosen, and finding others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.lessons.actions import standards as actions
from sidebyside.lessons.models import Lesson
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.text import LessonText
from sidebyside.materials import standards_queries as queries
from sidebyside.materials.models import FrameworkVersion, Standard
from sidebyside.places.models import Place
from sidebyside.places.queries import places_of, searched
from sidebyside.web.lessons.company import company_of, may_change
from sidebyside.web.standards.views import asked_number, branch, places_for

MOST_SHOWN = 100  # of those chosen; only a browser that does as it likes writes more


@require_safe
def standards(request: HttpRequest, pk: int) -> HttpResponse:
    """The standards of a lesson, the search for others, and one list to look through."""
    lesson = policy.find(request.user, Lesson, pk, "partnership", "teacher", "document")
    return _page(request, lesson)


def _page(request: HttpRequest, lesson: Lesson, refused: str = "") -> HttpResponse:
    statements = policy.seen(request.user, Standard)
    lists = lists_for(request.user, lesson)
    text = text_of(lesson)
    asked = searched(request.GET.get("q", ""))
    number = asked_number(request, "list")
    looked = next((one for one in lists if one.framework_id == number), None)
    context: dict[str, Any] = {
        "lesson": lesson,
        "text": text,
        "company": company_of(lesson, request.user),
        "changes": may_change(request.user, lesson),
        "shown": text.standards[:MOST_SHOWN],
        "chosen": {one.identifier for one in text.standards},
        "now": queries.now_saying(statements, lists, wordings(text)),
        "gone": queries.no_longer_said(statements, lists, wordings(text)),
        "lists": lists,
        "sizes": queries.sizes(statements, lists),
        "asked": asked,
        "found": queries.search(statements, lists, asked),
        "most": queries.MOST_FOUND,
        "looked": looked,
        "keep": kept(request),
        "refused": refused,
    }
    if looked is not None and not asked:
        context |= branch(request, looked)
    return render(request, "lessons/standards.html", context, status=422 if refused else 200)


def lists_for(person: Any, lesson: Lesson) -> list[FrameworkVersion]:
    """The lists in force for a lesson: where its teacher works, and for whoever looks."""
    hers = places_of(policy.seen(person, Place), lesson.teacher_id)
    places = {*places_for(person), *(place.pk for place in hers)}
    return queries.frameworks_for(policy.seen(person, FrameworkVersion), places)


def wordings(text: LessonText) -> dict[str, tuple[str, str]]:
    """What was chosen, as `now_saying` takes it; without what no list can hold, as a browser may write anything."""
    sound = [one for one in text.standards[:MOST_SHOWN] if "\0" not in one.identifier]
    return {one.identifier: (one.code, one.statement) for one in sound}


def kept(request: HttpRequest) -> str:
    """What of the address a post keeps: the search, or the list that is looked through."""
    said = {name: value for name in ("q", "list", "at") if (value := searched(request.GET.get(name, "")))}
    return f"?{urlencode(said)}" if said else ""


@require_POST
def choose(request: HttpRequest, pk: int, standard: int) -> HttpResponse:
    """Choose a standard, or take on its new words."""
    lesson = policy.ask(request.user, "change lesson", Lesson, pk, "partnership", "teacher", "document")
    found = policy.find(request.user, Standard, standard, "version")
    try:
        actions.choose_standard(lesson, standard=found, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, lesson, refused.sentence)
    messages.success(request, _("The lesson works towards it now."))
    return redirect(f"{reverse('lesson_standards', args=[pk])}{kept(request)}")


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a standard no more."""
    lesson = policy.ask(request.user, "change lesson", Lesson, pk, "partnership", "teacher", "document")
    identifier = request.POST.get("identifier", "")
    said = next((one for one in text_of(lesson).standards if one.identifier == identifier), None)
    try:
        actions.drop_standard(lesson, identifier=identifier, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, lesson, refused.sentence)
    if said is not None:
        found = policy.seen(request.user, Standard)
        of_words = {"identifier": identifier, "code": said.code, "statement": said.statement}
        is_sound = not any("\0" in value for value in of_words.values())
        row = found.filter(**of_words).order_by("-pk").first() if is_sound else None
        undo = f"undo:{reverse('lesson_standard', args=[pk, row.pk])}" if row is not None else ""
        messages.success(request, _("The lesson works towards it no more."), extra_tags=undo)
    return redirect(f"{reverse('lesson_standards', args=[pk])}{kept(request)}")
