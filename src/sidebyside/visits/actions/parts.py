"""The parts of a visit: its appointments and the cover for it. What booking, re-planning and ending use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments
from sidebyside.calendars.actions.appointments import not_free
from sidebyside.calendars.actions.booking_days import days_touched, take_days
from sidebyside.calendars.models import Appointment, Timetable
from sidebyside.calendars.queries import Taught
from sidebyside.calendars.slots import Span
from sidebyside.cover import actions as cover
from sidebyside.cover.models import CoverRequest
from sidebyside.cover.queries import away_between, engaged_with_cover
from sidebyside.cycles.models import Cycle
from sidebyside.partnerships.actions.membership import hold_open, members_of, must_be_member
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person
from sidebyside.visits.models import Meeting, Visit, VisitCover
from sidebyside.visits.queries import clashes_with, keeps, lesson_of, open_covers

Kind = Appointment.Kind
TALKS = (Kind.TALK_BEFORE, Kind.TALK_AFTER)


@dataclass(frozen=True)
class Wanted:
    """What is to become of a visit: its time, the lesson of the timetable where there is one, where it is, how."""

    span: Span
    lesson: Taught | None
    room: str
    way: str
    zone: ZoneInfo

    @property
    def in_person(self) -> bool:
        """Whether somebody comes into the classroom."""
        return self.way == Visit.Way.IN_PERSON

    @property
    def fields(self) -> dict[str, object]:
        """What the visit keeps of it: what the timetable said that day."""
        taught = self.lesson
        return {
            "way": self.way,
            "begin": self.span.begin,
            "end": self.span.end,
            "lesson_id": taught.lesson if taught else None,
            "period": taught.period.name if taught else "",
            "subject": taught.subject if taught else "",
            "classes": list(taught.classes) if taught else [],
            "rooms": list(taught.rooms) if taught else [self.room] if self.room else [],
        }


def must_go_on(partnership: Partnership, by: Person) -> None:
    """Take the partnership for this transaction. Raises Refused where it has ended or rests, or `by` is not in it."""
    hold_open(partnership)
    must_be_member(partnership, by)
    partnership.refresh_from_db(fields=["rested_at"])
    if partnership.is_resting:
        raise Refused(_("This partnership rests. Go on with it first."))


def must_both_be_in(partnership: Partnership, *people: Person) -> None:
    """Raises Refused where one of these persons is not in the partnership today, or has left her school."""
    inside = {member.person_id: member.person for member in members_of(partnership)}
    for person in people:
        if person.pk not in inside:
            raise Refused(_("A visit is between two who are in this partnership."))
        if inside[person.pk].left_at is not None:
            raise Refused(_("%(name)s has left.") % {"name": person.short_name})
    if len({person.pk for person in people}) < 2:
        raise Refused(_("A visit is to a lesson of somebody else."))


def what_is_wanted(
    observed: Person, observer: Person, lesson: str | Span, *, room: str, way: str, zone: ZoneInfo, at: datetime
) -> Wanted:
    """The lesson of the timetable with this key, or a time by hand. Raises Refused where the timetable does not have
    it for `observed`, where it has no times, where both teach it, and for times that are over."""
    if way not in Visit.Way.values:
        raise ValueError("A visit is in person or by video.")
    if isinstance(lesson, Span):
        if lesson.end <= lesson.begin:
            raise Refused(_("The end must come after the beginning."))
        span, taught = lesson, None
    else:
        taught = lesson_of(observed, lesson)
        if taught is None:
            raise Refused(_("The timetable does not have this lesson any more. Please choose another."))
        if taught.span is None:
            raise Refused(_("The timetable does not say when this lesson begins. Please write down the time."))
        if observer.pk in taught.people:
            raise Refused(_("You teach this lesson together. Choose one that only one of you teaches."))
        span = taught.span
        room = room or ", ".join(taught.rooms)
    if span.begin <= at:
        raise Refused(_("This time is over."))
    return Wanted(span, taught, room[:60], way, zone)


def check_talks(wanted: Wanted, talks: Mapping[str, Span | None]) -> None:
    """Raises Refused where a talk is not where its name says: before or after the visit."""
    before, after = talks.get(Kind.TALK_BEFORE), talks.get(Kind.TALK_AFTER)
    if before is not None and before.end > wanted.span.begin:
        raise Refused(_("The talk before lies before the visit."))
    if after is not None and after.begin < wanted.span.end:
        raise Refused(_("The talk after lies after the visit."))


def take_all(people: Iterable[Person], spans: Iterable[Span | None], zone: ZoneInfo) -> None:
    """Take the days of these times for these persons, in one order for all. Only then is it asked who is free."""
    dates = {on for span in spans if span for on in days_touched(span.begin, span.end, zone.key)}
    take_days((person.pk, on) for person in people for on in dates)


def must_be_free(
    people: list[Person], span: Span, *, zone: ZoneInfo, by: Person, but: Iterable[int] = (), teaching: bool = True
) -> None:
    """Raises Refused where one of these is engaged then, covers a lesson, is away, or (with `teaching`) teaches; and
    where somebody else than `by` keeps that time for herself, which the others learn as no more than "not free"."""
    taken = engaged_with_cover([one.pk for one in people], span.begin, span.end, but=list(but))
    for person in sorted(people, key=lambda one: one.pk != by.pk):
        if taken[person.pk] or (person.pk != by.pk and keeps(person, span, zone=zone)):
            raise Refused(not_free(person, span.begin, span.end, zone.key, by=by))
        if teaching:
            must_not_teach([person], span, zone=zone)


def must_not_teach(people: Iterable[Person], span: Span, *, zone: ZoneInfo) -> None:
    """Raises Refused where one of these has a lesson then."""
    for person in people:
        if clashes_with(person, span, zone=zone):
            raise Refused(_("%(name)s teaches at that time.") % {"name": person.short_name})


def put(
    visit: Visit, spans: Mapping[str, Span | None], old: Mapping[str, Appointment], *, room: str, zone: ZoneInfo,
    by: Person, at: datetime,
) -> None:  # fmt: skip
    """Give the parts of a visit these times: what was there moves (and keeps its name in other calendars), what is
    not wanted any more is cancelled, what is new is made."""
    people = [visit.observed, visit.observer]
    waiting = {kind: one for kind, one in old.items() if kind in spans}
    for kind, span in spans.items():
        if span is None and kind in waiting:
            appointments.cancel(waiting.pop(kind), by=by, at=at)
    moving = {kind: span for kind, span in spans.items() if span is not None and kind in waiting}
    while moving:
        # A part moves once no other stands in its new place. Before and after keep the parts in one order, in their old
        # places as in the new ones, so of those that have to move one always can.
        kind = next((kind for kind, span in moving.items() if not _in_the_way(span, kind, waiting)), next(iter(moving)))
        span, one = moving.pop(kind), waiting.pop(kind)
        where = room if kind == Kind.VISIT else None
        appointments.move(one, begin=span.begin, end=span.end, room=where, by=by, at=at)
    for kind, wanted in spans.items():
        if wanted is not None and kind not in old:
            add(visit, kind, wanted, people=people, room=room, zone=zone, by=by, at=at)


def _in_the_way(span: Span, kind: str, waiting: Mapping[str, Appointment]) -> bool:
    return any(span.overlaps(Span(one.begin, one.end)) for other, one in waiting.items() if other != kind)


def add(
    visit: Visit, kind: str, span: Span, *, people: list[Person], room: str, zone: ZoneInfo, by: Person, at: datetime
) -> Appointment:
    """Make one part of a visit."""
    made = appointments.make(
        kind=kind, begin=span.begin, end=span.end, zone=zone.key, people=people, by=by, at=at,
        room=room if kind == Kind.VISIT else "",
    )  # fmt: skip
    Meeting.objects.create(appointment=made, partnership_id=visit.partnership_id, cycle_id=visit.cycle_id, visit=visit)
    return made


def cover_for(
    visit: Visit, wanted: Wanted, answers: Mapping[str, str], notes: str, *, by: Person, at: datetime
) -> None:
    """See to the lessons of who visits: ask for cover, or write down what she does instead. `answers` by the key of
    each lesson; the cover desk is asked where none is given. What stands already and fits stays.

    A request is hers, whoever books or calls off: the cover desk reads from it nothing of who is in the partnership.
    """
    standing = {(one.lesson_id, one.answer): one for one in open_covers(visit)}
    kept: set[int] = set()
    clashes = []
    if wanted.in_person:
        clashes = clashes_with(visit.observer, wanted.span, zone=wanted.zone, but=[visit.observed_id])
    fresh = []
    for clash in clashes:
        answer = VisitCover.Answer.TOGETHER if clash.stays else answers.get(clash.key, VisitCover.Answer.REQUEST)
        if answer not in VisitCover.Answer.values:
            raise Refused(_("Please choose one of these."))
        there = standing.get((clash.lesson.lesson, answer))
        if there is not None and (there.request is None or _fits(there, clash.span)):
            kept.add(there.pk)
            if there.request is not None and notes.strip():
                cover.change_notes(there.request, text=notes, by=by, at=at)
        else:
            fresh.append((clash, answer))
    # What falls away is taken back first: the same lesson is asked for once at a time.
    end_covers([one for one in standing.values() if one.pk not in kept], at=at)
    for clash, answer in fresh:
        request = None
        if answer == VisitCover.Answer.REQUEST:
            school = Timetable.objects.values_list("school_id", flat=True).get(pk=clash.lesson.period.timetable)
            request = cover.ask(
                school=school, person=visit.observer, taught=clash.lesson, begin=clash.span.begin, end=clash.span.end,
                notes=notes, by=visit.observer, at=at,
            )  # fmt: skip
        VisitCover.objects.create(visit=visit, lesson_id=clash.lesson.lesson, answer=answer, request=request)


def _fits(one: VisitCover, span: Span) -> bool:
    request = one.request
    return (
        request is not None and request.cancelled_at is None and (request.begin, request.end) == (span.begin, span.end)
    )


def end_covers(covers: Iterable[VisitCover], *, at: datetime) -> None:
    """End what was arranged for lessons of who visits; a request is taken back, so that nobody covers for nothing.
    Only where she is away as well, the lesson still needs somebody."""
    for one in covers:
        request = one.request
        VisitCover.objects.filter(pk=one.pk).update(ended_at=at)
        if request is None or request.cancelled_at is not None or request.end <= at:
            continue
        absence = away_between([request.person_id], begin=request.begin, end=request.end).order_by("pk").first()
        if absence is None:
            cover.cancel(request, by=request.person, at=at)
        else:  # from now on for this reason alone: it goes when she comes after all
            CoverRequest.objects.filter(pk=request.pk, away=None).update(away=absence)


def running_cycle(partnership: Partnership) -> Cycle | None:
    """The cycle that a partnership is in."""
    return Cycle.objects.filter(partnership=partnership, ended_at=None).first()
