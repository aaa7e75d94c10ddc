"""Who reads which event: one plain list. An event kind without a reader says so with `nobody`."""

from collections.abc import Callable

from sidebyside.base.models import Event
from sidebyside.partnerships import actions as partnerships


def nobody(event: Event) -> None:
    """This happened, and nothing above has to act on it."""


READERS: list[tuple[str, Callable[[Event], None]]] = [
    ("agreement.signed", nobody),
    ("agreement.written", nobody),
    ("card.written", nobody),
    ("cards.turned", nobody),
    ("help.offered", nobody),
    ("help.put_away", nobody),
    ("member.left", nobody),
    ("owner.ended", nobody),
    ("owner.made", nobody),
    ("owner.printed_recovery_sheet", nobody),
    ("partnership.asked_how_to_go_on", nobody),
    ("partnership.ended", nobody),
    ("partnership.formed", nobody),
    ("partnership.joined", nobody),
    ("partnership.rested", nobody),
    ("partnership.resumed", nobody),
    ("person.codes_printed", nobody),
    ("person.invited", nobody),
    ("person.joined", nobody),
    ("person.left", partnerships.rest_after_leaving),
    ("person.password_set", nobody),
    ("person.profile_changed", nobody),
    ("person.returned", partnerships.stop_asking),
    ("person.signed_out_everywhere", nobody),
    ("place.added", nobody),
    ("place.closed", nobody),
    ("place.moved", nobody),
    ("place.renamed", nobody),
    ("place.reopened", nobody),
    ("place_goal.added", nobody),
    ("post.ended", nobody),
    ("post.given", nobody),
    ("programme.begun", nobody),
    ("programme.changed", nobody),
    ("programme.ended", nobody),
    ("programme.templates_chosen", nobody),
    ("programme.words_changed", nobody),
    ("proposal.accepted", nobody),
    ("proposal.closed", nobody),
    ("proposal.made", nobody),
    ("role.ended", nobody),
    ("role.given", nobody),
    ("role.room_set", nobody),
    ("wish.closed", nobody),
    ("wish.made", nobody),
]
