"""Who is in a partnership, as its pages name them: sides, names, and the line that says who can see what."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from sidebyside.partnerships.models import Member, Part

SIDES = ("one", "two", "three", "four", "five")


@dataclass
class Company:
    """The members of a partnership as one of them sees them. Each has a side (a hue and a turn of her leaf)."""

    members: Sequence[Member]
    viewer: Any

    @property
    def others(self) -> list[Member]:
        return [member for member in self.members if member.person_id != self.viewer.pk]

    @property
    def initials(self) -> list[str]:
        return [member.person.initial for member in self.members]

    @property
    def is_coach(self) -> bool:
        """Whether the viewer coaches here, and so may keep a scratch note."""
        mine = [member.part for member in self.members if member.person_id == self.viewer.pk]
        return bool(mine) and mine[0] in (Part.COACH, Part.PEER)

    @property
    def partner(self) -> Member | None:
        """The one learning partner of a pair, whose words the focus is written in."""
        partners = [member for member in self.members if member.part == Part.PARTNER]
        return partners[0] if len(partners) == 1 else None

    def side(self, person_id: int) -> str | None:
        """Her side, or none for somebody who has left."""
        return self._sides.get(person_id)

    def name(self, person_id: int) -> str:
        """What the viewer calls her: you, or the short name."""
        return self._names.get(person_id) or _("Somebody who has left")

    def by(self, person_id: int) -> str:
        """As `name`, in the middle of a sentence: "written by you"."""
        return _("you") if person_id == self.viewer.pk else self.name(person_id)

    @cached_property
    def _sides(self) -> dict[int, str]:
        return {member.person_id: SIDES[at % len(SIDES)] for at, member in enumerate(self.members)}

    @cached_property
    def _names(self) -> dict[int, str]:
        return {member.person_id: member.person.short_name for member in self.members} | {self.viewer.pk: _("You")}

    @property
    def title(self) -> str:
        """The heading of the workspace."""
        return _with_you([member.person.name for member in self.others])

    @cached_property
    def seen(self) -> Markup:
        """Who can see what they write together: markup, with each name in the direction of its own letters."""
        return Markup(_with_you([Markup("<bdi>%s</bdi>") % member.person.short_name for member in self.others]))


def _with_you(names: list[str]) -> str:
    if not names:
        return _("Only you")
    if len(names) == 1:
        return _("You and %(name)s") % {"name": names[0]}
    return _("You, %(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
