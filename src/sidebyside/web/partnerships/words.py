"""What parts and forms are called on a page, in the words of the place."""

from typing import Any

from django.utils.translation import gettext as _

from sidebyside.partnerships.models import Form, Part
from sidebyside.web.own_words import OwnWords

KEYS = {Part.COACH.value: "coach", Part.PARTNER.value: "learning_partner", Part.PEER.value: "peer"}


def part_words(person: Any) -> dict[str, str]:
    """What her place calls each part, for one person: in small letters, as inside a sentence."""
    words = OwnWords(person)
    return {part: words(key) for part, key in KEYS.items()}


def form_words() -> dict[str, str]:
    """Each form's name, as a heading."""
    return {
        Form.PAIR.value: _("A coach and a learning partner"),
        Form.PEERS.value: _("Peers who coach one another"),
        Form.TEAM.value: _("A team"),
    }
