"""What can be done about cover: ask for it, be away, propose who takes a lesson, answer, thank."""

from sidebyside.cover.actions.asking import ask, cancel, change_notes

__all__ = ["ask", "cancel", "change_notes"]
