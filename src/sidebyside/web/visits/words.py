"""How visits, lessons and times are called on pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from markupsafe import Markup, escape

from sidebyside import policy
from sidebyside.calendars.queries import Taught
from sidebyside.calendars.slots import Span
from sidebyside.people.models import Person
from sidebyside.visits.models import Visit, VisitCover
from sidebyside.visits.queries import Choice, Clash
from sidebyside.visits.talks import TalkTime

MOST_NAMES = 3


def day_name(moment: date | datetime) -> str:
    """A day, short: "Thu 26 Nov"; with the year where it is another."""
    here = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return formats.date_format(here, "D j M" if here.year == timezone.localdate().year else "D j M Y")


def short_date(on: date) -> str:
    """A date, short: "26 Nov"."""
    return formats.date_format(on, "j M")


def hours(span: Span | Any) -> str:
    """From when to when, by the reader's clock: "10:40 to 11:25". Takes whatever has a begin and an end."""
    first, last = (timezone.localtime(moment) for moment in (span.begin, span.end))
    return _("%(begin)s to %(end)s") % {"begin": f"{first:%H:%M}", "end": f"{last:%H:%M}"}


def lesson_name(subject: str, classes: Iterable[Any], event: str = "") -> str:
    """What a lesson is called: its subject and its classes, else what the timetable calls it, else nothing."""
    words = [subject, ", ".join(str(one) for one in classes)]
    return " ".join(word for word in words if word) or event


def taught_name(taught: Taught) -> str:
    """What a lesson of the timetable is called."""
    return lesson_name(taught.subject, taught.classes, taught.event)


def where(period: str, rooms: Sequence[Any]) -> Markup:
    """Period and room, each in the direction of its own words: "3rd period · room 12"."""
    parts = []
    if period:
        parts.append(Markup("<bdi>%s</bdi>") % _period(period))
    if rooms:
        said = escape(_("room %(room)s"))
        parts.append(said % {"room": Markup("<bdi>%s</bdi>") % ", ".join(str(one) for one in rooms)})
    return Markup(" · ").join(parts)


def _period(name: str) -> str:
    """A period's name; a bare number is called one."""
    return _("period %(name)s") % {"name": name} if name.isdigit() else name


def bdi(text: str) -> Markup:
    """A name in the direction of its own letters."""
    return Markup("<bdi>%s</bdi>") % text


def title(visit: Visit, viewer: Any) -> Markup:
    """Who visits whom, as the viewer says it."""
    return who_visits(visit.observed, visit.observer, viewer)


def who_visits(observed: Person, observer: Person, viewer: Any) -> Markup:
    """ "You visit Ben", "Ana visits you", "Ana visits Ben"."""
    names = {"observed": bdi(observed.short_name), "observer": bdi(observer.short_name)}
    if viewer.pk == observer.pk:
        return escape(_("You visit %(observed)s")) % names
    if viewer.pk == observed.pk:
        return escape(_("%(observer)s visits you")) % names
    return escape(_("%(observer)s visits %(observed)s")) % names


@dataclass(frozen=True)
class Row:
    """A lesson to choose, as the list shows it."""

    href: str
    day: str
    time: str
    what: str
    where: Markup
    fit: Markup
    kind: str


def kind_of(choice: Choice) -> str:
    """ "free", "covered" (somebody could), or "hard" (by the timetable nobody is free)."""
    return "free" if not choice.to_cover else "covered" if choice.coverable else "hard"


