"""What a roster means for partnerships: who leaves with it lets hers rest, who comes back stops the question."""

from collections.abc import Iterable

from sidebyside.base.models import Event
from sidebyside.partnerships.actions.leaving import rest_after_leaving, stop_asking
from sidebyside.partnerships.models import Member, Proposal, Seat, Wish

IN_ONE_GO = 500


def rest_after_roster(event: Event) -> None:
    """Reader of "roster.applied", which names everybody who left or returned with one import.

    Thousands may; only those who have to do with a partnership, a proposal or a wish cost more than their
    share of four queries for each five hundred.
    """
    for person in _concerned(event.particulars.get("left", ())):
        rest_after_leaving(Event(kind="person.left", about="person", about_id=person, by=event.by, at=event.at))
    for person in _concerned(event.particulars.get("returned", ())):
        stop_asking(Event(kind="person.returned", about="person", about_id=person, by=event.by, at=event.at))


def _concerned(people: Iterable[int]) -> list[int]:
    """Of these persons (ids), those who are in something, were asked, asked, or wish for something."""
    asked = list(people)
    found: set[int] = set()
    for start in range(0, len(asked), IN_ONE_GO):
        part = asked[start : start + IN_ONE_GO]
        found.update(Member.objects.filter(person__in=part, left_at=None).values_list("person", flat=True))
        found.update(Seat.objects.filter(person__in=part).values_list("person", flat=True))
        found.update(Proposal.objects.filter(by__in=part).values_list("by", flat=True))
        found.update(Wish.objects.filter(person__in=part, closed_at=None).values_list("person", flat=True))
    return sorted(found)
