"""The verbs of partnerships: forming, agreeing, resting and ending, offering help, and who opened what."""

from sidebyside.partnerships.actions.agreeing import sign, turn_cards, write_agreement, write_card
from sidebyside.partnerships.actions.answering import accept, decline, forget_closed, withdraw
from sidebyside.partnerships.actions.helping import note_opening, offer_help, put_away
from sidebyside.partnerships.actions.leaving import go_on_without, keep_resting, leave, rest_after_leaving, stop_asking
from sidebyside.partnerships.actions.proposing import propose
from sidebyside.partnerships.actions.resting import end, rest, resume
from sidebyside.partnerships.actions.wishing import close_wish, wish_for_coach

__all__ = [
    "accept",
    "close_wish",
    "decline",
    "end",
    "forget_closed",
    "go_on_without",
    "keep_resting",
    "leave",
    "note_opening",
    "offer_help",
    "propose",
    "put_away",
    "rest",
    "rest_after_leaving",
    "resume",
    "sign",
    "stop_asking",
    "turn_cards",
    "wish_for_coach",
    "withdraw",
    "write_agreement",
    "write_card",
]
