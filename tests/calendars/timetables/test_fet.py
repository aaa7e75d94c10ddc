"""FET's files: refused with a line and a sentence, or read."""

import gzip
from datetime import time
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidebyside.calendars.timetables import markup
from sidebyside.calendars.timetables.reading import read
from sidebyside.calendars.timetables.records import TimetableRefused, TimetableRow
from tests.calendars.timetables.fet_files import HEAD, activity, fet, in_room, solution, start

PLAIN = b"day,slot,event,teachers,classes,rooms\nMon,1,Choir,Ada,6a,Hall\n"
ONE = fet(activity(1))
SOLVED = solution((1, "Mon", "1", "Hall"))


def faults(*files: tuple[str, bytes]) -> list[tuple[str | None, int | None, str]]:
    with pytest.raises(TimetableRefused) as refusal:
        read(files)
    return [(fault.file, fault.line, fault.reason) for fault in refusal.value.faults]


def both(school: bytes, solved: bytes) -> list[tuple[str | None, int | None, str]]:
    return faults(("a.fet", school), ("a.xml", solved))


# --- what is no file of FET


@pytest.mark.parametrize(
    ("data", "line", "sentence"),
    [
        (b"", 1, "The column “day” is missing."),
        (b"<", 1, "The file breaks off here."),
        (b"<fet><Days_List>", 1, "The file breaks off here."),
        (ONE[: len(ONE) // 2], 8, "The file breaks off here."),
        (b"<fet>\n<a></b></fet>", 2, "This is not sound XML from here on."),
        (b"<fet>\n\xff</fet>", 2, "This is not sound XML from here on."),
        (b"<fet>&author;</fet>", 1, "This is not sound XML from here on."),
        (b"<fet/><fet/>", 1, "This is not sound XML from here on."),
        (b"PK\3\4" + b"\0" * 60, None, "This is an archive or a spreadsheet."),
        (gzip.compress(ONE), 1, "The text is not in UTF-8"),
        (b"<!DOCTYPE html>\n<html></html>", None, "This is a web page."),
        (b'\xef\xbb\xbf<?xml version="1.0"?><html lang="en"></html>', None, "This is a web page."),
        (HEAD.encode() + b"<Teachers_Timetable/>", 1, "This is FET's timetable of teachers or of students."),
        (HEAD.encode() + b"<roster/>", 1, "This is neither a school's file of FET nor its solution."),
        (b"<fet>" + b"<a>" * 30 + b"</a>" * 30 + b"</fet>", 1, "The entries of this file lie too deep"),
        (b"<fet/>", None, "This file names no days or no hours."),
        (fet(""), None, "There is nothing in this timetable."),
        (fet(activity(1), mode="Block_Planning"), None, "This file plans blocks of subjects."),
        (ONE.replace(b'"6.8.5"', b'"5.44.2-bp"').replace(b"Official", b""), None, "This file plans blocks"),
        (fet(activity(1), days=("Mon",), mode="Mornings_Afternoons"), None, "A morning or an afternoon is missing"),
        (fet(activity(1), hours=[str(hour) for hour in range(201)]), None, "This file has far more entries"),
        (fet(activity(1), days=["d" * 151]), 4, "A name is longer than 150 characters."),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, line: int | None, sentence: str) -> None:
    ((file, at, reason),) = faults(("a.fet", data))
    assert (file, at) == ("a.fet", line)
    assert reason.startswith(sentence)


def bomb(entity: str, text: str) -> bytes:
    return f'<?xml version="1.0"?>\n<!DOCTYPE fet [{entity}]>\n<fet>{text}</fet>'.encode()


LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "data",
    [
        bomb(LAUGHS, "&a9;"),
        bomb('<!ENTITY a SYSTEM "file:///etc/hostname">', "&a;"),
        bomb('<!ENTITY % a SYSTEM "http://127.0.0.1:9/a"> %a;', ""),
        b'<!DOCTYPE fet SYSTEM "http://127.0.0.1:9/fet.dtd"><fet/>',
        bomb(LAUGHS, "&a9;").decode().encode("utf-16"),
    ],
)
def test_entities_are_refused_before_they_are_looked_at(data: bytes) -> None:
    ((_file, line, reason),) = faults(("a.fet", data))
    assert line is not None
    assert line <= 2
    assert reason.startswith("This file defines words of its own")


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    larger = "The file is larger than 32 MB, which no timetable needs."
    assert faults(("a.fet", b"<fet>" + b" " * markup.LARGEST)) == [("a.fet", None, larger)]
    with pytest.raises(TimetableRefused, match="larger than 32 MB"):
        markup.document(b" " * (markup.LARGEST + 1), "a.fet", {})
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 20)
    assert faults(("a.fet", ONE))[0][2] == "This file has far more entries than a timetable needs."
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 2_000)
    monkeypatch.setattr(markup, "MOST_FIELDS", 10)
    assert faults(("a.fet", ONE))[0][2] == "This file has far more entries than a timetable needs."
    assert len(faults(("a.fet", b"<fet>" * 2))) == 1


