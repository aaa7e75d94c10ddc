"""Whom a session belongs to: nobody any more, once a leaver's days are over."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from sidebyside.materials.queries import enters_until
from sidebyside.people.models import Person


class WhileHere(ModelBackend):
    """Django's own backend, which lets a leaver's sessions end with her days."""

    def get_user(self, user_id: Any) -> Person | None:
        """The person of a session. One who has left costs two more queries, and knows until when she may come in."""
        person = super().get_user(user_id)
        if isinstance(person, Person) and person.left_at is not None:
            until = person.enters_until = enters_until(person)
            if until is not None and timezone.now() >= until:
                return None
        return person if isinstance(person, Person) else None
