"""What the test world has given to all: Hana's box, improved with Goran, which Ben has made his own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sidebyside.lessons.actions import publishing

if TYPE_CHECKING:
    from sidebyside.demo.world import World

DAY = timedelta(days=1)


def publish_lessons(world: World) -> None:
    """Publish what Hana and Goran improved, with the lesson before, and let Ben adopt it and say thanks."""
    lesson, at = world.lessons["box"], world.at
    before, improved = lesson.versions.order_by("number")
    publication = publishing.propose(
        lesson, version=improved, before=before, licence="by-sa", credit="Two teachers of technology and art",
        subject="Technology", level="13 to 15 years", language="en", replacements={}, pictures={}, by=world.hana,
        at=at - 20 * DAY,
    )  # fmt: skip
    for maker, days in ((world.hana, 20), (world.goran, 18)):
        publishing.agree(publication, read=publication.asked_at, by=maker, at=at - days * DAY)
    world.lessons["bens_box"] = publishing.adopt(
        publication, partnership=None, by=world.ben, at=at - 3 * DAY,
        thanks="My pupils argued about the lid for a whole lesson. Thank you!",
    )  # fmt: skip
