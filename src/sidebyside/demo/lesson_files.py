"""Files of the test world: what Ana and Ben attached to the lesson about the four drinks."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from sidebyside.lessons.actions.files import attach
from sidebyside.lessons.queries import text_of

if TYPE_CHECKING:
    from sidebyside.demo.world import World

DAY = timedelta(days=1)
JUGS = ((2, 3), (1, 2), (4, 6), (3, 5))
SLIP = """\
The fifth jug

My own drink has ____ cups of syrup and ____ cups of water.

It is stronger than jug 2, because ______________________________

It is weaker than jug 1, because ________________________________
"""


def attach_files(world: World) -> None:
    """A drawing of the four jugs, and the slip of paper."""
    lesson = world.lessons["drinks"]
    at = world.at - 3 * DAY
    picture = ContentFile(_drawing(), name="four-jugs.png")
    caption = "Four jugs: each square is a cup, the dark ones are syrup. 2 and 3, 1 and 2, 4 and 6, 3 and 5."
    task = next(part.id for part in text_of(lesson).parts if part.kind == "task")
    attach(lesson, picture, caption=caption, part=task, by=world.ben, at=at)
    attach(lesson, ContentFile(SLIP.encode(), name="slip.txt"), caption="One for each student", by=world.ana, at=at)


def _drawing() -> bytes:
    """Four columns of squares, the lower ones dark."""
    drawn = Image.new("RGB", (840, 480), "#faf6ee")
    pen = ImageDraw.Draw(drawn)
    for column, (syrup, water) in enumerate(JUGS):
        begin = 60 + column * 195
        pen.rectangle((begin - 10, 20, begin + 140, 450), outline="#43395f", width=5)
        for cup in range(syrup + water):
            top = 400 - cup * 41
            pen.rectangle((begin + 5, top, begin + 125, top + 36), fill="#b1442f" if cup < syrup else "#a9cfe0")
    to = io.BytesIO()
    drawn.save(to, "PNG")
    return to.getvalue()
