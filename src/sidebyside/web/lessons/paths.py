"""The path of a lesson from version to version, with the visits in which it was taught; and which lesson a visit is
about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup, escape

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Refused
from sidebyside.lessons.models import Lesson, LessonVersion
from sidebyside.visits import actions
from sidebyside.visits.models import Visit
from sidebyside.visits.path_queries import Step, path_of, without_lesson
from sidebyside.web.cycles.workspace import address
from sidebyside.web.dates import clock, day
from sidebyside.web.lessons.company import company_of
from sidebyside.web.visits import words

MOST_LESSONS = 20


@dataclass(frozen=True)
class Line:
    """One step of the path as a page shows it. `here`: the page is about this step."""

    kind: str
    what: Markup
    when: str
    href: str
    is_ahead: bool = False
    here: bool = False


def lines_of(person: Any, lesson: Lesson, *, here: LessonVersion | Visit | None = None) -> list[Line]:
    """The path of a lesson as this person may see it; `here` is the version or visit whose page she reads (none: the
    lesson's own)."""
    versions, visits = policy.seen(person, LessonVersion), policy.seen(person, Visit)
    steps = path_of(lesson, versions, visits, at=timezone.now())
    vault.opened([step.version for step in steps if step.kind == "version" and step.version], "name")
    return [_line(step, lesson, person, here) for step in steps]


def _line(step: Step, lesson: Lesson, person: Any, here: LessonVersion | Visit | None) -> Line:
    if step.kind == "visit" and step.visit is not None:
        visit = step.visit
        when = f"{words.day_name(visit.begin)}, {clock(visit.begin)}"
        href = reverse("visit", args=[visit.pk])
        return Line("visit", words.title(visit, person), when, href, step.is_ahead, here == visit)
    if step.kind == "version" and step.version is not None:
        version = step.version
        href = address("lesson_version", version.pk)
        return Line("version", name_of(version), day(version.made_at), href, here=here == version)
    return Line("now", escape(_("The lesson now")), "", reverse("lesson", args=[lesson.pk]), here=here is None)


def name_of(version: LessonVersion) -> Markup:
    """What a version is called on a page: its number and what it is, and its name where it has one (opened)."""
    said = escape(_("Version %(number)s: %(kind)s")) % {
        "number": version.number,
        "kind": version.get_kind_display(),
    }
    return said + Markup(" · <bdi>%s</bdi>") % version.name if version.name else said


def number_of(version: LessonVersion) -> str:
    """What a version is called to who sees it no more."""
    return _("Version %(number)s") % {"number": version.number}


@require_safe
def path(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole path of a lesson on a page of its own."""
    lesson = policy.find(request.user, Lesson, pk, "partnership", "teacher", "document")
    vault.opened([lesson], "title")
    context = {"lesson": lesson, "company": company_of(lesson, request.user), "steps": lines_of(request.user, lesson)}
    return render(request, "lessons/path.html", context)


@require_POST
def teach(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which lesson is taught in a visit: a version, a lesson as it is now ("now-3"), or none."""
    visit = policy.ask(request.user, "change visit", Visit, pk, "partnership", "observed", "observer", "version")
    kind, number = _chosen(request.POST.get("lesson", ""))
    at = timezone.now()
    try:
        if kind == "now":
            lesson = policy.ask(request.user, "change lesson", Lesson, number, "partnership", "document")
            actions.teach_as_it_is(visit, lesson, by=request.user, at=at)
        else:
            version = policy.find(request.user, LessonVersion, number, "lesson") if kind else None
            actions.teach_version(visit, version, by=request.user, at=at)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The visit and the lesson belong together now.") if kind else _("Taken back."))
    return redirect(reverse("visit", args=[pk]) + "#lesson")


def _chosen(value: str) -> tuple[str, int]:
    """What was chosen: ("now", id of a lesson), ("version", its id), or ("", 0) for none. Raises Http404 for
    nonsense."""
    if not value:
        return "", 0
    kind, _dash, number = value.rpartition("-")
    if kind not in ("", "now") or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    return kind or "version", int(number)


@dataclass(frozen=True)
class Taught:
    """The lesson that is taught in a visit: its title (open), which version, and its path."""

    lesson: Lesson
    version: LessonVersion
    name: Markup
    steps: list[Line]


def taught_in(person: Any, visit: Visit) -> Taught | None:
    """What is taught in a visit, as far as this person may see it."""
    if visit.version_id is None:
        return None
    rows = policy.seen(person, LessonVersion).filter(lesson__removed_at=None).select_related("lesson")
    version = rows.defer("body").filter(pk=visit.version_id).first()
    if version is None:
        return None
    vault.open_texts([(version, "name"), (version.lesson, "title")])
    return Taught(version.lesson, version, name_of(version), lines_of(person, version.lesson, here=visit))


def lessons_for(person: Any, visit: Visit) -> Sequence[tuple[str, str]]:
    """The lessons that could be taught in a visit: each as it is now, and its last version; as choices."""
    rows = policy.seen(person, Lesson).filter(partnership=visit.partnership_id, teacher=visit.observed_id)
    lessons = list(rows.filter(removed_at=None).order_by("-document__changed_at", "-pk")[:MOST_LESSONS])
    versions = policy.seen(person, LessonVersion).filter(lesson__in=lessons).order_by("number")
    last = {version.lesson_id: version for version in versions.defer("body")}
    vault.opened(lessons, "title")
    found = []
    for lesson in lessons:
        title = str(lesson.title) or _("A lesson")
        found.append((f"now-{lesson.pk}", _("%(title)s, as it is now") % {"title": title}))
        if lesson.pk in last:
            values = {"title": title, "number": last[lesson.pk].number}
            found.append((str(last[lesson.pk].pk), _("%(title)s, version %(number)s") % values))
    return found


def visits_to_teach(person: Any, lesson: Lesson) -> list[tuple[Visit, Markup]]:
    """Visits to come in which this lesson could be taught, with what to call them."""
    if lesson.partnership is None:
        return []
    found = without_lesson(policy.seen(person, Visit), lesson.partnership, lesson.teacher, at=timezone.now())
    return [(visit, words.title(visit, person)) for visit in found]
