"""Questions about cycles, for the pages of those who may see them and, as single words, for others."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Exists, Max, OuterRef, QuerySet

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled
from sidebyside.cycles.models import Contact, Cycle, Goal, Sheet, Step
from sidebyside.materials.content_shapes import CycleTemplate
from sidebyside.materials.queries import template
from sidebyside.partnerships.models import Member, Partnership

MOVING_FOR = timedelta(days=14)
Movement = Literal["moving", "resting", "quiet"]
Partnerships = QuerySet[Partnership] | Iterable[Partnership] | Iterable[int]


def movement(partnerships: Partnerships, *, at: datetime) -> dict[int, Movement]:
    """One word for each partnership, by its id: "resting" where they paused (the cycle or the partnership),
    else "moving" where they had a coaching contact in the last 14 days, else "quiet".

    Two queries for any number. An errand is no coaching contact; one to come does not count.
    """
    chosen = _chosen(partnerships)
    paused = Cycle.objects.filter(partnership=OuterRef("pk"), ended_at=None, paused_at__isnull=False)
    rows = Partnership.objects.filter(pk__in=chosen).annotate(paused=Exists(paused))
    recent = Contact.objects.filter(
        partnership__in=chosen, removed_at=None, began_at__gt=at - MOVING_FOR, began_at__lte=at
    )
    moving = set(recent.exclude(kinds=["errand"]).order_by().values_list("partnership_id", flat=True).distinct())
    words: dict[int, Movement] = {}
    for pk, rested_at, is_paused in rows.values_list("pk", "rested_at", "paused"):
        words[pk] = "resting" if rested_at or is_paused else "moving" if pk in moving else "quiet"
    return words


def latest_contact(partnerships: Partnerships) -> dict[int, datetime]:
    """When each partnership had its latest coaching contact, by its id; those without one are left out. One query."""
    coaching = Contact.objects.filter(partnership__in=_chosen(partnerships), removed_at=None).exclude(kinds=["errand"])
    latest = coaching.order_by().values("partnership_id").annotate(latest=Max("began_at"))
    return {row["partnership_id"]: row["latest"] for row in latest}


def running(partnerships: Partnerships) -> dict[int, Cycle]:
    """The cycle that each partnership is in (also a paused one), with its template version, by the partnership's id."""
    cycles = Cycle.objects.filter(partnership__in=_chosen(partnerships), ended_at=None)
    return {cycle.partnership_id: cycle for cycle in cycles.select_related("template")}


def next_steps(partnerships: Partnerships) -> dict[int, Sheet]:
    """The next step each partnership wrote in its running cycle, by the partnership's id. Its text is sealed: open it
    with the vault, for members alone. One query."""
    sheets = Sheet.objects.filter(
        partnership__in=_chosen(partnerships), cycle__ended_at=None, kind=Sheet.Kind.NEXT_STEP
    )
    return {sheet.partnership_id: sheet for sheet in sheets}


def members_and_persons(partnership: Partnership) -> list[Member]:
    """Who is in a partnership today, in the order in which they joined: with persons alone, for the page that is
    opened most. What `partnerships.queries` asks of this partnership afterwards costs nothing more."""
    # (`current` is what `with_members` of partnerships brings along; no field of the model)
    partnership.current = _members_question().records({"partnership": partnership.pk})  # type: ignore[attr-defined]
    return partnership.current  # type: ignore[attr-defined]


@asked_often
def _members_question() -> Compiled:
    marks = Marks()
    members = Member.objects.filter(partnership=marks.number("partnership"), left_at=None)
    return compiled(members.select_related("person").order_by("joined_at", "pk"), marks)


def template_of(cycle: Cycle) -> CycleTemplate:
    """The template version that a cycle began with."""
    return template(cycle.template)


def stage_index(cycle: Cycle) -> int:
    """Which stage a cycle is in, counted from 0."""
    return [stage.slug for stage in template_of(cycle).stages].index(cycle.stage)


def filling(cycle: Cycle) -> dict[str, Any]:
    """What a summary of a cycle fills itself from. Its texts are sealed: the caller opens them through the vault,
    `vault.open_texts([*pairs of sheets, goals and steps])`, for members alone.

    Returns "contacts" (all coaching contacts of the cycle by date), "observations" (those among them that were
    observing), "kinds" (how many contacts of each kind; one contact counts for each of its kinds), "minutes" (their
    sum), "sheets" (by kind), "goals", "steps". Four queries.
    """
    logged = Contact.objects.filter(cycle=cycle, removed_at=None).order_by("began_at", "pk")
    contacts = [contact for contact in logged if contact.is_coaching]
    return {
        "contacts": contacts,
        "observations": [contact for contact in contacts if "observing" in contact.kinds],
        "kinds": dict(Counter(kind for contact in contacts for kind in contact.kinds if kind != "errand")),
        "minutes": sum(contact.minutes for contact in contacts),
        "sheets": {sheet.kind: sheet for sheet in Sheet.objects.filter(cycle=cycle)},
        "goals": list(Goal.objects.filter(cycle=cycle, removed_at=None).order_by("written_at", "pk")),
        "steps": list(Step.objects.filter(cycle=cycle, removed_at=None).order_by("written_at", "pk")),
    }


def _chosen(partnerships: Partnerships) -> Any:
    """What `__in` takes: a subquery where the partnerships were not fetched yet, else their ids."""
    if isinstance(partnerships, QuerySet):
        return partnerships.order_by().values("pk")
    return [getattr(one, "pk", one) for one in partnerships]
