"""Who reads which event: one plain list. An event kind without a reader says so with `nobody`."""

from collections.abc import Callable

from sidebyside.base.models import Event


def nobody(event: Event) -> None:
    """This happened, and nothing above has to act on it."""


READERS: list[tuple[str, Callable[[Event], None]]] = []
