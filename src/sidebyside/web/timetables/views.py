"""A school's timetable: what holds, a day of it, and the week of one teacher, class or room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sidebyside import policy
from sidebyside.calendars import timetable_queries as queries
from sidebyside.calendars.models import Term, Timetable, TimetableImport, TimetableLesson
from sidebyside.calendars.queries import Taught
from sidebyside.people.models import Person
from sidebyside.places.models import Place
from sidebyside.web.date_fields import asked_day

KINDS = {"c": "classes", "r": "rooms"}
Line = dict[str, Any]


@require_safe
def timetable(request: HttpRequest, pk: int) -> HttpResponse:
    """The timetable of a school: a day of it, or the week of somebody, with what comes and what was."""
    school = policy.find(request.user, Place, pk)
    keeps = policy.may(request.user, "keep the timetable of", school)
    every = queries.of_school(policy.seen(request.user, Timetable), school)
    if not every and not keeps and school.pk not in request.user.standing.schools:
        raise Http404
    alive = [one for one in every if one.put_away_at is None]
    today = timezone.localdate()
    chosen = request.GET.get("of", "")
    near = keeps or school.pk in request.user.standing.schools or policy.may(request.user, "invite people of", school)
    shown = next((one for one in alive if str(one.pk) == chosen), None) or queries.in_force(alive, today)
    context: dict[str, Any] = {
        "school": school,
        "keeps": keeps,
        "today": today,
        "timetables": alive,
        "put_away": [one for one in every if one.put_away_at is not None][:5] if keeps else [],
        "waiting": list(queries.waiting_imports(policy.seen(request.user, TimetableImport), school)[:3]),
        "terms": queries.terms_for(policy.seen(request.user, Term), school, begin=today),
        "shown": shown,
    }
    if shown is None:
        return render(request, "timetables/no_timetable.html", context)
    context |= {
        "special": list(queries.special_days_of(shown).filter(on__gte=today)[:8]),
        "numbers": queries.numbers_in(shown),
        "weekdays": weekday_words(shown),
        **_names(request, shown, near),
    }
    who = request.GET.get("who", "")
    lessons = _lessons_of(context, shown, who)
    if lessons is not None:
        context |= _week(shown, lessons, context["called"])
        return render(request, "timetables/week_of.html", context)
    return render(request, "timetables/timetable.html", context | _day(request, shown, today, context["people"], near))


def weekday_words(shown: Timetable) -> list[str]:
    """For each day of a timetable its day of the week in words; nothing where that does not tell the days apart."""
    if shown.way == Timetable.Way.ROTATING or len(set(shown.weekdays)) < len(shown.weekdays):
        return ["" for _day in shown.days]
    return [str(WEEKDAYS[weekday]) for weekday in shown.weekdays]


def _names(request: HttpRequest, shown: Timetable, near: bool) -> dict[str, Any]:
    """Everybody and everything in a timetable. A person is called as the reader knows her. A name that is nobody's
    here is for those who work at the school or look after it (`near`); whom a partner of elsewhere may not see has
    none for her."""
    teachers, classes, rooms = queries.names_in(shown)
    known = queries.names_of(policy.seen(request.user, Person), [one.person_id for one in teachers if one.person_id])
    called = {
        one.pk: known.get(one.person_id, "") if one.person_id else one.name if near else ""
        for one in teachers
    }  # fmt: skip
    by_name = sorted(((f"t-{pk}", name) for pk, name in called.items() if name), key=lambda one: one[1].casefold())
    return {
        "called": called,
        "people": known,
        "near": near,
        "who": request.GET.get("who", ""),
        "choices": [
            (_("Teachers"), by_name),
            (_("Classes"), [(f"c-{name}", name) for name in classes]),
            (_("Rooms"), [(f"r-{name}", name) for name in rooms]),
        ],
    }


def _lessons_of(context: dict[str, Any], shown: Timetable, who: str) -> Any:
    """The lessons of whom or what was chosen, and its name into the context; None where all are to be shown."""
    name = next((name for _label, found in context["choices"] for key, name in found if key == who), None)
    context["whose"] = name
    if name is None:
        return None
    kind, _, value = who.partition("-")
    return queries.taught_by_name(shown, int(value)) if kind == "t" else queries.lessons_with(shown, KINDS[kind], value)


def _week(shown: Timetable, lessons: Any, called: dict[int, str]) -> dict[str, Any]:
    grid = queries.week_grid(shown, lessons)
    return {
        "grid": grid,
        "rows": [
            (number + 1, [(period, [line_of(one, called) for one in _in(grid, period)]) for period in periods])
            for number, (_position, periods) in enumerate(grid.rows)
        ],
    }


def _in(grid: queries.WeekGrid, period: Any) -> list[TimetableLesson]:
    return grid.lessons.get(period.pk, []) if period is not None else []


def line_of(lesson: TimetableLesson, called: dict[int, str]) -> Line:
    """A lesson of a week as `parts.lesson` takes it; `called` are the names by id of a TimetableTeacher."""
    people = sorted(name for one in lesson.teachers.all() if (name := called.get(one.pk, "")))
    what = lesson.subject or lesson.event
    return {"what": what, "classes": lesson.classes, "rooms": lesson.rooms, "people": people}


def _day(request: HttpRequest, shown: Timetable, today: date, people: dict[int, str], near: bool) -> dict[str, Any]:
    on = asked_day(request.GET.get("on")) or queries.next_date_with_lessons(shown, today) or shown.begin
    on = min(max(on, shown.begin), shown.end)
    day = queries.day_at_school(shown, on)
    dates = sorted(queries.dates_of(shown, on - timedelta(days=21), on + timedelta(days=21)))
    return {
        "on": on,
        "found": day,
        "before": max((one for one in dates if one < on), default=None),
        "after": min((one for one in dates if one > on), default=None),
        "periods": [
            (period, bells or _bells_of(period), [_as_line(one, people, near) for one in _by_class(lessons)])
            for period, bells, lessons in day.periods
        ],
    }


def _bells_of(period: Any) -> list[str] | None:
    return [f"{period.begins:%H:%M}", f"{period.ends:%H:%M}"] if period.begins else None


def _by_class(lessons: Iterable[Taught]) -> list[Taught]:
    return sorted(lessons, key=lambda one: (one.classes, one.subject or one.event))


def _as_line(one: Taught, known: dict[int, str], near: bool) -> Line:
    people = sorted([*(known[pk] for pk in one.people if pk in known), *(one.names if near else ())])
    return {"what": one.subject or one.event, "classes": one.classes, "rooms": one.rooms, "people": people}
