"""Book a visit, or book it anew: whose lesson, which lesson, one confirmation. Each step is a plain address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import Appointment
from sidebyside.calendars.queries import Taught, schools_of, zone_of
from sidebyside.calendars.slots import Span
from sidebyside.partnerships.models import Part, Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.people.models import Person
from sidebyside.visits import actions
from sidebyside.visits.models import Meeting, Visit
from sidebyside.visits.queries import (
    Choice,
    Choices,
    choice_of,
    has_cover_desk,
    lesson_of,
    lessons_to_visit,
    open_covers,
    open_parts,
    talk_times,
)
from sidebyside.web.cycles.people import Company
from sidebyside.web.date_fields import asked_day
from sidebyside.web.templating import url
from sidebyside.web.visits import words
from sidebyside.web.visits.forms import ConfirmForm, HandForm, talk_choices

SHOWN = 12
WEEKS = 4
WEEK, DAY = timedelta(days=7), timedelta(days=1)
SATURDAY = 5
Kind = Appointment.Kind


@dataclass
class Booking:
    """What is being booked: by whom, whose lesson, who comes; for a visit that stands already, that visit."""

    partnership: Partnership
    company: Company
    viewer: Any
    observed: Person
    observer: Person
    visit: Visit | None = None

    @property
    def there(self) -> str:
        """The address of all its steps."""
        return url("rebook_visit", self.visit.pk) if self.visit else url("book_visit", self.partnership.pk)

    def address(self, **query: Any) -> str:
        """A step of it."""
        who = {} if self.visit else {"observed": self.observed.pk, "observer": self.observer.pk}
        query = {name: value for name, value in query.items() if value}
        return f"{self.there}?{urlencode({**who, **query})}" if who or query else self.there

    @property
    def title(self) -> str:
        return _("Choose another lesson") if self.visit else _("Book a visit")

    @property
    def moving(self) -> dict[str, Appointment]:
        """The parts that move when it is booked anew."""
        return open_parts(self.visit, at=timezone.now()) if self.visit else {}


def book_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a visit in a partnership: `?observed=` and `?observer=` say who, `?from=` which weeks, `?lesson=` (or a
    day and hours by hand) leads to the confirmation."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    company = Company(current_members(partnership), request.user)
    if len(company.members) < 2:
        return redirect("members", pk)
    observed, observer = _two(company, request.POST or request.GET)
    return _step(request, Booking(partnership, company, request.user, observed, observer))


def rebook_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose another lesson for a visit that is booked: all its parts go along."""
    found = policy.ask(request.user, "change visit", Visit, pk, "partnership", "observed", "observer")
    if not found.is_open:
        return redirect("visit", pk)
    company = Company(current_members(found.partnership), request.user)
    return _step(
        request, Booking(found.partnership, company, request.user, found.observed, found.observer, visit=found)
    )


def _two(company: Company, asked: Mapping[str, str]) -> tuple[Person, Person]:
    """Who is visited and who visits: as asked, else the coach visits her partner, else somebody visits the viewer."""
    people = {str(member.person_id): member for member in company.members}
    observed, observer = people.get(asked.get("observed", "")), people.get(asked.get("observer", ""))
    if observed is None:
        learning = [member for member in company.members if member.part != Part.COACH]
        hers = [member for member in learning if member.person_id == company.viewer.pk]
        observed = (hers or learning or list(company.members))[0]
    if observer is None or observer.person_id == observed.person_id:
        others = [member for member in company.members if member.person_id != observed.person_id]
        observer = next((member for member in others if member.part == Part.COACH), others[0])
    return observed.person, observer.person


def _step(request: HttpRequest, booking: Booking) -> HttpResponse:
    if request.method == "POST":
        return _confirm(request, booking, request.POST)
    if request.GET.get("lesson"):
        return _confirm(request, booking, request.GET)
    now = Span(booking.visit.begin, booking.visit.end) if booking.visit else None
    hand = HandForm(request.GET) if "on" in request.GET else HandForm(initial=HandForm.values_of(now) if now else {})
    if hand.is_bound and hand.is_valid():
        return _confirm(request, booking, request.GET)
    return _choose(request, booking, hand)


# Step two: which lesson