ATTRIBUTES = b"".join(b"a%d='' " % number for number in range(90_000))


@pytest.mark.parametrize("begun", [b"<fet><!-- ", b"<fet a='", b"<fet><?a ", b"<fet " + ATTRIBUTES])
def test_a_mark_without_end_is_refused_early(begun: bytes) -> None:
    began = process_time()
    assert faults(("a.fet", begun + b" " * (8 << 20)))[0][2] == "There is a mark of XML here that never ends."
    assert process_time() - began < 1


@given(st.binary(max_size=300), st.integers(0, 2_000), st.integers(0, 2_000))
def test_any_spoiled_file_is_read_or_refused(spoiled: bytes, begin: int, length: int) -> None:
    school = fet(activity(1) + activity(2, hours=2), start(1, "Mon", "1") + start(2, "Tue", "2"))
    data = school[:begin] + spoiled + school[begin + length :]
    reasons = []
    for files in ([("a.fet", data)], [("a.fet", data), ("a.xml", SOLVED)], [("a.fet", ONE), ("a.xml", data)]):
        try:
            reasons.append(str(read(files).rows[0]))
        except TimetableRefused as refusal:
            reasons += [fault.reason for fault in refusal.faults]
    assert reasons
    assert all(reasons)


def test_a_long_text_is_cut_and_then_too_long() -> None:
    assert faults(("a.fet", fet(activity(1), days=["d" * 1_000_000])))[0][2] == "A name is longer than 150 characters."


# --- which files


@pytest.mark.parametrize(
    ("files", "file", "sentence"),
    [
        ([], None, "Choose the files of the timetable."),
        ([PLAIN] * 11, None, "These are too many files."),
        ([PLAIN, PLAIN], "1", "Hand in one CSV sheet alone"),
        ([ONE, PLAIN], "1", "Hand in one CSV sheet alone"),
        ([SOLVED], "0", "This is the solution only."),
        ([ONE, ONE], "1", "There are two schools' files."),
        ([ONE, SOLVED, SOLVED], "2", "There are two solutions."),
        ([ONE], "0", "This school has no solution in its file. Hand in its solution too: a file ending in _activities"),
        (
            [fet(activity(1) + activity(2), start(1, "Mon", "1"))],
            "0",
            "In this file 1 of 2 activities have a place. Hand in the solution too",
        ),
        ([ONE, solution((1, "", "", ""))], "1", "In this solution nothing has a place"),
        ([ONE, solution()], "1", "In this solution nothing has a place"),
    ],
)
def test_the_files_that_are_needed_are_named(files: list[bytes], file: str | None, sentence: str) -> None:
    ((found, _line, reason),) = faults(*((str(at), data) for at, data in enumerate(files)))
    assert found == file
    assert reason.startswith(sentence)


