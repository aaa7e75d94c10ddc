"""What can be done with a cycle, its texts, its goals, its plan and the log."""

from sidebyside.cycles.actions.contacts import correct, join, keep_apart, log_contact
from sidebyside.cycles.actions.goals import add_goal, change_goal, reach, unreach
from sidebyside.cycles.actions.rounds import (
    begin,
    begin_anew_with_newcomer,
    complete,
    move_to,
    pause,
    reopen,
    resume,
    stop,
    stop_with_partnership,
)
from sidebyside.cycles.actions.sheets import write_sheet
from sidebyside.cycles.actions.steps import add_step, change_step, finish, reopen_step

__all__ = [
    "add_goal", "add_step", "begin", "begin_anew_with_newcomer", "change_goal", "change_step", "complete", "correct",
    "finish", "join", "keep_apart", "log_contact", "move_to", "pause", "reach", "reopen", "reopen_step", "resume",
    "stop", "stop_with_partnership", "unreach", "write_sheet",
]  # fmt: skip