def fit(choice: Choice, observer: Person, viewer: Any, names: Mapping[int, str]) -> Markup:
    """What it takes that the observer comes: nothing, or so many minutes of cover, and who could."""
    hers = observer.pk == viewer.pk
    if not choice.to_cover:
        if choice.clashes:
            return escape(_("A second teacher stays with your class") if hers else _("A second teacher stays"))
        if hers and choice.wished_free:
            return escape(_("You keep this period for yourself"))
        return escape(_("You are free")) if hers else escape(_("%(name)s is free")) % {"name": bdi(observer.short_name)}
    minutes = choice.minutes
    said = escape(ngettext("%(minutes)s minute to cover", "%(minutes)s minutes to cover", minutes)) % {
        "minutes": minutes
    }
    return escape(_("%(minutes)s: %(who)s")) % {"minutes": said, "who": could(choice.to_cover, names)}


def could(clashes: Sequence[Clash], names: Mapping[int, str]) -> Markup:
    """Who could take these lessons: "Lena or Chen could". Those whom the reader does not know are counted."""
    if any(not one.by for one in clashes):
        return escape(_("by the timetable nobody is free"))
    by = list(dict.fromkeys(pk for one in clashes for pk in one.by))
    known = [names[pk] for pk in by if pk in names][:MOST_NAMES]
    more = len(by) - len(known)
    if not known:
        return escape(ngettext("%(count)s colleague could", "%(count)s colleagues could", more)) % {"count": more}
    listed = _either([bdi(name) for name in known])
    if more:
        text = ngettext("%(names)s or %(count)s other could", "%(names)s or %(count)s others could", more)
        return escape(text) % {"names": Markup(", ").join(bdi(name) for name in known), "count": more}
    return escape(_("%(names)s could")) % {"names": listed}


def _either(names: Sequence[Markup]) -> Markup:
    if len(names) == 1:
        return names[0]
    return escape(_("%(names)s or %(last)s")) % {"names": Markup(", ").join(names[:-1]), "last": names[-1]}


def names_of(viewer: Any, choices: Iterable[Choice]) -> dict[int, str]:
    """The names of who could cover, of those the viewer may see. One query, where there are any."""
    wanted = {pk for one in choices for clash in one.to_cover for pk in clash.by}
    if not wanted:
        return {}
    rows = policy.seen(viewer, Person).filter(pk__in=wanted)
    return {person.pk: person.short_name for person in rows}


TALK_KINDS: dict[str, str | Promise] = {
    "free": gettext_lazy("both free"),
    "break": gettext_lazy("in the break"),
    "before": gettext_lazy("before school"),
    "after": gettext_lazy("after school"),
    "beside": gettext_lazy("right beside the visit"),
}


def talk_name(talk: TalkTime) -> str:
    """A time for a talk, short enough for a phone: "Wed 25 Nov, 11:15: both free, period 4"."""
    said = str(TALK_KINDS[talk.kind])
    if talk.period:
        said = _("%(kind)s, %(period)s") % {"kind": said, "period": _period(talk.period)}
    begin = timezone.localtime(talk.span.begin)
    return _("%(day)s, %(time)s: %(said)s") % {"day": day_name(begin), "time": f"{begin:%H:%M}", "said": said}


def span_name(span: Span | Any) -> str:
    """A day and hours."""
    return _("%(day)s, %(hours)s") % {"day": day_name(span.begin), "hours": hours(span)}


def answers_about_cover(observer: Person, viewer: Any, *, has_desk: bool) -> list[tuple[str, Markup]]:
    """What can be done about a lesson of who visits, in the viewer's words, the usual one first."""
    hers = observer.pk == viewer.pk
    texts = {
        VisitCover.Answer.REQUEST: _("Ask the cover desk"),
        VisitCover.Answer.SWAP: _("I swap with a colleague") if hers else _("%(name)s swaps with a colleague"),
        VisitCover.Answer.TOGETHER: _("A co-teacher, or the class next door, takes them along"),
        VisitCover.Answer.OWN_TIME: _("I arrange it in my own time") if hers else _("%(name)s arranges it"),
    }
    if not has_desk:
        del texts[VisitCover.Answer.REQUEST]
    name = {"name": bdi(observer.short_name)}
    return [(answer.value, escape(text) % name) for answer, text in texts.items()]
