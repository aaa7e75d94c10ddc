"""The few links at the top of every page (at the bottom on a phone)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sidebyside.places.models import Role


@dataclass(frozen=True)
class Item:
    href: str
    label: str
    current: bool


# Pages that belong to a link, beside those whose address begins as the link's own does.
BELONG = {
    "/calendar/": ("/appointments/",),
    "/partnerships/": (
        "/visits/",
        "/cycles/",
        "/proposals/",
        "/coaches/",
        "/notes/",
        "/goals/",
        "/steps/",
        "/contacts/",
        "/entries/",
    ),
    "/lessons/": ("/commons/", "/standards/"),
    "/me/": ("/received/",),
    "/programme/": ("/programmes/", "/places/", "/people/", "/rosters/", "/owners/"),
}


# What goes first where a person has more roles than there is room: each of these is also linked elsewhere.
FIRST_TO_GO = ("/lessons/", "/partnerships/", "/leader/", "/calendar/", "/facilitator/")
MOST = 5


def links_of(standing: Any) -> list[tuple[str, str]]:
    """Every page that a person comes back to, by her roles, in order: address and name."""
    links = [("/", _("Home")), ("/calendar/", _("Calendar")), ("/partnerships/", _("Partnerships"))]
    links.append(("/lessons/", _("Lessons")))
    for kind, href, label in (
        (Role.Kind.COVER_DESK, "/cover/", _("Cover")),
        (Role.Kind.FACILITATOR, "/facilitator/", _("Facilitating")),
        (Role.Kind.LEADER, "/leader/", _("School")),
    ):
        if kind in standing.kinds:
            links.append((href, label))
    if Role.Kind.LEAD in standing.kinds or standing.is_owner:
        links.append(("/programme/", _("Programme")))
    return [*links, ("/me/", _("Me"))]


def navigation(request: Any) -> list[Item]:
    """At most five links: home, time, what her roles bring, and herself. The rest stands on her own page."""
    links = links_of(request.user.standing)
    for gone in FIRST_TO_GO:
        if len(links) > MOST:
            links = [(href, label) for href, label in links if href != gone]
    return [Item(href, label, _is_current(href, request.path)) for href, label in links]


def _is_current(href: str, path: str) -> bool:
    if href == "/":
        return path == "/"
    return path.startswith((href, *BELONG.get(href, ())))
