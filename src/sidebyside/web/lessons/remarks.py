"""What is said about a lesson: asked, remarked, suggested, answered, accepted, laid aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
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
from sidebyside.lessons.actions import remarks as actions
from sidebyside.lessons.models import Lesson, Remark
from sidebyside.lessons.part_names import title_of
from sidebyside.lessons.queries import Said, text_of
from sidebyside.lessons.text import LessonPart
from sidebyside.web.lessons.company import company_of, may_change
from sidebyside.web.lessons.live import tell
from sidebyside.web.lessons.reading import Typed, said_by_part, stems
from sidebyside.web.two_texts import version_of

RELATED = ("lesson__partnership", "lesson__teacher", "lesson__document", "author", "answers")


def typed_in(request: HttpRequest) -> Typed:
    """What was sent. A kind of its own making is a question."""
    sent = {name: request.POST.get(name, "") for name in ("part", "quote", "text", "replacement")}
    kind = request.POST.get("kind", "")
    return Typed(**sent, kind=kind if kind in Remark.Kind.values else Remark.Kind.QUESTION)


def remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """All that was said about a lesson; asked for by a script, only the lists. A POST says something."""
    if request.method == "POST":
        return _say(request, pk)
    lesson = policy.find(request.user, Lesson, pk, "partnership", "teacher", "document")
    if _by_script(request):
        return _lists(request, lesson)
    return _page(request, lesson, Typed(part=request.GET.get("part", "")[:40]))


def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """One remark with the answers to it, and the form for another. A POST answers."""
    if request.method == "POST":
        found = policy.ask(request.user, "settle remark", Remark, pk, *RELATED)
        text = request.POST.get("text", "")
        try:
            said = actions.say(
                found.lesson, kind=Remark.Kind.REMARK, text=text, answers=found, by=request.user, at=timezone.now()
            )
        except Refused as refused:
            return _one(request, found, text=text, refused=refused.sentence)
        tell(found.lesson, "remarks")
        return _back(request, said)
    return _one(request, policy.find(request.user, Remark, pk, *RELATED))


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what she said herself."""
    found = policy.ask(request.user, "change remark", Remark, pk, *RELATED)
    if request.method != "POST":
        vault.opened([found], "quote", "text", "replacement")
        typed = Typed(found.part, found.kind, str(found.quote), str(found.text), str(found.replacement))
        return _change_page(request, found, typed, found.version)
    typed, version = typed_in(request), version_of(request)
    try:
        actions.change(
            found, text=typed.text, quote=typed.quote, replacement=typed.replacement, version=version,
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except Overtaken as overtaken:
        theirs: Any = overtaken.current
        return _change_page(request, found, typed, theirs.version, theirs=theirs)
    except Refused as refused:
        return _change_page(request, found, typed, version, refused=refused.sentence)
    tell(found.lesson, "remarks")
    messages.success(request, _("It is changed."))
    return _back(request, found)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a suggestion into the text."""
    accept = partial(actions.accept, version=version_of(request))
    return _act(request, pk, accept, _("The suggestion is in the text now."))


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay it aside as done."""
    undo = reverse("remark_reopening", args=[pk])
    return _act(request, pk, actions.settle, _("Laid aside."), undo=undo)


@require_POST
def unsettle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it up again."""
    return _act(request, pk, actions.unsettle, _("Taken up again."))


@require_POST
def mark_cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it led to a change; with `not`, take that back."""
    if request.POST.get("not"):
        return _act(request, pk, actions.unmark_cause, _("Taken back."))
    said = _("Written down: this led to a change. The next version you keep will say so.")
    return _act(request, pk, actions.mark_cause, said)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what she said into her bin."""
    found = policy.ask(request.user, "change remark", Remark, pk, *RELATED)
    actions.remove(found, by=request.user, at=timezone.now())
    tell(found.lesson, "remarks")
    undo = reverse("restore", args=["remark", pk])
    messages.success(request, _("It lies in your bin for 30 days."), extra_tags=f"undo:{undo}")
    return redirect("lesson", found.lesson_id)


def _say(request: Any, pk: int) -> HttpResponse:
    lesson = policy.ask(request.user, "change lesson", Lesson, pk, "partnership", "teacher", "document")
    typed = typed_in(request)
    try:
        made = actions.say(lesson, **asdict(typed), by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, lesson, typed, refused=refused.sentence)
    tell(lesson, "remarks")
    messages.success(request, _("It is written."), extra_tags=f"undo:{reverse('remark_removal', args=[made.pk])}")
    return _back(request, made)


def _act(request: Any, pk: int, act: Callable[..., None], said: str, undo: str = "") -> HttpResponse:
    found = policy.ask(request.user, "settle remark", Remark, pk, *RELATED)
    try:
        act(found, by=request.user, at=timezone.now())
    except Refused as refused:
        if not _by_script(request):
            return _one(request, found, refused=refused.sentence)
        messages.error(request, refused.sentence)
    else:
        tell(found.lesson, "remarks")
        messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")
    return _lists(request, found.lesson) if _by_script(request) else _back(request, found)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _back(request: HttpRequest, remark: Remark) -> HttpResponse:
    return redirect(reverse("lesson", args=[remark.lesson_id]) + f"#remark-{remark.answers_id or remark.pk}")


def _lists(request: Any, lesson: Lesson) -> HttpResponse:
    """The lists of all parts, for a page that stands: each takes the place of the one that is there."""
    said = said_by_part(request.user, lesson, [part.id for part in text_of(lesson).parts])
    return render(request, "lessons/said.html", _people(request, lesson) | {"said": said})


def _page(request: Any, lesson: Lesson, typed: Typed, refused: str = "") -> HttpResponse:
    parts = text_of(lesson).parts
    context = _people(request, lesson) | {
        "said": said_by_part(request.user, lesson, [part.id for part in parts]),
        "parts": parts,
        "title_of": title_of,
        "typed": typed,
        "refused": refused,
        "stems": stems(),
    }
    return render(request, "lessons/remarks.html", context, status=422 if refused else 200)


def _one(request: Any, found: Remark, text: str = "", refused: str = "") -> HttpResponse:
    answers = policy.seen(request.user, Remark).filter(answers=found, removed_at=None)
    there = list(answers.select_related("author").order_by("pk"))
    vault.open_texts((row, name) for row in (found, *there) for name in ("quote", "text", "replacement"))
    context = _people(request, found.lesson) | {
        "one": Said(found, there),
        "part": _part_of(found),
        "text": text,
        "refused": refused,
    }
    return render(request, "lessons/remark.html", context, status=422 if refused else 200)


def _change_page(
    request: Any, found: Remark, typed: Typed, version: int, *, refused: str = "", theirs: Remark | None = None
) -> HttpResponse:
    context = _people(request, found.lesson) | {
        "remark": found,
        "typed": typed,
        "version": version,
        "refused": refused,
        "theirs": theirs,
    }
    status = 409 if theirs else 422 if refused else 200
    return render(request, "lessons/change_remark.html", context, status=status)


def _people(request: Any, lesson: Lesson) -> dict[str, Any]:
    return {
        "lesson": lesson,
        "company": company_of(lesson, request.user),
        "changes": may_change(request.user, lesson),
        "kinds": dict(Remark.Kind.choices),
    }


def _part_of(remark: Remark) -> LessonPart | None:
    return text_of(remark.lesson).part(remark.part) if remark.part else None
