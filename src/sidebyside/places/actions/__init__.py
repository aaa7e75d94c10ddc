"""What can be done to the tree of places, to roles and to posts. Rosters are in `rosters.py`."""

from sidebyside.places.actions.posts import end_post, give_post, mark_left, mark_returned
from sidebyside.places.actions.roles import end_role, give_role, set_room
from sidebyside.places.actions.tree import (
    add_place,
    close_place,
    move_place,
    rebuild_links,
    rename_place,
    reopen_place,
)

__all__ = [
    "add_place",
    "close_place",
    "end_post",
    "end_role",
    "give_post",
    "give_role",
    "mark_left",
    "mark_returned",
    "move_place",
    "rebuild_links",
    "rename_place",
    "reopen_place",
    "set_room",
]
