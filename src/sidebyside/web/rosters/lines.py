"""Changes of a roster as lines to read: who, what happens, and which line of the roster says so."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sidebyside.base.faults import Fault
from sidebyside.places.models import Place
from sidebyside.places.roster.changes import CHANGED, LEAVING, MOVED, NEW, UNCHANGED, PersonChange, PlaceChange
from sidebyside.places.roster.comparing import titles
from sidebyside.places.roster.records import FACULTY
from sidebyside.places.roster_queries import Preview

REFUSED = "refused"
SHOWN = (NEW, CHANGED, MOVED, LEAVING, REFUSED)


@dataclass(frozen=True)
class Line:
    """One line of a preview. `about` is a name, "" for a refused row."""

    about: str
    reason: str
    where: str
    is_place: bool = False


def verdict_words() -> dict[str, str]:
    """What the verdicts are called on the page."""
    return {
        NEW: pgettext("people in a roster", "New"),
        CHANGED: pgettext("people in a roster", "Changed"),
        MOVED: pgettext("people in a roster", "Moved"),
        LEAVING: pgettext("people in a roster", "Leaving"),
        UNCHANGED: pgettext("people in a roster", "Unchanged"),
        REFUSED: pgettext("people in a roster", "Refused"),
    }


def title_words() -> dict[str, str]:
    """What the titles of posts are called on the page."""
    return {
        "teacher": _("teacher"),
        "leader": _("school leader"),
        "administrator": _("administrator"),
        "counselor": _("counselor"),
        "aide": _("aide"),
    }


def kind_words() -> dict[str, str]:
    """What those are called who are counted and not taken in."""
    return {
        "student": _("students"),
        "guardian": _("guardians"),
        "parent": _("parents"),
        "relative": _("relatives"),
        "proctor": _("proctors"),
        "systemAdministrator": _("system administrators"),
        "without a role": _("people without a role at any place"),
        "roles without a person": _("people of whom there is only a role"),
    }


def lines(seen: Preview, verdict: str) -> list[Any]:
    """The changes of one verdict, places before people, unworded: `worded` makes lines of those that are shown."""
    if verdict == REFUSED:
        return list(seen.changes.refused)
    places = [change for change in seen.changes.places if change.verdict == verdict]
    people = [change for change in seen.changes.people if change.verdict == verdict]
    return [*places, *people]


def worded(seen: Preview, changes: Iterable[Any]) -> Iterator[Line]:
    """Lines of these changes, in the reader's language."""
    for change in changes:
        if isinstance(change, Fault):
            yield fault_line(change)
        elif isinstance(change, PlaceChange):
            reason = _place_reason(seen, change)
            yield Line(change.name, reason, where(change.file, change.line), is_place=True)
        else:
            name = f"{change.given} {change.family}".strip()
            yield Line(name, _person_reason(seen, change), where(change.file, change.line))


def fault_line(fault: Fault) -> Line:
    """A fault in the reader's language."""
    return Line("", _(fault.sentence) % fault.values, where(fault.file, fault.line))


def where(file: str | None, line: int | None) -> str:
    """Where in the roster: the file, and the line where there is one."""
    if file is None:
        return ""
    return file if line is None else _("%(file)s, line %(line)s") % {"file": file, "line": line}


def _place_reason(seen: Preview, change: PlaceChange) -> str:
    kind = Place.Kind(change.kind).label
    above = seen.place_names.get(change.parent or "", "")
    if change.verdict == NEW:
        return _("%(kind)s in %(above)s") % {"kind": kind, "above": above} if above else str(kind)
    if change.verdict == MOVED:
        return _("lies in %(above)s now") % {"above": above} if above else _("stands at the top now")
    if change.verdict == LEAVING:
        return _("closes; its people stay on its list")
    return _("has another name or kind, or is open again")


def _person_reason(seen: Preview, change: PersonChange) -> str:
    if change.verdict == LEAVING:
        left = _("marked as leaving") if change.line else _("not in the roster any more")
        return _("%(reason)s; was %(posts)s") % {"reason": left, "posts": _posts(seen, change.ends)}
    now = _posts(seen, titles(change.posts.values()))
    if change.verdict == NEW:
        return _("%(posts)s; known here already") % {"posts": now} if change.person else now
    if change.verdict == MOVED:
        return _("%(posts)s; until now %(before)s") % {"posts": now, "before": _posts(seen, change.ends)}
    said = []
    held = change.held
    if held and (held.given, held.family) != (change.given, change.family):
        said.append(_("was called %(name)s") % {"name": f"{held.given} {held.family}".strip()})
    if held and held.email != change.email and not change.keeps_address:
        said.append(_("has another e-mail address"))
    if change.begins or change.ends:
        said.append(_("%(posts)s now") % {"posts": now})
    return "; ".join(said)


def _posts(seen: Preview, posts: dict[str, str]) -> str:
    """Posts as words: "teacher at Mill Lane School". Faculties only where there is no school."""
    words = title_words()
    kinds = seen.place_kinds
    schools = {place: title for place, title in posts.items() if kinds.get(place) != FACULTY}
    shown = schools or posts
    return ", ".join(
        _("%(title)s at %(place)s") % {"title": words.get(title, title), "place": seen.place_names.get(place, place)}
        for place, title in shown.items()
    )


# --- for a table program


def inert(text: str) -> str:
    """A cell that no table program takes for a formula: what could begin one gets an apostrophe before it.

    After OWASP's advice on CSV injection: = + - @, tab and carriage return, also behind white space.
    """
    start = text.lstrip()[:1]
    return f"'{text}" if start in ("=", "+", "-", "@", "|", "%") or text[:1] in ("\t", "\r") else text


class _Echo:
    """What csv writes goes straight back to who asked."""

    def write(self, text: str) -> str:
        return text


def as_csv(seen: Preview) -> Iterator[str]:
    """Every change and every refused row as lines of CSV, with a byte order mark for table programs."""
    writer = csv.writer(_Echo())
    words = verdict_words()
    yield "\ufeff" + writer.writerow([_("What"), _("Kind"), _("Name"), _("Reason"), _("Where")])
    for verdict in SHOWN:
        for line in worded(seen, lines(seen, verdict)):
            kind = _("row") if verdict == REFUSED else _("place") if line.is_place else _("person")
            yield writer.writerow([inert(cell) for cell in (words[verdict], kind, line.about, line.reason, line.where)])
