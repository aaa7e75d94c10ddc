"""What is next, what waits, what is stuck: for home, and for whatever else tells a person so."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone

from sidebyside.cycles.queries import MOVING_FOR
from sidebyside.notices.coming import coming_to
from sidebyside.notices.shapes import Coming, Home, Next, Stuck, Waiting, Work
from sidebyside.notices.waiting import ASKED, ORDER, waiting_for
from sidebyside.notices.work import twins_of, work_of
from sidebyside.people.models import Person
from sidebyside.policy import Standing

RANK = {kind: rank for rank, kind in enumerate(ORDER)}
NEXT_RANK = ("step", "stage", "begin")


def home(person: Person, standing: Standing, *, at: datetime) -> Home:
    """What is next for her, what waits for her, what is stuck, and her partnerships, the liveliest first.

    `standing` is what she is (policy.standing). Five queries and one to the key store, whatever there is.
    """
    if standing.person_id != person.pk:
        raise ValueError("This is the standing of somebody else.")
    work = work_of(standing, at=at)
    items = [*waiting_for(standing, at=at), *twins_of(standing, at=at), *_left_behind(work)]
    waiting = [item for item in items if item.kind not in ASKED]
    return Home(
        next=next_of(work, coming_to(standing, at=at)),
        waiting=tuple(sorted(waiting, key=lambda item: (RANK[item.kind], -_seconds(item.at)))),
        stuck=tuple(stuck(work, at=at)),
        partnerships=tuple(sorted(work, key=lambda one: (one.rested_at is not None, not one.goes_on, -one.pk))),
        asked=tuple(item for item in items if item.kind in ASKED),
    )


def next_of(work: Sequence[Work], coming: Sequence[Coming] = ()) -> Next | None:
    """The one thing that is next: her step with the earliest date, or an appointment that is not later than it; else
    the stage of what moved last; else a cycle to begin. `coming` in the order of time."""
    going = [Next(_kind(one), one) for one in work if one.goes_on]
    best = min(going, key=_how_soon, default=None)
    by_id = {one.pk: one for one in work}
    first = next((one for one in coming if one.partnership in by_id), None)
    if first is None or (best is not None and best.work.step and best.work.step.by_date < _date(first.begin)):
        return best
    return Next("coming", by_id[first.partnership], first)


def _date(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _kind(work: Work) -> str:
    return "step" if work.step else "stage" if work.cycle else "begin"


def _how_soon(found: Next) -> tuple[int, float]:
    work = found.work
    if work.step:
        return NEXT_RANK.index("step"), work.step.by_date.toordinal()
    last = max(_seconds(work.stage_since), _seconds(work.latest_contact), _seconds(work.formed_at))
    return NEXT_RANK.index(found.kind), -last


def stuck(work: Sequence[Work], *, at: datetime) -> Iterator[Stuck]:
    """Cycles that were paused, and partnerships without a contact for 14 days. A partnership that rests is not
    stuck, and a new one is not either."""
    for one in work:
        if one.rested_at is not None:
            continue
        if one.paused_at is not None:
            yield Stuck("paused", one, one.paused_at)
        elif one.state == "quiet" and one.formed_at <= at - MOVING_FOR:
            yield Stuck("quiet", one, one.latest_contact)


def _left_behind(work: Sequence[Work]) -> Iterator[Waiting]:
    """Partnerships whose member left: the others are asked how to go on."""
    for one in work:
        if one.asks_how_to_go_on_at is not None and not one.me.has_left:
            gone = next((who for who in one.others if who.has_left), None)
            yield Waiting("how_to_go_on", one.pk, one.pk, gone, one.asks_how_to_go_on_at)


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