def _choose(request: HttpRequest, booking: Booking, hand: HandForm, *, refused: str = "") -> HttpResponse:
    at, today = timezone.now(), timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    if today.weekday() >= SATURDAY:
        monday += WEEK
    asked = asked_day(request.GET.get("from", ""))
    begin = max(asked or today, today)
    end = (asked + WEEK if asked else monday + WEEKS * WEEK) - DAY
    found = lessons_to_visit(
        observed=booking.observed, observer=booking.observer, begin=begin, end=max(begin, end), at=at,
        but=[one.pk for one in booking.moving.values()],
    )  # fmt: skip
    offered = [one for one in found.found if _is_offered(one, booking)]
    shown = offered if request.GET.get("all") else offered[:SHOWN]
    context = {
        "booking": booking,
        "company": booking.company,
        "partnership": booking.partnership,
        "back_at": url("visit", booking.visit.pk) if booking.visit else url("workspace", booking.partnership.pk),
        "who": words.who_visits(booking.observed, booking.observer, booking.viewer),
        "directions": [] if booking.visit else _directions(booking),
        "groups": _groups(booking, shown),
        "more": len(offered) - len(shown),
        "more_at": booking.address(**{"from": request.GET.get("from", ""), "all": 1}),
        "weeks": _weeks(booking, monday, asked),
        "asked": asked,
        "found": found,
        "timetable_words": _without_timetable(booking, found),
        "hand": hand,
        "refused": refused,
    }
    return render(request, "visits/choose.html", context, status=422 if refused or hand.errors else 200)


def _is_offered(choice: Choice, booking: Booking) -> bool:
    # What somebody keeps for herself is offered to her alone.
    return not choice.wished_free or booking.observer.pk == booking.viewer.pk


def _groups(booking: Booking, shown: list[Choice]) -> list[tuple[str, str, list[words.Row]]]:
    """The lessons in three groups, those for which nobody needs to cover first."""
    names = words.names_of(booking.viewer, shown)
    rows = [row_of(booking, one, names) for one in shown]
    titles = (
        ("free", _("Nobody needs to cover")),
        ("covered", _("With a little cover")),
        ("hard", _("Cover is hard to find")),
    )
    return [(kind, title, of) for kind, title in titles if (of := [row for row in rows if row.kind == kind])]


def row_of(booking: Booking, choice: Choice, names: Mapping[int, str]) -> words.Row:
    """A lesson of the list."""
    lesson = choice.lesson
    return words.Row(
        href=booking.address(lesson=lesson.key if lesson else ""),
        day=words.day_name(choice.span.begin),
        time=f"{timezone.localtime(choice.span.begin):%H:%M}",
        what=words.taught_name(lesson) if lesson else "",
        where=words.where(lesson.period.name, lesson.rooms) if lesson else words.Markup(""),
        fit=words.fit(choice, booking.observer, booking.viewer, names),
        kind=words.kind_of(choice),
    )


def _directions(booking: Booking) -> list[tuple[str, Any, bool]]:
    """Who could visit whom in this partnership, each with its address, and which it is now."""
    people = [member.person for member in booking.company.members]
    found = []
    for observer in people:
        for observed in people:
            if observer.pk != observed.pk:
                one = Booking(booking.partnership, booking.company, booking.viewer, observed, observer)
                current = (observed.pk, observer.pk) == (booking.observed.pk, booking.observer.pk)
                found.append((one.address(), words.who_visits(observed, observer, booking.viewer), current))
    return found


def _weeks(booking: Booking, monday: date, asked: date | None) -> list[tuple[str, str, bool]]:
    """The weeks to choose from: address, name, and which it is now."""
    found = [(booking.address(), _("Next four weeks"), asked is None)]
    first = monday
    if asked is not None and asked >= monday + WEEKS * WEEK:
        first = asked - WEEK
    for turn in range(WEEKS):
        begin = first + turn * WEEK
        name = _("Week of %(day)s") % {"day": words.short_date(begin)}
        found.append((booking.address(**{"from": begin.isoformat()}), name, asked == begin))
    later = first + WEEKS * WEEK
    found.append((booking.address(**{"from": later.isoformat()}), _("Later"), asked == later))
    return found


def _without_timetable(booking: Booking, found: Choices) -> dict[str, Any]:
    """What to do where nothing is known of the lessons, and where; nothing where all is well."""
    observed, hers = booking.observed, booking.observed.pk == booking.viewer.pk
    school = schools_of([observed.pk]).get(observed.pk) if not found.has_timetable or not found.knows_times else None
    if found.has_timetable and not found.knows_times:
        text = _("The timetable does not say when its periods begin. Whoever keeps it can write that down.")
        return {"text": text, "href": url("timetable", school) if school else "", "label": _("See the timetable")}
    if found.has_timetable:
        return {}
    if hers:
        text = _(
            "No timetable says when you teach. Type your week once, in two minutes; then lessons are offered here."
        )
        return {"text": text, "href": url("own_week"), "label": _("Type your week")}
    text = _("No timetable here says when %(name)s teaches in these weeks.")
    more = _("The school can bring its timetable, or each of you types a week of her own.")
    said = words.escape(text) % {"name": words.bdi(observed.short_name)} + " " + more
    return {"text": said, "href": "", "label": ""}


# Step three: one confirmation


