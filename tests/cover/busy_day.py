"""A day of Linden's cover desk with something in every state, for whoever looks at all its pages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from sidebyside.base.signed import signed
from sidebyside.calendars.queries import zone_at
from sidebyside.cover import actions
from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.cover.queries import ANSWER_PURPOSE, next_school_day, today_at
from sidebyside.demo.world import World

Kind = CoverOffer.Kind


@dataclass(frozen=True)
class BusyDay:
    """The day, its requests in the order of time, and the secrets of questions: asked, accepted, withdrawn."""

    on: date
    requests: list[CoverRequest]
    secrets: list[str]


def furnish(world: World) -> BusyDay:
    """Lena is away all day, Ben for a while; one lesson is asked of Ana, one taken by a substitute, one kept for a
    leader, one declined, the rest open. Limits hold, and Ana has her own."""
    linden, olu, at = world.linden, world.olu, timezone.now()
    on = next_school_day(linden.pk, today_at(linden.pk, at=at))
    assert on is not None

    def moment(hour: int, minute: int = 0) -> datetime:
        return datetime.combine(on, time(hour, minute), zone_at(linden.pk))

    desk = {"by": olu, "at": at}
    actions.set_rules(linden, most_a_day=2, most_a_week=4, most_a_term=None, window="term", **desk)
    own = {"most_a_day": 1, "most_a_week": None, "most_a_term": 9}
    actions.set_limit(world.ana, school=linden, **own, **desk)
    day = {"begin": moment(0), "end": moment(0) + timedelta(days=1)}
    actions.mark_away(world.lena, school=linden, **day, **desk)
    actions.mark_away(world.ben, school=linden, begin=moment(8), end=moment(10), **desk)
    rosa = actions.add_substitute_day(linden, name="Rosa Klein", begin=moment(8), end=moment(15), **desk)
    waiting = CoverRequest.objects.filter(school=linden, on=on, cancelled_at=None).order_by("begin", "pk")
    requests = list(waiting)
    actions.change_notes(requests[0], text="Page 14.\nThe key is in the desk.", by=requests[0].person, at=at)
    secrets = []
    first = actions.choose(requests[0], kind=Kind.ADMINISTRATOR, person=world.dara, **desk)
    actions.send(first, **desk)
    secrets.append(signed(ANSWER_PURPOSE, first.pk))
    actions.send(actions.choose(requests[1], kind=Kind.SUBSTITUTE, substitute=rosa, **desk), **desk)
    third = actions.choose(requests[2], kind=Kind.ADMINISTRATOR, person=world.dara, **desk)
    actions.send(third, agreed=True, **desk)
    secrets.append(signed(ANSWER_PURPOSE, third.pk))
    if len(requests) > 3:
        fourth = actions.choose(requests[3], kind=Kind.ADMINISTRATOR, person=world.dara, beyond_limit=True, **desk)
        actions.send(fourth, **desk)
        actions.say_no(fourth, by=world.dara, at=at)
        secrets.append(signed(ANSWER_PURPOSE, fourth.pk))
    actions.propose(linden, on=on, **desk)
    return BusyDay(on, requests, secrets)
