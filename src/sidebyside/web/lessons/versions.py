"""Versions of a lesson: the list of them, one to read, and going back to one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Refused
from sidebyside.base.rich_text.html import to_html
from sidebyside.lessons.actions import versions as actions
from sidebyside.lessons.models import Lesson, LessonVersion
from sidebyside.lessons.part_names import title_of
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.version_queries import kept_of, says
from sidebyside.web.lessons.company import company_of, may_change
from sidebyside.web.lessons.paths import lines_of, name_of
from sidebyside.web.paging import page_of

# The moment that usually follows another one.
NEXT = {
    "": LessonVersion.Kind.TAUGHT,
    LessonVersion.Kind.TAUGHT: LessonVersion.Kind.IMPROVED,
    LessonVersion.Kind.IMPROVED: LessonVersion.Kind.TAUGHT_AGAIN,
}


def next_moment(last: LessonVersion | None) -> str:
    """Which kind of version mostly follows the one that was kept last (None: there is none yet)."""
    return NEXT.get(last.kind if last else "", LessonVersion.Kind.IMPROVED)


class VersionForm(forms.Form):
    """Which moment of a lesson a version is, and what it is called."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Which moment is this?"), choices=LessonVersion.Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=gettext_lazy("A name for it"),
        help_text=gettext_lazy("For example: with 7B, or after our visit."),
        max_length=actions.LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions of a lesson. A POST keeps the lesson as it stands as another one."""
    lesson = policy.find(request.user, Lesson, pk, "partnership", "teacher", "document")
    kept = kept_of(policy.seen(request.user, LessonVersion), lesson)
    last = kept[-1] if kept else None
    posted = request.POST if request.method == "POST" else None
    form = VersionForm(posted, initial={"kind": next_moment(last)})
    if request.method == "POST":
        policy.ask(request.user, "change lesson", Lesson, pk)
        made = _keep(request, lesson, form) if form.is_valid() else None
        if made is not None:
            messages.success(request, _("Version %(number)s is kept. It stays as it is.") % {"number": made.number})
            return redirect("lesson_versions", pk)
    text = text_of(lesson)
    context = {
        "lesson": lesson,
        "company": company_of(lesson, request.user),
        "changes": may_change(request.user, lesson),
        "kept": page_of(request, list(reversed(kept))),
        "all": kept,
        "before": {version.pk: earlier for earlier, version in zip(kept, kept[1:], strict=False)},
        "last": last,
        "stands": last is not None and says(last) == text,
        "is_empty": text.is_empty,
        "form": form,
        "name_of": name_of,
    }
    return render(request, "lessons/versions.html", context, status=422 if form.errors else 200)


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version to read."""
    return _page(request, _found(request, pk))


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Say anew which moment a version is and what it is called."""
    found = _found(request, pk)
    policy.ask(request.user, "change lesson", Lesson, found.lesson_id)
    form = VersionForm(request.POST)
    if form.is_valid():
        try:
            actions.rename_version(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("It has its new name."))
            return redirect("lesson_version", pk)
    return _page(request, found, form)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the lesson say again what this version says. What stood is a version too, so it can be undone."""
    found = _found(request, pk)
    policy.ask(request.user, "change lesson", Lesson, found.lesson_id)
    try:
        before = actions.restore_version(found, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, found, refused=refused.sentence)
    said = _("The lesson says again what version %(number)s says. What stood before is version %(before)s.")
    messages.success(
        request,
        said % {"number": found.number, "before": before.number},
        extra_tags=f"undo:{reverse('lesson_version_restoration', args=[before.pk])}",
    )
    return redirect("lesson", found.lesson_id)


def _keep(request: Any, lesson: Lesson, form: VersionForm) -> LessonVersion | None:
    try:
        return actions.keep_version(lesson, **form.cleaned_data, by=request.user, at=timezone.now())
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None


def _found(request: Any, pk: int) -> LessonVersion:
    return policy.find(
        request.user, LessonVersion, pk, "lesson__partnership", "lesson__teacher", "lesson__document", "made_by"
    )


def _page(request: Any, found: LessonVersion, form: VersionForm | None = None, refused: str = "") -> HttpResponse:
    lesson = found.lesson
    vault.opened([found], "name")
    text = says(found)
    context = {
        "version": found,
        "lesson": lesson,
        "text": text,
        "stands": text is not None and text == text_of(lesson),
        "company": company_of(lesson, request.user),
        "changes": may_change(request.user, lesson),
        "steps": lines_of(request.user, lesson, here=found),
        "form": form or VersionForm(initial={"kind": found.kind, "name": str(found.name)}),
        "refused": refused,
        "title_of": title_of,
        "html_of": lambda part: to_html(part.nodes, top=3),
        "name_of": name_of,
    }
    return render(request, "lessons/version.html", context, status=422 if refused or (form and form.errors) else 200)