def _confirm(request: HttpRequest, booking: Booking, asked: Any) -> HttpResponse:
    at = timezone.now()
    hand = HandForm(asked) if asked.get("on") else HandForm()
    taught, span, wrong = _lesson(booking, asked, hand)
    if span is None:
        return _choose(request, booking, hand, refused=wrong)
    moving = booking.moving
    zone, but = zone_of(booking.observed.pk), [one.pk for one in moving.values()]
    two = {"observed": booking.observed, "observer": booking.observer, "span": span, "zone": zone, "but": but}
    choice = choice_of(**two, lesson=taught)
    if choice is None or not _is_offered(choice, booking):
        return _choose(request, booking, HandForm(), refused=_("One of you is not free then. Please choose another."))
    before, after = talk_times(**two, at=at)
    form = _form(request, booking, choice, moving, before, after)
    if request.method == "POST" and form.is_valid():
        lesson = taught.key if taught else span
        try:
            return _book(request, booking, lesson, form)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    names = words.names_of(request.user, [choice])
    context = {
        "booking": booking,
        "company": booking.company,
        "back_at": booking.address(),
        "who": words.who_visits(booking.observed, booking.observer, request.user),
        "choice": choice,
        "row": row_of(booking, choice, names),
        "hours": words.hours(span),
        "form": form,
        "kept": {name: asked.get(name, "") for name in ("lesson", "on", "begin", "end") if asked.get(name)},
        "could": [(words.hours(one.span), words.could([one], names)) for one in choice.to_cover],
        "stays": [words.taught_name(one.lesson) for one in choice.clashes if one.stays],
        "talked": _talked(booking),
    }
    return render(request, "visits/confirm.html", context, status=422 if form.errors else 200)


def _lesson(booking: Booking, asked: Any, hand: HandForm) -> tuple[Taught | None, Span | None, str]:
    """The lesson that is asked for with its time, or a time by hand; else a sentence that says what is wrong."""
    if key := asked.get("lesson", ""):
        taught = lesson_of(booking.observed, key)
        if taught is None or taught.span is None:
            return None, None, _("The timetable does not have this lesson any more. Please choose another.")
        if taught.span.begin <= timezone.now():
            return None, None, _("This time is over.")
        return taught, taught.span, ""
    if not hand.is_bound or not hand.is_valid():
        return None, None, _("Please choose a lesson, or say a day and hours.")
    return None, hand.span, ""


def _form(
    request: HttpRequest, booking: Booking, choice: Choice, moving: Mapping[str, Appointment], before: Any, after: Any
) -> ConfirmForm:
    observer, viewer = booking.observer, booking.viewer
    options = words.answers_about_cover(observer, viewer, has_desk=has_cover_desk(observer)) if choice.to_cover else []
    standing = {one.lesson_id: one.answer for one in open_covers(booking.visit)} if booking.visit else {}
    allowed = [value for value, _label in options]
    covers = {}
    for one in choice.to_cover:
        chosen = standing.get(one.lesson.lesson, "")
        label = words.bdi(words.taught_name(one.lesson))
        covers[one.key] = (label, options, chosen if chosen in allowed else allowed[0])
    talked = _talked(booking)
    none_before = _("No talk before: you have talked already") if talked else _("No talk before")
    return ConfirmForm(
        request.POST if request.method == "POST" else None,
        before=talk_choices([] if talked else before, none_before, now=_stays(moving, Kind.TALK_BEFORE, choice)),
        after=talk_choices(after, _("No talk after for now"), now=_stays(moving, Kind.TALK_AFTER, choice)),
        covers=covers,
        by_hand=choice.lesson is None,
        initial={"way": booking.visit.way if booking.visit else Visit.Way.IN_PERSON},
    )


def _stays(moving: Mapping[str, Appointment], kind: str, choice: Choice) -> Span | None:
    """The time a talk has now, where it still lies on its side of the visit and near it."""
    one = moving.get(kind)
    if one is None:
        return None
    span = Span(one.begin, one.end)
    if kind == Kind.TALK_BEFORE:
        near = span.end <= choice.span.begin and choice.span.begin - span.end < 4 * DAY
    else:
        near = span.begin >= choice.span.end and span.begin - choice.span.end < 5 * DAY
    return span if near else None


def _talked(booking: Booking) -> bool:
    """Whether the talk before of this visit took place."""
    if booking.visit is None:
        return False
    rows = policy.seen(booking.viewer, Meeting).filter(visit=booking.visit, appointment__kind=Kind.TALK_BEFORE)
    return rows.filter(appointment__cancelled_at=None, appointment__end__lte=timezone.now()).exists()


def _book(request: HttpRequest, booking: Booking, lesson: str | Span, form: ConfirmForm) -> HttpResponse:
    values = {**form.values, "lesson": lesson, "by": request.user, "at": timezone.now()}
    if booking.visit is not None:
        actions.rebook(booking.visit, **values)
        messages.success(request, _("All parts have their new times. Those concerned are told."))
        return redirect("visit", booking.visit.pk)
    visit = actions.book(booking.partnership, observed=booking.observed, observer=booking.observer, **values)
    messages.success(request, _("It is booked, with its talks and its cover. Those concerned are told."))
    return redirect("visit", visit.pk)
