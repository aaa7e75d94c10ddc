"""The checklist as a partnership makes it its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.lessons import rating_queries
from sidebyside.lessons.actions import checklists as actions
from sidebyside.lessons.models import OwnChecklist
from sidebyside.lessons.rating_queries import ChecklistInUse
from sidebyside.lessons.ratings import read_own
from sidebyside.materials.rating_shapes import Checklist
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.web.cycles.people import Company

Items = Mapping[str, Sequence[tuple[str, str]]]
NEW = 2  # empty fields for new items in each area


def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the items of the checklist: word them anew, take some out, put some back, add some."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    use = rating_queries.checklist_in_use(partnership, policy.seen(request.user, OwnChecklist))
    if request.method != "POST":
        return _page(request, partnership, use, _items(use.current), use.number)
    items, after = _sent(request, use.shipped), _number(request)
    try:
        actions.fork_checklist(partnership, items=items, after=after, by=request.user, at=timezone.now())
    except Overtaken as overtaken:
        made = overtaken.current
        theirs = made if isinstance(made, OwnChecklist) else None
        after = theirs.number if theirs else 0
        return _page(request, partnership, use, items, after, refused=overtaken.sentence, theirs=theirs)
    except Refused as refused:
        return _page(request, partnership, use, items, after, refused=refused.sentence)
    messages.success(request, _("Your checklist is saved. Ratings that were made keep the items they were made by."))
    return redirect("checklist", pk)


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up the checklist that ships again."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    actions.take_up_shipped(partnership, after=_number(request), by=request.user, at=timezone.now())
    messages.success(request, _("You use the checklist again as it ships."))
    return redirect("checklist", pk)


def _items(checklist: Checklist) -> Items:
    return {area.code: [(item.code, item.text) for item in area.items] for area in checklist.areas}


def _sent(request: HttpRequest, shipped: Checklist) -> Items:
    """The items as they were sent: those that stand, in their order, then what is put back, then new ones. An item
    that reads as it ships, in the reader's language, is sent on as it ships."""
    back = request.POST.getlist("back")
    worded = {item.code: item.text for item in shipped.items}
    found: dict[str, list[tuple[str, str]]] = {}
    for area in shipped.areas:
        names = [name for name in request.POST if name.startswith(f"t-{area.code}")]
        items = [(name[2:], _as_shipped(request.POST[name], worded.get(name[2:], ""))) for name in names]
        items += [(code, worded[code]) for code in back if code in worded and code.startswith(area.code)]
        items += [("", text) for text in request.POST.getlist(f"new-{area.code}")]
        found[area.code] = items
    return found


def _as_shipped(sent: str, worded: str) -> str:
    return worded if worded and " ".join(sent.split()) == _(worded) else sent


def _number(request: HttpRequest) -> int:
    """The version that the form was made from; nonsense is none that there is."""
    sent = request.POST.get("after", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1


def _page(
    request: Any,
    partnership: Partnership,
    use: ChecklistInUse,
    items: Items,
    after: int,
    *,
    refused: str = "",
    theirs: OwnChecklist | None = None,
) -> HttpResponse:
    shipped, worded = use.shipped, {item.code: item.text for item in use.shipped.items}
    standing = {code for of_area in items.values() for code, _text in of_area if code}
    context = {
        "partnership": partnership,
        "company": Company(current_members(partnership), request.user),
        "shipped": shipped,
        "items": {
            code: [(one, _shown(one, text, worded)) for one, text in found if one] for code, found in items.items()
        },
        "new": {code: [text for one, text in found if not one and text.strip()] for code, found in items.items()},
        "worded": worded,
        "out": {area.code: [one for one in area.items if one.code not in standing] for area in shipped.areas},
        "after": after,
        "is_own": use.own is not None,
        "has_newer": use.own is not None and use.has_newer,
        "refused": refused,
        "theirs": read_own(theirs.body) if theirs is not None else None,
        "longest": actions.LONGEST_ITEM,
        "empty_fields": NEW,
    }
    return render(request, "lessons/checklist.html", context, status=409 if theirs else 422 if refused else 200)


def _shown(code: str, text: str, worded: Mapping[str, str]) -> str:
    """An item in the reader's language while it stands as it ships; otherwise in the partnership's own words."""
    return _(text) if worded.get(code) == text else text
