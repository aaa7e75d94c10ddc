"""Days on which the timetable is another, and terms."""

from datetime import date, timedelta

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.special_days import add_term, remove_special_day, remove_term, set_special_day
from sidebyside.calendars.models import SpecialDay, Term
from sidebyside.calendars.queries import lessons_of, terms_at
from tests.calendars.timetable_files import BEGIN, END, bells, taken_in

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"on": BEGIN - DAY, "kind": "closed"}, "This timetable holds from"),
        ({"on": END, "until": END + DAY, "kind": "closed"}, "This timetable holds from"),
        ({"on": BEGIN, "until": BEGIN - DAY, "kind": "closed"}, "The last day is before the first."),
        ({"on": BEGIN, "until": BEGIN + 100 * DAY, "kind": "closed"}, "more than 100 days at once"),
        ({"on": BEGIN, "kind": "shorter"}, "Say what is different"),
        ({"on": BEGIN, "kind": "follows"}, "Say which day"),
        ({"on": BEGIN, "kind": "follows", "follows": 2}, "Say which day"),
        ({"on": BEGIN, "kind": "bells"}, "at least one period"),
        ({"on": BEGIN, "kind": "bells", "bells": {7: bells("08:00", "09:00")}}, "no such period"),
        ({"on": BEGIN, "kind": "bells", "bells": {1: bells("09:00", "08:00")}}, "“1” ends before it begins."),
    ],
)
def test_what_cannot_be_is_refused(world, said, sentence) -> None:
    timetable = taken_in(world)
    with pytest.raises(Refused, match=sentence):
        set_special_day(timetable, by=world.olu, at=world.at, **said)
    assert not SpecialDay.objects.exists()


def taught(world, begin: date, days: int) -> list[str]:
    return [
        f"{one.on:%d} {one.event} {one.span.begin:%H:%M}"
        for one in lessons_of([world.ben.pk], begin=begin, end=begin + (days - 1) * DAY)
    ]


def test_each_kind_changes_what_is_taught(world) -> None:
    timetable = taken_in(world)
    assert taught(world, BEGIN, 3) == ["04 Sc7 08:00", "05 Sc8 08:00"]
    said = {"by": world.olu, "at": world.at}
    assert set_special_day(timetable, on=BEGIN, until=BEGIN + DAY, kind="closed", **said) == 2
    assert taught(world, BEGIN, 3) == []
    set_special_day(timetable, on=BEGIN + 2 * DAY, kind="follows", follows=1, **said)
    assert taught(world, BEGIN, 3) == ["06 Sc8 08:00"]
    set_special_day(timetable, on=BEGIN, kind="bells", bells={2: bells("08:30", "09:00")}, **said)
    assert taught(world, BEGIN, 1) == ["04 Sc7 07:30"]
    assert SpecialDay.objects.count() == 3
    remove_special_day(SpecialDay.objects.get(on=BEGIN), **said)
    assert taught(world, BEGIN, 1) == ["04 Sc7 08:00"]


def test_terms_do_not_overlap_at_one_place(world) -> None:
    said = {"by": world.olu, "at": world.at}
    autumn = add_term(world.linden, name=" Autumn  term ", begin=BEGIN, end=END, **said)
    assert autumn.name == "Autumn term"
    for begin, end in ((END, END + 9 * DAY), (BEGIN - DAY, BEGIN), (BEGIN + DAY, BEGIN + 2 * DAY)):
        with pytest.raises(Refused, match="overlaps with the term from"):
            add_term(world.linden, name="Other", begin=begin, end=end, **said)
    for begin, end in ((END + DAY, END + DAY), (END + 9 * DAY, END + DAY)):
        with pytest.raises(Refused):
            add_term(world.linden, name="Other", begin=begin, end=end, **said)
    district = add_term(world.harbour, name="District", begin=BEGIN - DAY, end=END, **said)
    assert terms_at(world.linden.pk, begin=BEGIN, end=END) == [autumn]
    remove_term(autumn, **said)
    assert terms_at(world.linden.pk, begin=BEGIN, end=END) == [district]
    assert not Term.objects.filter(place=world.linden).exists()
