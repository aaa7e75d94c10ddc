"""To make the checklist one's own: take items out, word them anew, add some, and take up the shipped one again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base import vault
from sidebyside.base.events import record
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.base.text import accepted
from sidebyside.lessons import rating_queries
from sidebyside.lessons import ratings as pure
from sidebyside.lessons.models import OwnChecklist
from sidebyside.lessons.rating_queries import ChecklistInUse
from sidebyside.materials import queries as materials
from sidebyside.materials.models import MaterialVersion
from sidebyside.materials.rating_shapes import Checklist, ChecklistArea, ChecklistItem
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person

MOST_ITEMS = 30
LONGEST_ITEM = 300


@transaction.atomic
def fork_checklist(
    partnership: Partnership,
    *,
    items: Mapping[str, Sequence[tuple[str, str]]],
    after: int,
    by: Person,
    at: datetime,
) -> OwnChecklist | None:
    """Make a new version of a partnership's own checklist: for each area (by its code) its items as (code, text), in
    order. A code of "" is a new item; an item that is left out, or without a word, is taken out. `after` is the number
    of the version she read, 0 for none. Ratings that were made keep the version they were made by.

    Returns the version, or the one before where nothing changed (None: still what ships). Raises Overtaken when
    somebody made one since, with it; Refused for codes and areas there are none of, and when no item would be left.
    """
    use = _in_use(partnership, after)
    made = _changed(use.shipped, use.current, items, _known(partnership))
    if made.areas == use.current.areas:
        return use.last
    return _kept(partnership, use.base, made, after, by=by, at=at)


@transaction.atomic
def take_up_shipped(partnership: Partnership, *, after: int, by: Person, at: datetime) -> OwnChecklist | None:
    """Go back to the checklist that ships, in its latest version. What was worded stays in the earlier versions.

    Returns None where it is in use already. Raises Overtaken when somebody changed it since.
    """
    use = _in_use(partnership, after)
    if use.own is None:
        return None
    base = materials.latest("checklist", rating_queries.CHECKLIST)
    shipped = materials.scale(base)
    assert isinstance(shipped, Checklist)
    return _kept(partnership, base, shipped, after, by=by, at=at)


def _in_use(partnership: Partnership, after: int) -> ChecklistInUse:
    """What is in use, while nobody else changes it."""
    # (the row is held so that of two who save at once the second is told)
    held = Partnership.objects.select_for_update().get(pk=partnership.pk)
    if held.ended_at is not None:
        raise Refused(_("This partnership has ended. What you wrote stays here to read."))
    use = rating_queries.checklist_in_use(partnership, OwnChecklist.objects.all())
    if use.number != after:
        raise Overtaken(_("Somebody else saved this while you were writing. Both texts are here."), current=use.last)
    return use


def _known(partnership: Partnership) -> set[str]:
    """Every code that the partnership's checklists ever gave: a number is not given twice."""
    rows = vault.opened(OwnChecklist.objects.filter(partnership=partnership), "body")
    return {item.code for row in rows for item in pure.read_own(row.body).items}


def _changed(
    shipped: Checklist, last: Checklist, items: Mapping[str, Sequence[tuple[str, str]]], known: set[str]
) -> Checklist:
    if not set(items) <= {area.code for area in shipped.areas}:
        raise Refused(_("There is no such area."))
    worded = {item.code: item.text for item in shipped.items}
    there = {item.code for item in (*shipped.items, *last.items)}
    given = known | there
    areas = []
    for area in shipped.areas:
        found: list[ChecklistItem] = []
        for code, text in items.get(area.code, ()):
            text = " ".join(accepted(text, longest=LONGEST_ITEM).split())
            if not text:
                continue
            if code and (code not in there or not code.startswith(area.code) or any(one.code == code for one in found)):
                raise Refused(_("An item is no longer there. Open the page again."))
            if not code:
                code = pure.next_code(area.code, given)
                given.add(code)
            found.append(ChecklistItem(code, text, is_own=worded.get(code) != text))
        if len(found) > MOST_ITEMS:
            raise Refused(
                _("At most %(most)s items in one area: fewer are looked at more closely.") % {"most": MOST_ITEMS}
            )
        areas.append(ChecklistArea(area.code, area.title, area.purpose, tuple(found)))
    if not any(area.items for area in areas):
        raise Refused(_("Leave at least one item in the checklist."))
    return Checklist(shipped.slug, shipped.version, shipped.title, shipped.purpose, tuple(areas))


def _kept(
    partnership: Partnership, base: MaterialVersion, made: Checklist, after: int, *, by: Person, at: datetime
) -> OwnChecklist:
    own = OwnChecklist.objects.create(
        partnership=partnership, base=base, number=after + 1, body=pure.own_body(made), made_at=at, made_by=by
    )
    record("checklist.changed", own, by=by, at=at, partnership=partnership.pk)
    return own
