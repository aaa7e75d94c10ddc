"""Two who visit each other at a school with a timetable: Ana coaches Ben, Lena is a colleague, Mai works elsewhere.

Monday (positions from 0): Ana 0 1, Ben 0 2, Lena 3. Tuesday: Ana 2, Ben 2 3, Lena 3. Wednesday: Ana 1, Ben 0.
Thursday: Ana and Ben 0, Lena 1. Friday: all three 0.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sidebyside.calendars.actions.appointments import answer
from sidebyside.calendars.models import Appointment, Attendee, Timetable
from sidebyside.calendars.queries import lessons_of
from sidebyside.calendars.slots import Span
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, give_role
from sidebyside.places.models import Place, Role
from sidebyside.visits import actions
from sidebyside.visits.models import Visit
from tests.calendars.school import MONDAY, teaches, timetable
from tests.pairs import LONG_AGO, Pair, pair, person

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)  # the Friday before
FRIDAY = MONDAY - timedelta(days=3)
WEEK: dict[str, list[tuple[int, int]]] = {
    "ana": [(0, 0), (0, 1), (1, 2), (2, 1), (3, 0), (4, 0)],
    "ben": [(0, 0), (0, 2), (1, 2), (1, 3), (2, 0), (3, 0), (4, 0)],
    "lena": [(0, 3), (1, 3), (3, 1), (4, 0)],
}
FREE, COVERED = (0, 2), (0, 0)  # a lesson of Ben in which Ana is free; one in which she teaches


def moment(hour: int, minute: int = 0, on: date = MONDAY) -> datetime:
    """A time of a date."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC)


def span(begin: tuple[int, int], end: tuple[int, int], on: date = MONDAY) -> Span:
    """A time of a date, such as span((8, 30), (8, 50))."""
    return Span(moment(*begin, on), moment(*end, on))


@dataclass
class Staff:
    """The school, its timetable, and people by name."""

    pair: Pair
    timetable: Timetable
    mai: Person
    desk: Person
    zone: str = field(default="UTC")

    @property
    def partnership(self) -> Partnership:
        return self.pair.partnership

    @property
    def ana(self) -> Person:
        return self.pair.coach

    @property
    def ben(self) -> Person:
        return self.pair.partner

    @property
    def lena(self) -> Person:
        return self.pair.outsider

    def key(self, who: Person, slot: tuple[int, int], weeks: int = 0) -> str:
        """The key of somebody's lesson (day, position) in the week of MONDAY, or in one after it."""
        on = MONDAY + timedelta(days=slot[0] + 7 * weeks)
        found = lessons_of([who.pk], begin=on, end=on)
        return next(one.key for one in found if one.period.position == slot[1])

    def book(self, slot: tuple[int, int] = FREE, **more) -> Visit:
        """Ana visits Ben; Ben books it."""
        values = {"observed": self.ben, "observer": self.ana, "by": self.ben, "at": AT}
        values["lesson"] = self.key(self.ben, slot) if "lesson" not in more else more["lesson"]
        return actions.book(self.partnership, **{**values, **more})

    def with_talks(self, slot: tuple[int, int] = FREE, **more) -> Visit:
        """As `book`, with the talks of Monday."""
        talks = {"talk_before": span((11, 15), (11, 35), FRIDAY)}
        talks["talk_after"] = span((12, 0), (12, 20))
        return self.book(slot, **{**talks, **more})

    def says(self, who: Person, kind: str, what: str = "no", at: datetime = AT) -> None:
        """Somebody answers an invitation."""
        attendee = Attendee.objects.get(appointment__kind=kind, appointment__cancelled_at=None, person=who)
        answer(attendee, answer=what, by=who, at=at)


def parts(visit: Visit) -> dict[str, Appointment]:
    """The appointments of a visit that were not cancelled, by kind."""
    return {one.kind: one for one in Appointment.objects.filter(meeting__visit=visit, cancelled_at=None)}


def settle() -> Staff:
    """Make the school."""
    found = pair()
    Place.objects.filter(pk=found.school.pk).update(time_zone="UTC")
    made = timetable(found.school)
    for name, who in (("ana", found.coach), ("ben", found.partner), ("lena", found.outsider)):
        teaches(made, who, *WEEK[name], subject="Mathematics" if name == "ana" else "Science")
    fell = add_place(kind=Place.Kind.SCHOOL, name="Fell", parent=None, by=None, at=LONG_AGO, time_zone="UTC")
    desk = person("Olu", "Desk", found.school)
    give_role(desk, kind=Role.Kind.COVER_DESK, place=found.school, by=None, at=LONG_AGO)
    return Staff(found, made, person("Mai", "Far", fell), desk)
