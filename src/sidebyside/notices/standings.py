"""Questions for a person's standing, built once for each shape of it: how many partnerships, which roles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sidebyside.base.compiled import Marks, filled, room
from sidebyside.places.models import Role
from sidebyside.policy import Standing


@dataclass(frozen=True)
class Shape:
    """What the text of a question depends on: up to how many values of each kind there are."""

    partnerships: int
    joined_later: int
    facilitated: int
    is_owner: bool

    @classmethod
    def of(cls, me: Standing) -> "Shape":
        """The shape of a standing."""
        later = sum(since is not None for since in me.partnerships.values())
        return cls(
            partnerships=room(len(me.partnerships) - later),
            joined_later=room(later),
            facilitated=room(len(me.at(Role.Kind.FACILITATOR))),
            is_owner=me.is_owner,
        )

    def marked(self, marks: Marks) -> Standing:
        """A standing of this shape with a stand-in for each value, for the rules of sight."""
        person = marks.number("person")
        always = {marks.number(f"always{at}"): None for at in range(self.partnerships)}
        later = {marks.number(f"later{at}"): marks.moment(f"since{at}") for at in range(self.joined_later)}
        places = [marks.number(f"place{at}") for at in range(self.facilitated)]
        roles = {Role.Kind.FACILITATOR.value: places} if places else {}
        return Standing(person, is_owner=self.is_owner, roles=roles, partnerships={**always, **later})


def values(me: Standing, **moments: datetime) -> dict[str, Any]:
    """The values of this standing, by the names of the stand-ins, and some moments."""
    later = {pk: since for pk, since in me.partnerships.items() if since is not None}
    return {
        "person": me.person_id,
        **filled("always", [pk for pk, since in me.partnerships.items() if since is None]),
        **filled("later", list(later)),
        **filled("since", list(later.values())),
        **filled("place", me.at(Role.Kind.FACILITATOR)),
        **moments,
    }
