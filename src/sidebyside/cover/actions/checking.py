"""Whether somebody can take a lesson: asked after her days were taken, inside the transaction that books her."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.booking_days import days_touched, take_days
from sidebyside.calendars.queries import zone_at
from sidebyside.calendars.slots import Span
from sidebyside.cover.models import CoverOffer, CoverRequest, SubstituteDay
from sidebyside.cover.queries import State, counts_of, limits_of, rules_of, school_day
from sidebyside.people.models import Person

Kind = CoverOffer.Kind


def take_days_for(school: int, times: Iterable[tuple[Person | int | None, datetime, datetime]]) -> None:
    """Take the days of these persons (None: somebody from outside, who has none) for these times."""
    zone = str(zone_at(school))
    take_days(
        (who if isinstance(who, int) else who.pk, on)
        for who, begin, end in times
        if who is not None
        for on in days_touched(begin, end, zone)
    )


def given_another(name: str) -> str:
    """What who books somebody is told when another was quicker."""
    return _("%(name)s was just given another lesson at that time.") % {"name": name}


class Checks:
    """What is known of some persons on a day of a school. The number of queries does not depend on how many.

    Requests of the ids in `but` are left out: an offer is not in the way of what replaces it.
    """

    def __init__(
        self, school: int, on: date, people: Iterable[Person], *, at: datetime, but: Collection[int] = ()
    ) -> None:
        by_pk = {person.pk: person for person in people}
        rules = rules_of(school)
        self._but = but
        self._day = school_day(school, on, people=by_pk)
        self._counts = counts_of(rules, by_pk, on=on, at=at, but=but)
        self._limits = limits_of(rules, by_pk)
        self._more: Counter[int] = Counter()

    def must_be_free(self, person: Person, request: CoverRequest, *, kind: str) -> None:
        """Raises Refused where she cannot take this lesson: away, teaching (two classes together apart), or engaged.
        What she does when she is not free is not said."""
        span, name = Span(request.begin, request.end), {"name": person.name}
        if person.pk == request.person_id:
            raise Refused(_("This is her own lesson."))
        if self._day.covers(person.pk, span, but={*self._but, request.pk}):
            raise Refused(given_another(person.name))
        state = self._day.state(person.pk, span, but={*self._but, request.pk})
        if state is State.AWAY:
            raise Refused(_("%(name)s is away then.") % name)
        if state is State.TEACHES and kind != Kind.TOGETHER:
            raise Refused(_("%(name)s teaches then.") % name)
        if state is State.NOT_FREE:
            raise Refused(_("%(name)s is not free then.") % name)

    def must_be_within_limits(self, person: Person) -> None:
        """Raises Refused where she has as many covers as the school or her own limits allow."""
        left, name = self._counts[person.pk].left(self._limits[person.pk]), {"name": person.name}
        if left is None or left > self._more[person.pk]:
            return
        sentences = {
            "day": _("%(name)s has as many covers as allowed on that day."),
            "week": _("%(name)s has as many covers as allowed in that week."),
            "term": _("%(name)s has as many covers as allowed this term."),
        }
        raise Refused(sentences[self._counts[person.pk].reached(self._limits[person.pk]) or "day"] % name)

    def must_still_take(self, offer: CoverOffer) -> None:
        """Raises Refused where who was proposed can no longer take the lesson. What the desk keeps is beyond limits."""
        if offer.person is not None:
            self.must_be_free(offer.person, offer.request, kind=offer.kind)
            if offer.kind != Kind.SWAP and offer.locked_at is None:
                self.must_be_within_limits(offer.person)
        elif offer.substitute is not None:
            must_have_time(offer.substitute, offer.request)

    def took(self, offer: CoverOffer) -> None:
        """This offer stands from now on: it is in the way of those that are looked at after it."""
        for own in self._day.offers.get(offer.person_id or 0, ()):
            if own.pk == offer.pk:
                own.asked_at = offer.asked_at
        if offer.kind != Kind.SWAP and offer.locked_at is None:
            self._more[offer.person_id or 0] += 1


def must_not_have_declined(person: Person, request: CoverRequest) -> None:
    """Raises Refused where somebody said no to this lesson."""
    if CoverOffer.objects.filter(request=request, person=person, no_at__isnull=False).exists():
        raise Refused(_("%(name)s said no to this lesson.") % {"name": person.name})


def must_have_time(substitute: SubstituteDay, request: CoverRequest) -> None:
    """Raises Refused where a substitute is not there for the whole lesson or takes another then. Takes her day."""
    held = SubstituteDay.objects.select_for_update().get(pk=substitute.pk)
    there = held.ended_at is None and held.school_id == request.school_id
    if not (there and held.begin <= request.begin and request.end <= held.end):
        raise Refused(_("%(name)s is not there for the whole of this lesson.") % {"name": held.name})
    alive = CoverOffer.objects.filter(substitute=held, no_at=None, withdrawn_at=None).exclude(request=request)
    standing = alive.exclude(locked_at=None, asked_at=None, yes_at=None)
    if standing.filter(begin__lt=request.end, end__gt=request.begin).exists():
        raise Refused(given_another(held.name))
