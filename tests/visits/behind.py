"""Visits that lie behind, or that need another time, for a walk through the test world's pages."""

from datetime import timedelta

from sidebyside.calendars.slots import Span
from sidebyside.demo.world import World
from sidebyside.visits import actions
from sidebyside.visits.models import Visit

DAY = timedelta(days=1)


def furnish(world: World) -> None:
    """Of Ana and Ben: one visit of which nobody has said whether it took place, one that did and is not logged, one
    that lost its time, one by video, and a meeting that waits for Ben."""
    at = world.at - 9 * DAY
    evening = at.replace(hour=19, minute=0, second=0, microsecond=0)

    def visit(days: int, when=at, **more) -> Visit:
        begin = evening + days * DAY
        span = Span(begin, begin + timedelta(minutes=45))
        more = {"observed": world.ben, "observer": world.ana, "room": "Hall", **more}
        return actions.book(world.ana_and_ben, lesson=span, by=world.ben, at=when, **more)

    visit(3)
    actions.hold(visit(5), by=world.ana, at=world.at)
    actions.say(visit(30, world.at), comes=False, by=world.ana, at=world.at)
    visit(31, world.at, way=Visit.Way.VIDEO)
    begin = evening + 33 * DAY
    actions.meet(world.ana_and_ben, begin=begin, end=begin + timedelta(minutes=30), by=world.ana, at=world.at)
