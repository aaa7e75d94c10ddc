"""The words of the programme on a page: as the reader's place calls them."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext

from sidebyside.materials.queries import words_for
from sidebyside.materials.words import word

ROLE_WORDS = {"lead": "programme_lead", "leader": "school_leader"}


class OwnWords:
    """`words("cycle")`, `words("cycle", 2)`: asks for the place's own words at the first use, once a page."""

    def __init__(self, person: Any) -> None:
        self._person = person

    @cached_property
    def _own(self) -> dict[str, tuple[str, str]]:
        standing = getattr(self._person, "standing", None)
        return words_for(standing.above or standing.at(*standing.kinds)) if standing else {}

    def __call__(self, key: str, count: int = 1) -> str:
        """The word for so many things, in small letters as inside a sentence."""
        return word(key, count=count, own=self._own, translate=gettext)

    def first(self, key: str, count: int = 1) -> str:
        """The same at the beginning of a line: its first letter is a capital."""
        text = self(key, count)
        return text[:1].upper() + text[1:]

    def role(self, kind: str, count: int = 1) -> str:
        """The word for a kind of role, at the beginning of a line."""
        return self.first(ROLE_WORDS.get(kind, kind), count)
