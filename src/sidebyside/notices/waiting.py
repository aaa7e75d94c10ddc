"""What waits for a person: one question with an arm for each source."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled
from sidebyside.journals.models import Entry
from sidebyside.notices.shapes import Waiting, Who
from sidebyside.partnerships.models import Agreement, HelpOffer, Proposal, Signature, Wish
from sidebyside.people.models import Ownership, Person
from sidebyside.policy import SIGHTS, Shape, Standing, of_my_partnerships, standing_values
from sidebyside.summaries.models import Answer, Consent, Plan, PlanRelease, Summary, SummaryRelease
from sidebyside.visits.models import CalendarConsent, CalendarRelease, CalendarRemark

LATELY = timedelta(days=14)

# Every kind, in the order in which it is told: what others wait for comes first, news come last.
ORDER = (
    "proposal",  # about: the proposal that asks her; partnership: the one somebody would join
    "how_to_go_on",  # about: the partnership whose member left; who: that member
    "wishes",  # number: how many wishes for a coach are open at her places
    "second_owner",  # she is the only owner
    "signature",  # about: the agreement she has not signed; who: who wrote this version
    "summary_consent",  # about: the cycle whose summary waits for her consent
    "plan_consent",  # about: the plan that waits for her consent
    "calendar_consent",  # about: the release of their calendar that waits for her consent; who: who proposed it
    "calendar_remark",  # about: the remark of a leader that no member has read; who: the leader
    "shown_calendar",  # about: the release that shows her a calendar she has not opened; who: who proposed it
    "released_plan",  # about: the plan shown to her that she has not opened; who: who released it
    "released_summary",
    "answer",  # about: the plan that was answered lately; who: who answered
    "reflection",  # about: the entry that a partner shared lately; who: its author
    "twins",  # about: one of two entries of the log that may be one talk
    "help_offer",  # about: the offer; who: the facilitator
    "not_this_time",  # about: her proposal that was closed, to put away
)
ASKED = ("asked", "wish")  # what she asked herself and awaits: her open proposal, her open wish


def waiting_for(me: Standing, *, at: datetime) -> list[Waiting]:
    """Everything that waits for her in these tables, and what she asked and awaits. One query."""
    rows = _question(Shape.of(me)).rows(standing_values(me, lately=at - LATELY))
    return [_item(row) for row in rows]


def _item(row: tuple[Any, ...]) -> Waiting:
    kind, about, partnership, person, given, family, moment, number = row
    who = Who(person, given, family) if person is not None else None
    return Waiting(kind, about, partnership, who, moment, number)


@asked_often
def _question(shape: Shape) -> Compiled:
    marks = Marks()
    me, lately = shape.marked(marks), marks.moment("lately")
    first, *others = [*_asked_of(me), *_in_partnerships(me, lately), *_shown_to(me), *_roles(me)]
    return compiled(first.union(*others, all=True), marks)


NO_ID = Cast(Value(None), BigIntegerField())
NO_MOMENT = Cast(Value(None), DateTimeField())


def _arm(
    kind: str,
    of: QuerySet,
    *,
    about: Any = "pk",
    partnership: Any = NO_ID,
    who: str = "",
    at: Any = NO_MOMENT,
    number: Any = 0,
) -> QuerySet:
    words = CharField()
    return of.order_by().values_list(
        Value(kind, words),
        F(about) if isinstance(about, str) else about,
        F(partnership) if isinstance(partnership, str) else partnership,
        F(f"{who}_id") if who else NO_ID,
        F(f"{who}__given_name") if who else Value("", words),
        F(f"{who}__family_name") if who else Value("", words),
        F(at) if isinstance(at, str) else at,
        Value(number, IntegerField()) if isinstance(number, int) else number,
    )


def _asked_of(me: Standing) -> Iterator[QuerySet]:
    """Proposals that ask her, and what became of her own."""
    mine = Proposal.objects.filter(by=me.person_id, formed_at=None)
    asking = Proposal.objects.filter(SIGHTS[Proposal](me, False), closed_at=None, formed_at=None)
    asked = asking.filter(seats__person=me.person_id, seats__accepted_at=None)
    yield _arm("proposal", asked, partnership="joining_id", who="by", at="at")
    yield _arm("not_this_time", mine.filter(closed_at__isnull=False), partnership="joining_id", at="closed_at")
    yield _arm("asked", mine.filter(closed_at=None), partnership="joining_id", at="at")
    yield _arm("wish", Wish.objects.filter(person=me.person_id, closed_at=None), at="at")


def _in_partnerships(me: Standing, lately: datetime) -> Iterator[QuerySet]:
    """What members of her partnerships wait for, and what is new there."""
    if not me.partnerships:
        return
    going = Q(partnership__ended_at=None)

    def seen(model: Any) -> QuerySet:
        return model.objects.filter(SIGHTS[model](me, False) & of_my_partnerships(me) & going)

    newer = Agreement.objects.filter(partnership=OuterRef("partnership"), number__gt=OuterRef("number"))
    signed = Signature.objects.filter(agreement=OuterRef("pk"), person=me.person_id)
    unsigned = seen(Agreement).filter(~Exists(newer), ~Exists(signed))
    yield _arm("signature", unsigned, partnership="partnership_id", who="written_by", at="written_at")
    for kind, model, field in (("summary_consent", Summary, "summary"), ("plan_consent", Plan, "plan")):
        consents = Consent.objects.filter(**{field: OuterRef("pk"), "version": OuterRef("version")})
        hers = consents.filter(person=me.person_id)
        # Somebody else agreed that it may be shown: that is how they ask her.
        unsaid = seen(model).filter(Exists(consents), ~Exists(hers))
        if model is Plan:
            unsaid = unsaid.filter(~Exists(Plan.objects.filter(cycle=OuterRef("cycle"), pk__gt=OuterRef("pk"))))
        about = "pk" if model is Plan else "cycle_id"  # a cycle has one summary, and may have plans
        yield _arm(kind, unsaid, about=about, partnership="partnership_id", who="changed_by", at="changed_at")
    agreed = CalendarConsent.objects.filter(release=OuterRef("pk"), person=me.person_id)
    proposed = seen(CalendarRelease).filter(~Exists(agreed), withdrawn_at=None)
    yield _arm("calendar_consent", proposed, partnership="partnership_id", who="by", at="at")
    remarks = seen(CalendarRemark).filter(read_at=None).exclude(by=me.person_id)
    yield _arm("calendar_remark", remarks, partnership="partnership_id", who="by", at="at")
    answers = seen(Answer).filter(at__gte=lately).exclude(by=me.person_id)
    yield _arm("answer", answers, about="plan_id", partnership="partnership_id", who="by", at="at")
    shared = seen(Entry).filter(shared_at__gte=lately, removed_at=None, cycle__ended_at=None)
    shared = shared.exclude(author=me.person_id)
    yield _arm("reflection", shared, partnership="partnership_id", who="author", at="shared_at")
    offers = seen(HelpOffer).filter(put_away_at=None)
    yield _arm("help_offer", offers, partnership="partnership_id", who="by", at="at")


def _shown_to(me: Standing) -> Iterator[QuerySet]:
    """Plans and summaries that were released to her and not opened yet."""
    fresh = {"to": me.person_id, "withdrawn_at": None, "opened_at": None}
    yield _arm("released_plan", PlanRelease.objects.filter(**fresh), about="plan_id", who="by", at="at")
    calendars = CalendarRelease.objects.filter(**fresh, in_force_at__isnull=False)
    yield _arm("shown_calendar", calendars, who="by", at="in_force_at")
    yield _arm("released_summary", SummaryRelease.objects.filter(**fresh), about="summary_id", who="by", at="at")


def _roles(me: Standing) -> Iterator[QuerySet]:
    """What waits for facilitators and for owners."""
    herself = Person.objects.filter(pk=me.person_id)
    if me.roles:
        wishes = Wish.objects.filter(SIGHTS[Wish](me, True), closed_at=None).exclude(person=me.person_id)
        counted = wishes.order_by().values("closed_at").annotate(number=Count("pk")).values("number")
        number = Coalesce(Subquery(counted), 0, output_field=IntegerField())
        yield _arm("wishes", herself.annotate(open_wishes=number).filter(open_wishes__gt=0), number=F("open_wishes"))
    if me.is_owner:
        others = Ownership.objects.filter(ended_at=None).exclude(person=me.person_id)
        yield _arm("second_owner", herself.filter(~Exists(others)))
