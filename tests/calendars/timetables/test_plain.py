"""The plain timetable: read, or refused with the line to look at."""

from datetime import time
from pathlib import Path

import pytest

from sidebyside.calendars.timetables.plain import read_timetable
from sidebyside.calendars.timetables.records import Slot, TimetableRefused, TimetableRow

HEADER = "day,slot,event,teachers,classes,rooms\n"


def faults(path: Path) -> list[tuple[str | None, int | None, str]]:
    with pytest.raises(TimetableRefused) as refusal:
        read_timetable(path)
    return [(fault.file, fault.line, fault.reason) for fault in refusal.value.faults]


@pytest.fixture
def written(tmp_path: Path):
    """A function that writes a sheet and gives its path."""

    def writing(text: str | bytes) -> Path:
        path = tmp_path / "week.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return writing


def test_rows_with_several_names(written) -> None:
    found = read_timetable(written(HEADER + "Mon,1,Choir,Ada| Ben |Ada||,6a|6b,\nMon,2,Assembly,,,Hall\n"))
    assert found.rows == (
        TimetableRow("Mon", "1", 0, "Choir", ("Ada", "Ben"), ("6a", "6b"), (), 2),
        TimetableRow("Mon", "2", 1, "Assembly", (), (), ("Hall",), 3),
    )
    assert found.days == ("Mon",)
    assert found.teachers == {"Ada", "Ben"}


def test_columns_in_any_order_with_semicolons_and_an_index(written) -> None:
    header = "\ufeffslot_index;teachers;event;slot;day;rooms;classes;colour\r\n"
    found = read_timetable(written(header + "7;Zoë;Kunst;2;Mo;;;red\r\n3;Zoë;Werken;1;Mo;;;red\r\n"))
    assert [(row.slot, row.position, row.teachers) for row in found.rows] == [("2", 7, ("Zoë",)), ("1", 3, ("Zoë",))]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "The column “day” is missing."),
        ("day,slot,event,teacher,classes,rooms\n", 1, "The column “teachers” is missing."),
        (HEADER, None, "There is nothing in this timetable."),
        (HEADER + "Mon,1,Choir,Ada,,\nMon,,Choir,Ada,,\n", 3, "The cell “slot” is empty."),
        (HEADER + "Mon,1,Choir,Ada\n", 2, "This row has 4 cells and the header has 6: a comma or a quote is wrong."),
        (HEADER + 'Mon,1,"Choir,Ada,,\n', 2, "The quotes in this row do not match."),
        (HEADER + f"Mon,1,Choir,{'a' * 151},,\n", 2, "A name in “teachers” is longer than 150 characters."),
        (HEADER + f"Mon,1,Choir,{'a|' * 200}a,,\n", 2, "There are more than 200 names in “teachers”."),
        (HEADER.encode() + b"Mon,1,Choir,Zo\xeb,,\n", 2, "The text is not in UTF-8"),
        (HEADER.encode() + b"Mon,1,Choir,Zo\0,,\n", 2, "There are empty bytes in the text"),
        ("slot_index," + HEADER + "-1,Mon,1,Choir,Ada,,\n", 2, "“slot_index” is not a whole number from 0 to 100000."),
        ("slot_index," + HEADER + "9999999999,Mon,1,Choir,Ada,,\n", 2, "“slot_index” is not a whole number"),
        ("slot_index," + HEADER + "²,Mon,1,Choir,Ada,,\n", 2, "“slot_index” is not a whole number"),
        (
            "slot_index," + HEADER + "1,Mon,1,Choir,Ada,,\n2,Mon,1,Band,Ben,,\n",
            3,
            "This slot has another index on line 2.",
        ),
    ],
)
def test_a_fault_says_where(written, text: str | bytes, line: int | None, sentence: str) -> None:
    ((file, at, reason),) = faults(written(text))
    assert (file, at) == ("week.csv", line)
    assert reason.startswith(sentence)


def test_subjects_and_bell_times(written) -> None:
    header = HEADER.replace("rooms", "rooms,subject,begins,ends")
    text = "Mon,1,Choir,Ada,,,Music,,\nMon,1,Band,Ben,,,Music,8:15,09:00\nMon,2,Band,Ben,,,,09:05,\nTue,1,Band,,,,,,\n"
    found = read_timetable(written(header + text))
    assert [(row.subject, row.begins, row.ends) for row in found.rows] == [
        ("Music", time(8, 15), time(9)),  # said on another line of the same slot
        ("Music", time(8, 15), time(9)),
        ("", time(9, 5), None),
        ("", None, None),
    ]
    assert found.slots == (
        Slot("Mon", "1", 0, time(8, 15), time(9)),
        Slot("Mon", "2", 1, time(9, 5)),
        Slot("Tue", "1", 2),
    )


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (",8.15,09:00", "A bell time is not written as hours and minutes, such as 08:15."),
        (",08:15,25:00", "A bell time is not written as hours and minutes, such as 08:15."),
        (",08:15,٠٩:٠٠", "A bell time is not written as hours and minutes, such as 08:15."),
        (",,09:00", "This slot has an end and no beginning."),
        (",09:00,09:00", "This slot ends before it begins."),
        (",08:10,09:00", "This slot has other bell times on line 2."),
        (f"{'m' * 151},,", "A name in “subject” is longer than 150 characters."),
    ],
)
def test_a_faulty_bell_says_where(written, cells: str, sentence: str) -> None:
    header = HEADER.replace("rooms", "rooms,subject,begins,ends")
    path = written(f"{header}Mon,1,Choir,Ada,,,,08:15,09:00\nMon,1,Band,Ben,,,{cells}\n")
    assert faults(path) == [("week.csv", 3, sentence)]


def test_every_faulty_line_is_told_up_to_a_hundred(written) -> None:
    path = written(HEADER + "Mon,1,,Ada,,\n" * 3 + "Mon,1,Choir,Ada,,\n")
    assert [line for _file, line, _reason in faults(path)] == [2, 3, 4]
    assert len(faults(written(HEADER + ",1,Choir,Ada,,\n" * 5_000))) == 100


def test_what_is_no_sheet_is_refused(tmp_path: Path, written) -> None:
    assert faults(tmp_path) == [(tmp_path.name, None, "This is not a file.")]
    assert faults(tmp_path / "absent.csv") == [("absent.csv", None, "There is no file here that can be read.")]
    assert faults(Path("nul\0byte"))[0][2] == "There is no file here that can be read."
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate((16 << 20) + 1)
    assert faults(large) == [("large.csv", None, "The file is larger than 16 MB, which no timetable needs.")]


def test_rows_without_end_are_refused(written, monkeypatch) -> None:
    monkeypatch.setattr("sidebyside.calendars.timetables.plain.MOST_ROWS", 2)
    assert len(read_timetable(written(HEADER + "Mon,1,Choir,Ada,,\n" * 2)).rows) == 2
    sentence = "There are more than 2 rows, which no timetable needs."
    assert faults(written(HEADER + "Mon,1,Choir,Ada,,\n" * 9)) == [("week.csv", 4, sentence)]
