"""Visits that lie behind, that wait for cover, or that need another time, for walks through the test world's pages."""

from datetime import timedelta

from sidebyside.calendars.slots import Span
from sidebyside.demo.world import World
from sidebyside.visits import actions
from sidebyside.visits.models import Visit
from sidebyside.visits.queries import lessons_to_visit

DAY = timedelta(days=1)


def furnish(world: World) -> None:
    """Of Ana and Ben: one visit of which nobody has said whether it took place, one that did and is not logged, and one
    that waits for cover."""
    _visit(world, -6)
    actions.hold(_visit(world, -4), by=world.ana, at=world.at)
    day = (world.at + 21 * DAY).date()
    found = lessons_to_visit(observed=world.ben, observer=world.ana, begin=day, end=day + 6 * DAY, at=world.at).found
    key = next(one.lesson.key for one in found if one.to_cover)
    actions.book(world.ana_and_ben, observed=world.ben, observer=world.ana, lesson=key, by=world.ben, at=world.at)


def furnish_more(world: World) -> None:
    """As well one that lost its time, one by video, and a meeting that waits for Ben."""
    furnish(world)
    actions.say(_visit(world, 21), comes=False, by=world.ana, at=world.at)
    _visit(world, 22, way=Visit.Way.VIDEO)
    begin = _evening(world, 24)
    actions.meet(world.ana_and_ben, begin=begin, end=begin + timedelta(minutes=30), by=world.ana, at=world.at)


def _visit(world: World, days: int, **more: str) -> Visit:
    """A visit so many days from now; one that lies behind was booked before."""
    begin = _evening(world, days)
    span, at = Span(begin, begin + timedelta(minutes=45)), min(world.at, begin - 3 * DAY)
    return actions.book(
        world.ana_and_ben, observed=world.ben, observer=world.ana, lesson=span, room="Hall", by=world.ben, at=at, **more
    )


def _evening(world: World, days: int):
    return (world.at + days * DAY).replace(hour=19, minute=0, second=0, microsecond=0)
