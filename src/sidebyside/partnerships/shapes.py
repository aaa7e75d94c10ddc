"""Which parts together make which form of partnership.

Pure: words in, words out, no Django, no database.
"""

from collections import Counter
from collections.abc import Iterable

LARGEST = 5


def form_of(parts: Iterable[str]) -> str | None:
    """The form that these parts make: "pair", "peers", "team", or None where they make none.

    A pair is a coach and a learning partner, peers are two to five, a team is a coach with two to four
    learning partners.
    """
    count = Counter(parts)
    people = count.total()
    if not 2 <= people <= LARGEST:
        return None
    if count["peer"] == people:
        return "peers"
    if count["coach"] == 1 and count["partner"] == people - 1:
        return "pair" if people == 2 else "team"
    return None
