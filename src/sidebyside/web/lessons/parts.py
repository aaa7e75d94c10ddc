"""The parts of a lesson by plain forms: for a reader without scripts, and for whoever likes a page for one part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.base.rich_text.markdown import to_markdown
from sidebyside.lessons.actions import parts as actions
from sidebyside.lessons.models import Lesson
from sidebyside.lessons.part_names import title_of
from sidebyside.lessons.queries import text_and_removed
from sidebyside.lessons.text import LessonPart
from sidebyside.web.lessons.company import company_of
from sidebyside.web.lessons.forms import FactsForm
from sidebyside.web.lessons.reading import hint_of


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a part, and go to where it is written."""
    lesson = _mine(request, pk)
    kind, after = request.POST.get("kind", ""), request.POST.get("after", "")
    part = actions.add_part(lesson, kind=kind, after=after, by=request.user, at=timezone.now())
    return redirect("lesson_part", pk, part)


def part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Write one part, in simple Markdown; what others wrote meanwhile is kept."""
    lesson = _mine(request, pk)
    found = _found(lesson, part)
    began = to_markdown(found.nodes)
    if request.method != "POST":
        return _page(request, lesson, found, text=began, began=began)
    text, began = request.POST.get("text", ""), request.POST.get("began", "")
    try:
        actions.write_part(lesson, part, markdown=text, began_from=began, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, lesson, found, text=text, began=began, refused=refused.sentence)
    messages.success(request, _("The part is saved."))
    return _back(pk, part)


@require_POST
def facts(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Say what a part is called and how long it takes."""
    lesson = _mine(request, pk)
    form = FactsForm(request.POST)
    sentence = ""
    if form.is_valid():
        values = {"title": form.cleaned_data["title"], "minutes": form.cleaned_data["minutes"] or 0}
        try:
            actions.name_part(lesson, part, **values, by=request.user, at=timezone.now())
        except Refused as refused:
            sentence = refused.sentence
        else:
            messages.success(request, _("Name and minutes are saved."))
            return _back(pk, part)
    found = _found(lesson, part)
    words = to_markdown(found.nodes)
    return _page(request, lesson, found, text=words, began=words, facts=form, facts_refused=sentence)


@require_POST
def place(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Move a part up or down by one."""
    up = request.POST.get("to") == "up"
    return _done(request, pk, part, lambda lesson, **who: actions.move_part(lesson, part, up=up, **who))


@require_POST
def remove(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Take a part out of the lesson."""
    undo = reverse("lesson_part_restoration", args=[pk, part])
    answer = _done(request, pk, part, lambda lesson, **who: actions.remove_part(lesson, part, **who))
    messages.success(request, _("The part is taken out. Its words stay."), extra_tags=f"undo:{undo}")
    return answer


@require_POST
def restore(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Bring a removed part back."""
    return _done(request, pk, part, lambda lesson, **who: actions.bring_part_back(lesson, part, **who))


def _done(request: Any, pk: int, part: str, act: Callable[..., None]) -> HttpResponse:
    act(_mine(request, pk), by=request.user, at=timezone.now())
    return _back(pk, part)


def _mine(request: Any, pk: int) -> Lesson:
    return policy.ask(request.user, "change lesson", Lesson, pk, "partnership", "teacher", "document")


def _found(lesson: Lesson, part: str) -> LessonPart:
    """The part of this id, also where it was removed. Raises Http404 where there is none."""
    text, removed = text_and_removed(lesson)
    found = text.part(part) or next((one for one in removed if one.id == part), None)
    if found is None:
        raise Http404
    return found


def _page(
    request: Any, lesson: Lesson, part: LessonPart, *, text: str, began: str, refused: str = "",
    facts: FactsForm | None = None, facts_refused: str = "",
) -> HttpResponse:  # fmt: skip
    wrong = bool(refused or facts_refused or (facts and facts.errors))
    context = {
        "lesson": lesson, "part": part, "text": text, "began": began, "refused": refused,
        "facts": facts or FactsForm(initial={"title": part.title, "minutes": part.minutes or None}),
        "facts_refused": facts_refused, "title": title_of(part), "hint": hint_of(part),
        "company": company_of(lesson, request.user),
    }  # fmt: skip
    return render(request, "lessons/part.html", context, status=422 if wrong else 200)


def _back(pk: int, part: str) -> HttpResponse:
    return redirect(reverse("lesson", args=[pk]) + f"#part-{part}")