# --- what cannot be


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (activity(2, teacher="Eve"), "Activity 2 names a teacher who is not in the list of teachers."),
        (activity(2, students="7a"), "Activity 2 names a class or group that is not in the list of students."),
        (activity(2, subject="Alchemy"), "Activity 2 names a subject that is not in the list of subjects."),
        (activity(2, hours=0), "Activity 2 does not say for how many hours."),
        (activity(2, hours="²"), "Activity 2 does not say for how many hours."),
        (activity(2, hours=10**12), "Activity 2 does not say for how many hours."),
        (activity(""), "An activity has no number."),
        (activity(-2), "An activity has no number."),
        (activity(1), "Activity 1 stands on line 10 already."),
        (activity(2, more="".join(f"<Students>{n}</Students>" for n in range(201))), "Activity 2 has more than 200"),
    ],
)
def test_an_activity_that_cannot_be_says_its_line(entry: str, sentence: str) -> None:
    ((file, line, reason),) = both(fet(activity(1) + entry), SOLVED)
    assert (file, line) == ("a.fet", 11)
    assert reason.startswith(sentence)


@pytest.mark.parametrize(
    ("place", "where", "sentence"),
    [
        ((2, "", "", ""), ("a.fet", 11), "Activity 2 has no place in the solution."),
        ((2, "Sun", "1", ""), ("a.xml", 4), "The day, hour or room of activity 2 is not in “a.fet”."),
        ((2, "Mon", "9", ""), ("a.xml", 4), "The day, hour or room of activity 2 is not in “a.fet”."),
        ((2, "Mon", "1", "Attic"), ("a.xml", 4), "The day, hour or room of activity 2 is not in “a.fet”."),
        ((2, "Mon", "3", ""), ("a.xml", 4), "Activity 2 goes on after the last hour of the day."),
        ((3, "Mon", "1", ""), ("a.xml", 4), "Activity 3 is not in “a.fet”: the two files do not belong together."),
        ((1, "Mon", "1", ""), ("a.xml", 4), "Activity 1 stands on line 3 already."),
        (("x", "Mon", "1", ""), ("a.xml", 4), "An activity has no number."),
    ],
)
def test_a_place_that_cannot_be_says_its_line(place: tuple, where: tuple[str, int], sentence: str) -> None:
    school = fet(activity(1) + activity(2, hours=2))
    assert both(school, solution((1, "Mon", "1", "Hall"), place)) == [(*where, sentence)]


def test_an_activity_that_the_solution_leaves_out() -> None:
    assert both(fet(activity(1) + activity(2)), SOLVED) == [("a.fet", 11, "Activity 2 has no place in the solution.")]


def test_two_places_among_the_constraints() -> None:
    twice = fet(activity(1), start(1, "Mon", "1") + start(1, "Tue", "1"))
    assert "another place on line" in faults(("a.fet", twice))[0][2]


def test_every_fault_is_told_up_to_a_hundred() -> None:
    some = fet(activity(1) + activity(2, teacher="Eve") + activity(3, teacher="Eve"))
    assert [line for _file, line, _reason in both(some, SOLVED)] == [11, 12]
    many = fet("".join(activity(number, teacher="Eve") for number in range(1, 500)))
    assert len(both(many, SOLVED)) == 100
    homeless = fet("".join(activity(number) for number in range(1, 500)))
    assert len(both(homeless, SOLVED)) == 100


def test_hours_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sidebyside.calendars.timetables.fet.MOST_ROWS", 2)
    assert both(fet(activity(1, hours=3)), SOLVED)[0][2].startswith("There are more than 2 rows")


# --- what is read


def test_an_activity_of_three_hours_takes_three() -> None:
    school = fet(
        activity(7, hours=3, more="<Teacher>Ben</Teacher><Students>6b</Students>") + activity(8, subject="Art"),
        hours=("1 (8:00-8:45)", "2 (8:50-9:35)", "3"),
    )
    solved = solution((8, "Mon", "3", ""), (7, "Tue", "1 (8:00-8:45)", "Hall"))
    found = read([("b.xml", solved), ("a.fet", school)])
    taught = (("Ada", "Ben"), ("6a", "6b"), ("Hall",), 10, "Maths")
    assert found.rows == (
        TimetableRow("Mon", "3", 2, "Art 8", ("Ada",), ("6a",), (), 11, "Art"),
        TimetableRow("Tue", "1 (8:00-8:45)", 0, "Maths 7", *taught, time(8), time(8, 45)),
        TimetableRow("Tue", "2 (8:50-9:35)", 1, "Maths 7", *taught, time(8, 50), time(9, 35)),
        TimetableRow("Tue", "3", 2, "Maths 7", *taught),
    )
    assert found.days == ("Mon", "Tue")
    assert [(slot.day, slot.name) for slot in found.slots] == [(row.day, row.slot) for row in found.rows]


