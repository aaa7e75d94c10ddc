"""A whole day of a cover desk over the database: twenty of a school are away, and all is planned anew.

Run as `python -m benchmarks.cover_day [TIMETABLE.csv]`; without a timetable of your own a school of 80 is made from a
fixed seed. It works on an installation of its own that goes when it ends, and prints the seconds of each act.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path

AWAY = 20
TURNS = 5
MINUTES, BREAK, SLOTS = 45, 5, 20


def main(path: str | None) -> None:
    """Make the school, mark twenty away, and time what the desk does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.config.settings")
    import django

    django.setup()

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from sidebyside.cover import actions

    school, people, on, desk, at = _school(path)
    away = random.Random(1).sample(people, AWAY)
    begin = datetime.combine(on, clock(), UTC)
    with timed("mark twenty away, one after the other"):
        for person in away:
            actions.mark_away(person, school=school, begin=begin, end=begin + timedelta(days=1), by=desk, at=at)
    for turn in range(TURNS):
        with CaptureQueriesContext(connection) as counted, timed(f"propose, time {turn + 1}"):
            found = actions.propose(school, on=on, by=desk, at=at)
    print(f"{found.found} found, {found.open} open, proved: {found.proved}, queries: {len(counted)}")
    print(f"{found.seconds:.3f} s of the solver and its problem")
    with timed("send out"):
        asked, _faults = actions.send_out(school, on=on, by=desk, at=at)
    print(f"{asked} asked")
    with timed("plan anew with all that is asked"):
        actions.propose(school, on=on, by=desk, at=at)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long something took by the wall clock."""
    began = time.perf_counter()
    yield
    print(f"{time.perf_counter() - began:6.3f} s  {what}")


def _school(path: str | None):
    from django.core.management import call_command

    from sidebyside.base.master_key import master_key
    from sidebyside.calendars.actions.timetables import apply_import
    from sidebyside.calendars.timetables import plain, records
    from sidebyside.people.models import Person
    from sidebyside.places.actions import add_place, give_post
    from sidebyside.places.models import Place

    call_command("migrate", verbosity=0)
    call_command("migrate", database="keys", verbosity=0)
    master_key()
    read = plain.read_timetable(Path(path)) if path else records.Timetable(tuple(_rows(records)), ("D1",))
    at = datetime(2026, 11, 23, 5, tzinfo=UTC)
    school = add_place(kind=Place.Kind.SCHOOL, name="School", parent=None, by=None, at=at)
    people = {}
    for name in sorted(read.teachers):
        people[name] = Person.objects.create(given_name=name, email=f"{name.lower()}@example.org")
        give_post(people[name], place=school, title="", from_date=at.date(), at=at)
    desk = Person.objects.create(given_name="Desk", email="desk@example.org")
    rows = [
        replace(row, begins=begins, ends=ends)
        for row, (begins, ends) in ((row, _bells(row.position % SLOTS)) for row in read.rows)
    ]
    ids = {name: person.pk for name, person in people.items()}
    apply_import(
        records.Timetable(tuple(rows), read.days), school=school, name="Now", begin=at.date(),
        end=at.date() + timedelta(days=60), way="rotating", weekdays=range(5), by=desk, at=at, teachers=ids,
    )  # fmt: skip
    on_day = read.days[0]
    teaching = sorted({name for row in read.rows if row.day == on_day for name in row.teachers})
    return school, [people[name] for name in teaching], at.date(), desk, at


def _bells(position: int) -> tuple[clock, clock]:
    # (times of a day alone: no zone is meant)
    begin = datetime(2026, 1, 1, 7) + timedelta(minutes=position * (MINUTES + BREAK))  # noqa: DTZ001
    return begin.time(), (begin + timedelta(minutes=MINUTES)).time()


def _rows(records) -> Iterator:
    chance = random.Random(7)
    for teacher in range(80):
        for slot in chance.sample(range(8), chance.randint(4, 7)):
            yield records.TimetableRow(
                "D1",
                str(slot + 1),
                slot,
                f"E{teacher}",
                (f"T{teacher}",),
                (f"C{teacher % 20}",),
                (),
                1,
                f"S{teacher % 9}",
            )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="sidebyside-benchmark-") as folder:
        os.environ["SIDEBYSIDE_HOME"] = f"{folder}/home"
        os.environ["SIDEBYSIDE_KEYS"] = f"{folder}/keys"
        os.makedirs(f"{folder}/home")
        main(sys.argv[1] if len(sys.argv) > 1 else None)
