"""The few links at the top of every page (at the bottom on a phone)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Item:
    href: str
    label: str
    current: bool


# Pages that belong to a link, beside those whose address begins as the link's own does.
BELONG = {
    "/partnerships/": (
        "/cycles/",
        "/proposals/",
        "/coaches/",
        "/notes/",
        "/goals/",
        "/steps/",
        "/contacts/",
        "/entries/",
    ),
    "/me/": ("/received/",),
    "/programme/": ("/programmes/", "/places/", "/people/", "/rosters/", "/owners/"),
}


def navigation(request: Any) -> list[Item]:
    """At most five links: home, what her roles bring, and herself."""
    standing, path = request.user.standing, request.path
    links = [("/", _("Home")), ("/partnerships/", _("Partnerships"))]
    if "facilitator" in standing.kinds:
        links.append(("/facilitator/", _("Facilitating")))
    if "leader" in standing.kinds:
        links.append(("/leader/", _("School")))
    if "lead" in standing.kinds or standing.is_owner:
        links.append(("/programme/", _("Programme")))
    if len(links) == 5:
        # Her partnerships stand on her home page as well.
        del links[1]
    links.append(("/me/", _("Me")))
    return [Item(href, label, _is_current(href, path)) for href, label in links]


def _is_current(href: str, path: str) -> bool:
    if href == "/":
        return path == "/"
    return path.startswith((href, *BELONG.get(href, ())))
