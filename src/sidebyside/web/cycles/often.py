"""What the workspace asks for at every opening: built once (policy.seen_often), so that daily work stays light."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from sidebyside.base.compiled import Marks
from sidebyside.conversations.actions import SCRATCH_KEPT_FOR
from sidebyside.conversations.models import Note, ScratchNote
from sidebyside.cycles.models import Contact, Cycle, Goal, Sheet, Step
from sidebyside.journals.models import Entry
from sidebyside.partnerships.models import Agreement, HelpOffer, Partnership, Signature
from sidebyside.policy import seen_often


def running_cycle(person: Any, partnership: Partnership) -> Cycle | None:
    """The cycle that a partnership is in, with its template and who paused it."""
    found = seen_often(person, Cycle, _running, partnership=partnership.pk)
    return found[0] if found else None


def _running(rows: QuerySet, marks: Marks) -> QuerySet:
    return rows.filter(partnership=marks.number("partnership"), ended_at=None).select_related("template", "paused_by")


def of_cycle(person: Any, model: type[Sheet | Goal | Step | Entry], cycle: Cycle) -> list[Any]:
    """What was written in a cycle and not removed, in the order in which it was begun, still sealed."""
    return seen_often(person, model, _WRITTEN[model], cycle=cycle.pk)


def _sheets(rows: QuerySet, marks: Marks) -> QuerySet:
    return rows.filter(cycle=marks.number("cycle")).order_by("written_at", "pk")


def _kept(rows: QuerySet, marks: Marks) -> QuerySet:
    return _sheets(rows, marks).filter(removed_at=None)


def _goals(rows: QuerySet, marks: Marks) -> QuerySet:
    return _kept(rows, marks).select_related("place_goal")


_WRITTEN: dict[type[Sheet | Goal | Step | Entry], Any] = {Sheet: _sheets, Goal: _goals, Step: _kept, Entry: _kept}


def latest_notes(person: Any, cycle: Cycle, *, most: int) -> list[Note]:
    """The latest notes of a cycle, still sealed: one more than `most` where there are more."""
    values = {"partnership": cycle.partnership_id, "cycle": cycle.pk}
    return seen_often(person, Note, _notes, **values)[: most + 1]


def _notes(rows: QuerySet, marks: Marks) -> QuerySet:
    there = rows.filter(partnership=marks.number("partnership"), cycle=marks.number("cycle"), removed_at=None)
    return there.order_by("-written_at", "-pk")[:MOST_READ]


def latest_contacts(person: Any, partnership: Partnership, *, most: int) -> list[Contact]:
    """The latest entries of the log: one more than `most` where there are more."""
    return seen_often(person, Contact, _contacts, partnership=partnership.pk)[: most + 1]


def _contacts(rows: QuerySet, marks: Marks) -> QuerySet:
    there = rows.filter(partnership=marks.number("partnership"), removed_at=None)
    return there.order_by("-began_at", "-pk")[:MOST_READ]


# More than any page shows: a page takes what it needs.
MOST_READ = 31


def own_scratch(person: Any, partnership: Partnership, *, at: datetime) -> ScratchNote:
    """Her scratch note, still sealed; one without words where there is none or its days are over."""
    values = {"partnership": partnership.pk, "after": at - SCRATCH_KEPT_FOR}
    found = seen_often(person, ScratchNote, _scratch, **values)
    return found[0] if found else ScratchNote(partnership=partnership, author=person, text="", changed_at=at, version=0)


def _scratch(rows: QuerySet, marks: Marks) -> QuerySet:
    return rows.filter(partnership=marks.number("partnership"), changed_at__gt=marks.moment("after"))


def agreement_that_stands(person: Any, partnership: Partnership) -> Agreement | None:
    """The latest version of the agreement, with `signed`: its signatures. Its texts are not brought along."""
    found = seen_often(person, Agreement, _agreements, partnership=partnership.pk)
    if not found:
        return None
    found[0].signed = seen_often(person, Signature, _signatures, agreement=found[0].pk)
    return found[0]


def _agreements(rows: QuerySet, marks: Marks) -> QuerySet:
    return rows.filter(partnership=marks.number("partnership")).order_by("-number")[:1]


def _signatures(rows: QuerySet, marks: Marks) -> QuerySet:
    return rows.filter(agreement=marks.number("agreement")).order_by("at", "pk")


def open_help_offers(person: Any, partnership: Partnership) -> list[HelpOffer]:
    """The offers of help that nobody has put away, each with who made it."""
    return seen_often(person, HelpOffer, _offers, partnership=partnership.pk)


def _offers(rows: QuerySet, marks: Marks) -> QuerySet:
    return rows.filter(partnership=marks.number("partnership"), put_away_at=None).select_related("by")
