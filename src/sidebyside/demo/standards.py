"""The test world's own list of standards, and what Ben's lesson works towards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sidebyside.lessons.actions.standards import choose_standard
from sidebyside.materials.models import Standard
from sidebyside.materials.standards_actions import begin_own_list, change_own_list

if TYPE_CHECKING:
    from sidebyside.demo.world import World

DAY = timedelta(days=1)
TITLE = "Northshore: finding out and making"
LIST = """
N | Numbers that say something
    N.1 | Compare two mixtures with a fraction or a ratio, and say which is stronger.
    N.2 | Estimate before calculating, and compare both.
S | Finding out
    S.1 | Say what will happen and why, before trying it.
    S.2 | Change one thing at a time.
    S.3 | Argue from what was seen.
W | Making
    W.1 | Write down what is good enough before beginning.
    W.2 | Let others try it, and improve it once.
"""
WAS, IS = "Argue from what was seen.", "Argue from what was seen, also with somebody who thinks otherwise."


def choose_standards(world: World) -> None:
    """Ines types a list for Northshore; Ben and Ana choose from it; then the list says one of them better."""
    at, ines = world.at, world.ines
    version = begin_own_list(world.northshore, title=TITLE, text=LIST, by=ines, at=at - 90 * DAY)
    by_code = {row.code: row for row in Standard.objects.filter(version=version).select_related("version")}
    for code, person in (("N.1", world.ben), ("S.3", world.ana)):
        choose_standard(world.lessons["drinks"], standard=by_code[code], by=person, at=at - 10 * DAY)
    change_own_list(version.framework, title=TITLE, text=LIST.replace(WAS, IS), number=1, by=ines, at=at - 3 * DAY)
