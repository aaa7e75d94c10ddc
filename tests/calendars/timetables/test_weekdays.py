"""Names of days in many languages, and names that are none."""

import pytest
from babel.dates import get_day_names

from sidebyside.calendars.timetables.weekdays import LANGUAGES, guess_weekdays


@pytest.mark.parametrize(
    "names",
    [
        "",
        "Day1 Day2 Day3",
        "D1 D2 D3 D4 D5",
        "A B C D E",
        "1 2 3 4 5 6",
        "M T W T F",
        "Monday Tuesday Project",
        "Monday Mardi",
        "Teacher1 Teacher2",
        "Mon-P1 Mon-P2",
        "16/02/2026 17/02/2026",
    ],
)
def test_what_is_no_week_is_not_guessed(names: str) -> None:
    assert guess_weekdays(names.split()) is None
    assert guess_weekdays(["Monday"] * 401) is None


@pytest.mark.parametrize(
    ("names", "weekdays"),
    [
        ("Mon Tues Wed Thurs Fri", "01234"),
        ("MON TUE WED THU FRI SAT", "012345"),
        ("Monday Tueday Wednesday", "012"),  # a slip of a real school
        ("Monday Tuesday Wednesday Thursday Saturday", "01235"),
        ("Sunday Monday Tuesday", "601"),
        ("Monday Tuesday Monday2 Tuesday2", "0101"),
        ("gr_Mo gr_Tu gr_We gr_Th gr_Fr", "01234"),
        ("gr_Dilluns gr_Dimarts", "01"),
        ("Mo Di Mi Do Fr", "01234"),
        ("ma di wo do vr", "01234"),  # Dutch
        ("ma ti ke to pe", "01234"),  # Finnish
        ("Lu Ma Me Je Ve", "01234"),  # French
        ("1-maanantai 1-tiistai 2-maanantai 2-tiistai", "0101"),
        ("А-Понедельник А-Вторник В-Понедельник", "010"),
        ("Segunda Terça Quarta Quinta Sexta", "01234"),
        ("Lunedi Martedi Mercoledi", "012"),
        ("Luni Marti Miercuri Joi Vineri Sambata", "012345"),
        ("Δευτέρα Τρίτη Τετάρτη Πέμπτη Παρασκευή", "01234"),
        ("الاحد الاثنين الثلاثاء الأربعاء الخميس", "60123"),
        ("월 화 수 목 금", "01234"),
        ("月曜日 火曜日", "01"),
        ("Monday", "0"),
    ],
)
def test_a_week_is_recognised(names: str, weekdays: str) -> None:
    assert guess_weekdays(names.split()) == tuple(map(int, weekdays))


def test_names_of_several_words() -> None:
    assert guess_weekdays(["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm"]) == (0, 1, 2, 3)
    assert guess_weekdays(["شنبه", "یکشنبه", "دوشنبه", "سه شنبه"]) == (5, 6, 0, 1)
    assert guess_weekdays(["Δευτέρα 7/9", "Τρίτη 8/9", "Δευτερα 14/9"]) == (0, 1, 0)
    assert guess_weekdays(["lundi matin", "lundi soir", "mardi matin"]) == (0, 0, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_knows_its_own_week(language: str) -> None:
    wide = get_day_names("wide", "format", language)
    assert guess_weekdays([wide[day] for day in range(7)]) == tuple(range(7))
    assert guess_weekdays([wide[day].upper() for day in (6, 0, 1, 2, 3)]) == (6, 0, 1, 2, 3)
