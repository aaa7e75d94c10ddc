"""The few links at the top of every page (at the bottom on a phone)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Item:
    href: str
    label: str
    current: bool


def navigation(request: Any) -> list[Item]:
    """At most five links: home, what her roles bring, and herself."""
    person, path = request.user, request.path
    links = [("/", _("Home"))]
    roles = person.standing.kinds
    links.append(("/partnerships/", _("Partnerships")))
    if "facilitator" in roles:
        links.append(("/facilitator/", _("Facilitating")))
    if "leader" in roles:
        links.append(("/leader/", _("School")))
    if "lead" in roles or person.standing.is_owner:
        links.append(("/programme/", _("Programme")))
    links.append(("/me/", _("Me")))
    if len(links) > 5:
        links.remove(("/partnerships/", _("Partnerships")))
    return [Item(href, label, path == href or (href != "/" and path.startswith(href))) for href, label in links]