def test_one_file_with_its_solution_among_the_constraints() -> None:
    constraints = (
        start(1, "Tue", "2", more="<Permanently_Locked>false</Permanently_Locked>")
        + start(1, "Mon", "1", weight="95")
        + start(1, "Mon", "1", more="<Active>false</Active>")
        + start(99, "Mon", "1")
        + in_room(1, "Any", "1", "Hall")
    )
    (row,) = read([("a.fet", fet(activity(1), constraints))]).rows
    assert (row.day, row.slot, row.rooms) == ("Tue", "2", ("1", "Hall"))
    # A solution beside it comes first.
    (row,) = read([("a.fet", fet(activity(1), constraints)), ("a.xml", SOLVED)]).rows
    assert (row.day, row.slot, row.rooms) == ("Mon", "1", ("Hall",))


def test_a_real_room_counts_and_not_the_virtual_one() -> None:
    solved = SOLVED.replace(
        b"<Room>Hall</Room>", b"<Room>Any</Room><Real_Room>Hall</Real_Room><Real_Room>1</Real_Room>"
    )
    (row,) = read([("a.fet", ONE), ("a.xml", solved)]).rows
    assert row.rooms == ("Hall", "1")


def test_what_does_not_take_place_is_left_out() -> None:
    still = activity(2).replace("<Active>true", "<Active>false")
    assert [row.event for row in read([("a.fet", fet(activity(1) + still)), ("a.xml", SOLVED)]).rows] == ["Maths 1"]


def test_a_blank_subject_is_one() -> None:
    (row,) = read([("a.fet", fet(activity(1, subject="   "))), ("a.xml", SOLVED)]).rows
    assert (row.event, row.subject) == ("1", "")


@pytest.mark.parametrize(
    ("days", "merged"),
    [
        (("Mon1", "Mon2", "Tue1", "Tue2"), ("Mon", "Tue")),
        (("الأحد", "الأحد م", "الاثنين", "الاثنين م"), ("الأحد", "الاثنين")),
        (("ven_m", "Ven_s"), ("ven",)),
        (("Day 1", "Day 2", "Day 3", "Day 4"), ("Day 1 / Day 2", "Day 3 / Day 4")),
        (("A", "B"), ("A / B",)),
    ],
)
@pytest.mark.parametrize("old", [False, True])
def test_halves_become_days(days: tuple[str, ...], merged: tuple[str, ...], old: bool) -> None:
    school = fet(activity(1, hours=2), mode="Mornings_Afternoons", days=days, hours=("08:00", "09:00", "10:00"))
    if old:
        school = school.replace(b"<Mode>Mornings_Afternoons</Mode>", b"").replace(b"6.8.5", b"5.27.3-morocco8")
    found = read([("a.fet", school), ("a.xml", solution((1, days[1], "09:00", "")))])
    assert found.days == merged
    assert [(row.day, row.slot, row.position, row.begins) for row in found.rows] == [
        (merged[0], f"{days[1]} 09:00", 4, None),
        (merged[0], f"{days[1]} 10:00", 5, None),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_other_encodings(encoding: str) -> None:
    school = fet(activity(1)).decode().replace("Ada", "Zoë").encode(encoding)
    assert read([("a.fet", school), ("a.xml", SOLVED)]).teachers == {"Zoë"}


def test_a_claimed_encoding_is_not_believed() -> None:
    claimed = ONE.replace(b'encoding="UTF-8"', b'encoding="rot13"')
    assert read([("a.fet", claimed), ("a.xml", SOLVED)]).teachers == {"Ada"}


def test_a_sheet_is_read_whatever_its_name() -> None:
    assert read([("a.fet", PLAIN)]).rows[0].event == "Choir"
    assert read([("a.csv", PLAIN.decode().encode("utf-16"))]).rows[0].event == "Choir"
