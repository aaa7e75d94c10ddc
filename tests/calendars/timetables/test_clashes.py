"""Who or what is in two places at once."""

from sidebyside.calendars.timetables.clashes import Clash, Kind, clashes
from sidebyside.calendars.timetables.records import Timetable, TimetableRow


def row(event: str, line: int, *, day="Mon", slot="1", teachers="", classes="", rooms="") -> TimetableRow:
    names = (tuple(part.split()) for part in (teachers, classes, rooms))
    return TimetableRow(day, slot, int(slot), event, *names, line)


def test_no_clash_where_nobody_is_twice() -> None:
    rows = (
        row("Art", 2, teachers="Ada Ben", classes="6a", rooms="Hall"),
        row("Art", 3, teachers="Ada", classes="6b", rooms="Hall"),  # the same event on another line
        row("Maths", 4, slot="2", teachers="Ada", classes="6a", rooms="Hall"),
        row("Maths", 5, day="Tue", teachers="Ada"),
        row("Choir", 6),
        row("Band", 7),
    )
    assert clashes(Timetable(rows)) == []
    assert clashes(Timetable(())) == []


def test_clashes_by_weight_then_by_day_and_slot() -> None:
    rows = (
        row("Maths", 2, day="Tue", teachers="Ada", rooms="Hall"),
        row("Art", 3, day="Tue", teachers="Ada", rooms="Hall"),
        row("Maths", 4, slot="2", teachers="Ben", classes="6a"),
        row("Choir", 5, slot="2", teachers="Cem", classes="6a"),
        row("Band", 6, slot="2", teachers="Ben", classes="6a"),
    )
    found = clashes(Timetable(rows, ("Mon", "Tue")))
    assert found == [
        Clash(Kind.TEACHER, "Ben", "Mon", "2", ("Band", "Maths"), (6, 4)),
        Clash(Kind.TEACHER, "Ada", "Tue", "1", ("Art", "Maths"), (3, 2)),
        Clash(Kind.CLASS, "6a", "Mon", "2", ("Band", "Choir", "Maths"), (6, 5, 4)),
        Clash(Kind.ROOM, "Hall", "Tue", "1", ("Art", "Maths"), (3, 2)),
    ]
    assert clashes(Timetable(rows, ("Mon", "Tue")), most=2) == found[:2]
    assert clashes(Timetable(rows[::-1], ("Mon", "Tue"))) == found


def test_a_name_may_be_teacher_and_room() -> None:
    rows = (row("Art", 2, teachers="Ada"), row("Maths", 3, rooms="Ada"))
    assert clashes(Timetable(rows)) == []
