"""Ratings of the test world: Ben saw his lesson before and after, and asks Ana; Hana asks Goran, and they have a
checklist of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sidebyside.lessons.actions import rating
from sidebyside.lessons.actions.checklists import fork_checklist
from sidebyside.materials.queries import latest, scale
from sidebyside.materials.rating_shapes import Checklist

if TYPE_CHECKING:
    from sidebyside.demo.world import World

DAY = timedelta(days=1)
NAMES = {"c": "clearly", "p": "partly", "n": "not_yet", "x": "not_intended"}
# One letter for each item of an area, a dot for one that was left open.
TAUGHT = {"ST": "cpnnnnp", "EN": "pcnpnxn..", "PB": "npnn..", "TE": "x....."}
IMPROVED = {"ST": "ccpcpcp", "EN": "ccppnxp..", "PB": "ccpnpn", "TE": "x....."}
BOX = {"ST": "cpcppnp", "EN": "cccpc....", "PB": "pccp..", "TE": "xx...."}


def rate_lessons(world: World) -> None:
    """Ratings shared and one's own, one that was asked for, and one by chains of questions."""
    checklist, at = latest("checklist", "learning_activity"), world.at
    ben, hana, goran = world.ben, world.hana, world.goran
    first, second = world.lessons["drinks"].versions.order_by("number")[:2]
    note = {"ST6": "I told them at the end, and only when somebody asked."}
    shown = [
        rating.rate(first, material=checklist, answers=_answers(TAUGHT), notes=note, by=ben, at=at - 8 * DAY),
        rating.rate(second, material=checklist, answers=_answers(IMPROVED), notes={}, by=ben, at=at - 4 * DAY),
    ]
    for one in shown:
        rating.share(one, by=ben, at=at - 4 * DAY)
    rating.ask_partners(shown[1], by=ben, at=at - 4 * DAY)
    way = {"collaboration.q1": "yes", "collaboration.q2": "yes", "collaboration.q3": "no", "knowledge.q1": "yes"}
    rating.rate(
        second, material=latest("chain", "design_21"), answers=way,
        notes={"collaboration": "They wait for one another. What if each had something the others need?"},
        by=ben, at=at - 3 * DAY,
    )  # fmt: skip
    box = world.lessons["box"].versions.order_by("number").last()
    assert box is not None
    asked = rating.rate(box, material=checklist, answers=_answers(BOX), notes={}, by=hana, at=at - 29 * DAY)
    rating.ask_partners(asked, by=hana, at=at - 29 * DAY)
    rating.rate(box, material=checklist, answers=_answers(BOX | {"PB": "ccccp."}), notes={}, by=goran, at=at - 28 * DAY)
    shipped = scale(checklist)
    assert isinstance(shipped, Checklist)
    own = {area.code: [(item.code, item.text) for item in area.items] for area in shipped.areas}
    own["PB"] = [("PB1", "Do they decide which box is right, and why?"), *own["PB"][1:4], ("", "Was ist der Haken?")]
    fork_checklist(world.goran_and_hana, items=own, after=0, by=goran, at=at - 27 * DAY)


def _answers(areas: dict[str, str]) -> dict[str, str]:
    return {
        f"{area}{number}": NAMES[letter]
        for area, letters in areas.items()
        for number, letter in enumerate(letters, start=1)
        if letter in NAMES
    }
