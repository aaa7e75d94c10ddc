"""Which page each kind of notice leads to, and what it is called there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from sidebyside.notices.shapes import Waiting, Who
from sidebyside.web.templating import url


@dataclass(frozen=True)
class Line:
    """A line of the list of what waits: its sentence as markup, where it leads and what that is called."""

    sentence: Markup
    href: str
    label: str
    initial: str
    at: Any = None


def line(item: Waiting) -> Line:
    """What a page shows for something that waits."""
    name, arguments = PAGES[item.kind]
    sentence, label = WORDS[item.kind](item)
    href = url(name, *arguments(item)) + PLACES.get(item.kind, "")
    return Line(sentence, href, label, item.who.initial if item.who else "", item.at)


def named(who: Who | None) -> Markup:
    """A name with a direction of its own; a word for nobody in particular."""
    return Markup("<bdi>{}</bdi>").format(who.name) if who else escape(_("Somebody"))


def _about(item: Waiting) -> list[int]:
    return [item.about]


def _partnership(item: Waiting) -> list[int]:
    return [item.partnership or 0]


def _nothing(item: Waiting) -> list[int]:
    return []


PAGES: dict[str, tuple[str, Callable[[Waiting], list[int]]]] = {
    "proposal": ("proposal", _about),
    "cover_question": ("cover_request", _about),
    "cover_desk": ("cover_start", _nothing),
    "how_to_go_on": ("members", _partnership),
    "visit_lost": ("visit", _about),
    "visit_cover_open": ("visit", _about),
    "visit_invitation": ("visit", _about),
    "meeting_invitation": ("appointment", _about),
    "meeting_declined": ("appointment", _about),
    "visit_over": ("visit", _about),
    "wishes": ("facilitator", _nothing),
    "second_owner": ("owners", _nothing),
    "signature": ("agreement", _partnership),
    "summary_consent": ("summary", _about),
    "plan_consent": ("read_plan", _about),
    "publication_consent": ("lesson_publication", _about),
    "calendar_consent": ("calendar_showing", _partnership),
    "term_proposed": ("our_term", _partnership),
    "calendar_remark": ("calendar_showing", _partnership),
    "shown_calendar": ("shown_calendar", _about),
    "released_plan": ("read_plan", _about),
    "released_summary": ("read_summary", _about),
    "lesson_question": ("lesson", _about),
    "rating_asked": ("lesson_ratings", _about),
    "answer": ("read_plan", _about),
    "lesson_answer": ("lesson", _about),
    "reflection": ("workspace", _partnership),
    "thanks": ("published", _about),
    "twins": ("workspace", _partnership),
    "help_offer": ("workspace", _partnership),
    "not_this_time": ("proposal", _about),
}

# Where on that page.
PLACES = {"visit_cover_open": "#cover", "visit_over": "#held", "reflection": "#reflection", "twins": "#log"}


def _said(text: str, item: Waiting) -> Markup:
    return escape(text) % {"who": named(item.who)}


def _wishes(item: Waiting) -> tuple[Markup, str]:
    text = ngettext(
        "%(number)s teacher of your places would like a coach",
        "%(number)s teachers of your places would like a coach",
        item.number,
    )
    return escape(text % {"number": item.number}), _("Look")


def _cover_desk(item: Waiting) -> tuple[Markup, str]:
    text = ngettext(
        "%(number)s lesson today or tomorrow needs somebody",
        "%(number)s lessons today or tomorrow need somebody",
        item.number,
    )
    return escape(text % {"number": item.number}), _("Open the cover desk")


def _how_to_go_on(item: Waiting) -> tuple[Markup, str]:
    if item.who is None:
        return escape(_("You are fewer now: how would you like to go on?")), _("Decide")
    return _said(_("%(who)s has left: how would you like to go on?"), item), _("Decide")


def _visit_lost(item: Waiting) -> tuple[Markup, str]:
    if item.who is None:
        return escape(_("Your visit needs another time")), _("Choose")
    return _said(_("%(who)s cannot come to your visit: choose another time"), item), _("Choose")


WORDS: dict[str, Callable[[Waiting], tuple[Markup, str]]] = {
    "proposal": lambda item: (_said(_("%(who)s asks you something"), item), _("Read")),
    "cover_question": lambda item: (_said(_("%(who)s asks whether you can take a lesson"), item), _("Read and answer")),
    "cover_desk": _cover_desk,
    "how_to_go_on": _how_to_go_on,
    "visit_lost": _visit_lost,
    "visit_cover_open": lambda item: (
        escape(_("Nobody takes the lesson yet that a visit of yours needs covered")),
        _("Look"),
    ),
    "visit_invitation": lambda item: (_said(_("%(who)s booked a visit: do you come?"), item), _("Answer")),
    "meeting_invitation": lambda item: (_said(_("%(who)s asks you to a meeting: do you come?"), item), _("Answer")),
    "meeting_declined": lambda item: (_said(_("%(who)s cannot come to your meeting"), item), _("Look")),
    "visit_over": lambda item: (escape(_("A visit lies behind you: did it take place?")), _("Say so")),
    "wishes": _wishes,
    "second_owner": lambda item: (escape(_("You are the only owner. There should be two")), _("Make another")),
    "signature": lambda item: (
        _said(_("An agreement that %(who)s wrote down waits for you"), item),
        _("Read and sign"),
    ),
    "summary_consent": lambda item: (escape(_("A summary of your work waits for your yes")), _("Read")),
    "plan_consent": lambda item: (escape(_("A plan to be shown waits for your yes")), _("Read")),
    "publication_consent": lambda item: (
        _said(_("%(who)s would like to give a lesson to everybody: do you agree?"), item),
        _("Look"),
    ),
    "calendar_consent": lambda item: (
        _said(_("%(who)s would like to show a leader when you meet"), item),
        _("Look"),
    ),
    "term_proposed": lambda item: (_said(_("A calendar for your term with %(who)s is proposed"), item), _("Look")),
    "calendar_remark": lambda item: (_said(_("%(who)s asks or offers something about your calendar"), item), _("Read")),
    "shown_calendar": lambda item: (_said(_("%(who)s shows you when they meet"), item), _("Look")),
    "released_plan": lambda item: (_said(_("%(who)s shows you a plan"), item), _("Read")),
    "released_summary": lambda item: (_said(_("%(who)s shows you a summary"), item), _("Read")),
    "lesson_question": lambda item: (_said(_("%(who)s asks or suggests something about your lesson"), item), _("Read")),
    "rating_asked": lambda item: (_said(_("%(who)s asks how you see a lesson"), item), _("Look")),
    "lesson_answer": lambda item: (_said(_("%(who)s answered you about a lesson"), item), _("Read")),
    "answer": lambda item: (_said(_("%(who)s answered your plan"), item), _("Read")),
    "reflection": lambda item: (_said(_("%(who)s shared a reflection with you"), item), _("Read")),
    "thanks": lambda item: (_said(_("%(who)s thanks you for a lesson"), item), _("Read")),
    "twins": lambda item: (escape(_("Two entries may be one and the same talk")), _("Look")),
    "help_offer": lambda item: (_said(_("%(who)s offers you help, if you like"), item), _("Look")),
    "not_this_time": lambda item: (escape(_("Somebody you asked says: not this time")), _("Put away")),
}
