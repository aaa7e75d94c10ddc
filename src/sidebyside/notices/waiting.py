"""What waits for a person: one question with an arm for each source."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled
from sidebyside.journals.models import Entry
from sidebyside.notices.arms import arm
from sidebyside.notices.commons_waiting import commons_waiting
from sidebyside.notices.cover_waiting import cover_waiting
from sidebyside.notices.lessons_waiting import lessons_waiting
from sidebyside.notices.shapes import Waiting, Who
from sidebyside.notices.visits_waiting import visits_waiting
from sidebyside.partnerships.models import Agreement, HelpOffer, Member, Proposal, Signature, Wish
from sidebyside.people.models import Ownership, Person
from sidebyside.policy import SIGHTS, Shape, Standing, of_my_partnerships, standing_values
from sidebyside.summaries.models import Answer, Consent, Plan, PlanRelease, Summary, SummaryRelease
from sidebyside.visits.models import CalendarConsent, CalendarRelease, CalendarRemark, PlannedVisit

LATELY = timedelta(days=14)
SOON = timedelta(hours=36)  # cover that nobody has taken by then is told: the day before, at the latest

# Every kind, in the order in which it is told: what others wait for comes first, news come last.
ORDER = (
    "proposal",  # about: the proposal that asks her; partnership: the one somebody would join
    "cover_question",  # about: the request for a lesson she was asked to take; who: at the desk; at: when it begins
    "cover_desk",  # number: for how many lessons of the next day and a half nobody was asked, for the cover desk
    "how_to_go_on",  # about: the partnership whose member left; who: that member
    "visit_lost",  # about: the visit of which a part needs another time; who: who cannot come
    "visit_cover_open",  # about: the visit for which nobody takes the lesson yet, and it is soon
    "visit_invitation",  # about: the visit that asks whether she comes; who: who booked it
    "meeting_invitation",  # about: the appointment of a meeting that asks so; who: who made it
    "meeting_declined",  # about: the appointment she made to which somebody cannot come; who: that member
    "visit_over",  # about: the visit of which nobody has said whether it took place
    "wishes",  # number: how many wishes for a coach are open at her places
    "second_owner",  # she is the only owner
    "signature",  # about: the agreement she has not signed; who: who wrote this version
    "summary_consent",  # about: the cycle whose summary waits for her consent
    "plan_consent",  # about: the plan that waits for her consent
    "publication_consent",  # about: the lesson whose publication waits for her consent; who: who wrote it down
    "calendar_consent",  # about: the release of their calendar that waits for her consent; who: who proposed it
    "term_proposed",  # about: a partnership to which visits of a term are proposed; who: the other member
    "calendar_remark",  # about: the remark of a leader that no member has read; who: the leader
    "shown_calendar",  # about: the release that shows her a calendar she has not opened; who: who proposed it
    "released_plan",  # about: the plan shown to her that she has not opened; who: who released it
    "released_summary",
    "lesson_question",  # about: her lesson about which a question or a suggestion is open; who: who made the latest
    "rating_asked",  # about: the lesson that a partner asks her to rate; who: that partner
    "answer",  # about: the plan that was answered lately; who: who answered
    "lesson_answer",  # about: the lesson in which somebody answered her lately; who: that member
    "reflection",  # about: the entry that a partner shared lately; who: its author
    "thanks",  # about: the published lesson for which somebody thanks its makers; who: that person
    "twins",  # about: one of two entries of the log that may be one talk
    "help_offer",  # about: the offer; who: the facilitator
    "not_this_time",  # about: her proposal that was closed, to put away
)
ASKED = ("asked", "wish")  # what she asked herself and awaits: her open proposal, her open wish


def waiting_for(me: Standing, *, at: datetime) -> list[Waiting]:
    """Everything that waits for her in these tables, and what she asked and awaits. One query."""
    rows = _question(Shape.of(me)).rows(standing_values(me, lately=at - LATELY, now=at, soon=at + SOON))
    return [_item(row) for row in rows]


def _item(row: tuple[Any, ...]) -> Waiting:
    kind, about, partnership, person, given, family, moment, number = row
    who = Who(person, given, family) if person is not None else None
    return Waiting(kind, about, partnership, who, moment, number)


@asked_often
def _question(shape: Shape) -> Compiled:
    marks = Marks()
    me, lately, now = shape.marked(marks), marks.moment("lately"), marks.moment("now")
    soon = marks.moment("soon")
    time = [*visits_waiting(me, lately=lately, now=now, soon=soon), *cover_waiting(me, now=now, soon=soon)]
    time += [*lessons_waiting(me, lately=lately), *commons_waiting(me)]
    first, *others = [*_asked_of(me), *_in_partnerships(me, lately, now), *time, *_shown_to(me), *_roles(me)]
    return compiled(first.union(*others, all=True), marks)


def _asked_of(me: Standing) -> Iterator[QuerySet]:
    """Proposals that ask her, and what became of her own."""
    mine = Proposal.objects.filter(by=me.person_id, formed_at=None)
    asking = Proposal.objects.filter(SIGHTS[Proposal](me, False), closed_at=None, formed_at=None)
    asked = asking.filter(seats__person=me.person_id, seats__accepted_at=None)
    yield arm("proposal", asked, partnership="joining_id", who="by", at="at")
    yield arm("not_this_time", mine.filter(closed_at__isnull=False), partnership="joining_id", at="closed_at")
    yield arm("asked", mine.filter(closed_at=None), partnership="joining_id", at="at")
    yield arm("wish", Wish.objects.filter(person=me.person_id, closed_at=None), at="at")


def _in_partnerships(me: Standing, lately: datetime, now: datetime) -> Iterator[QuerySet]:
    """What members of her partnerships wait for, and what is new there."""
    if not me.partnerships:
        return
    going = Q(partnership__ended_at=None)

    def seen(model: Any) -> QuerySet:
        return model.objects.filter(SIGHTS[model](me, False) & of_my_partnerships(me) & going)

    newer = Agreement.objects.filter(partnership=OuterRef("partnership"), number__gt=OuterRef("number"))
    signed = Signature.objects.filter(agreement=OuterRef("pk"), person=me.person_id)
    unsigned = seen(Agreement).filter(~Exists(newer), ~Exists(signed))
    yield arm("signature", unsigned, partnership="partnership_id", who="written_by", at="written_at")
    for kind, model, field in (("summary_consent", Summary, "summary"), ("plan_consent", Plan, "plan")):
        consents = Consent.objects.filter(**{field: OuterRef("pk"), "version": OuterRef("version")})
        hers = consents.filter(person=me.person_id)
        # Somebody else agreed that it may be shown: that is how they ask her.
        unsaid = seen(model).filter(Exists(consents), ~Exists(hers))
        if model is Plan:
            unsaid = unsaid.filter(~Exists(Plan.objects.filter(cycle=OuterRef("cycle"), pk__gt=OuterRef("pk"))))
        about = "pk" if model is Plan else "cycle_id"  # a cycle has one summary, and may have plans
        yield arm(kind, unsaid, about=about, partnership="partnership_id", who="changed_by", at="changed_at")
    agreed = CalendarConsent.objects.filter(release=OuterRef("pk"), person=me.person_id)
    proposed = seen(CalendarRelease).filter(~Exists(agreed), withdrawn_at=None)
    yield arm("calendar_consent", proposed, partnership="partnership_id", who="by", at="at")
    planned = seen(PlannedVisit).filter(taken_at=None, passed_over_at=None, plan__put_away_at=None, begin__gt=now)
    # Who had it proposed knows of it.
    planned = planned.exclude(plan__made_by=me.person_id, plan__partnership__isnull=False)
    others = Member.objects.filter(left_at=None).exclude(person=me.person_id)
    proposed_to = others.filter(partnership__in=planned.values("partnership"), partnership__rested_at=None)
    first = proposed_to.exclude(Exists(others.filter(partnership=OuterRef("partnership"), pk__lt=OuterRef("pk"))))
    yield arm("term_proposed", first, about="partnership_id", partnership="partnership_id", who="person")
    remarks = seen(CalendarRemark).filter(read_at=None).exclude(by=me.person_id)
    yield arm("calendar_remark", remarks, partnership="partnership_id", who="by", at="at")
    answers = seen(Answer).filter(at__gte=lately).exclude(by=me.person_id)
    yield arm("answer", answers, about="plan_id", partnership="partnership_id", who="by", at="at")
    shared = seen(Entry).filter(shared_at__gte=lately, removed_at=None, cycle__ended_at=None)
    shared = shared.exclude(author=me.person_id)
    yield arm("reflection", shared, partnership="partnership_id", who="author", at="shared_at")
    offers = seen(HelpOffer).filter(put_away_at=None)
    yield arm("help_offer", offers, partnership="partnership_id", who="by", at="at")


def _shown_to(me: Standing) -> Iterator[QuerySet]:
    """Plans and summaries that were released to her and not opened yet."""
    fresh = {"to": me.person_id, "withdrawn_at": None, "opened_at": None}
    yield arm("released_plan", PlanRelease.objects.filter(**fresh), about="plan_id", who="by", at="at")
    calendars = CalendarRelease.objects.filter(**fresh, in_force_at__isnull=False)
    yield arm("shown_calendar", calendars, who="by", at="in_force_at")
    yield arm("released_summary", SummaryRelease.objects.filter(**fresh), about="summary_id", who="by", at="at")


def _roles(me: Standing) -> Iterator[QuerySet]:
    """What waits for facilitators and for owners."""
    herself = Person.objects.filter(pk=me.person_id)
    if me.roles:
        wishes = Wish.objects.filter(SIGHTS[Wish](me, True), closed_at=None).exclude(person=me.person_id)
        counted = wishes.order_by().values("closed_at").annotate(number=Count("pk")).values("number")
        number = Coalesce(Subquery(counted), 0, output_field=IntegerField())
        yield arm("wishes", herself.annotate(open_wishes=number).filter(open_wishes__gt=0), number=F("open_wishes"))
    if me.is_owner:
        others = Ownership.objects.filter(ended_at=None).exclude(person=me.person_id)
        yield arm("second_owner", herself.filter(~Exists(others)))
