"""Verbs of visits: booking, re-planning, planning a term, showing a leader when a partnership meets."""

from sidebyside.visits.actions.booking import book, rebook
from sidebyside.visits.actions.changing import answer_otherwise, cancel, hold, say, set_talk
from sidebyside.visits.actions.following import (
    follow_absence,
    follow_answer,
    follow_cancellation,
    follow_end,
    follow_leaving,
    follow_move,
    follow_putting_away,
    follow_timetable,
    follow_week,
)
from sidebyside.visits.actions.meeting import meet, move_meeting
from sidebyside.visits.actions.teaching import teach_as_it_is, teach_version

__all__ = [
    "answer_otherwise",
    "book",
    "cancel",
    "follow_absence",
    "follow_answer",
    "follow_cancellation",
    "follow_end",
    "follow_leaving",
    "follow_move",
    "follow_putting_away",
    "follow_timetable",
    "follow_week",
    "hold",
    "meet",
    "move_meeting",
    "rebook",
    "say",
    "set_talk",
    "teach_as_it_is",
    "teach_version",
]
