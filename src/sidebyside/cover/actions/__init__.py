"""What can be done about cover: ask for it, be away, propose who takes a lesson, answer, thank."""

from sidebyside.cover.actions.absences import end_away, mark_away
from sidebyside.cover.actions.arranging import (
    Proposal,
    add_substitute_day,
    end_substitute_day,
    propose,
    set_limit,
    set_rules,
)
from sidebyside.cover.actions.asking import ask, cancel, change_notes
from sidebyside.cover.actions.offering import (
    choose,
    lock,
    say_no,
    say_yes,
    send,
    send_out,
    thank,
    unlock,
    withdraw,
)

__all__ = [
    "Proposal",
    "add_substitute_day",
    "ask",
    "cancel",
    "change_notes",
    "choose",
    "end_away",
    "end_substitute_day",
    "lock",
    "mark_away",
    "propose",
    "say_no",
    "say_yes",
    "send",
    "send_out",
    "set_limit",
    "set_rules",
    "thank",
    "unlock",
    "withdraw",
]
