"""Small numbers stay hidden, also from somebody who subtracts.

A number under five about people can point at one of them. Where several places stand beside their sum, one
hidden number could be found by taking the others from the sum; then a second one, the next smallest, is
hidden as well (complementary suppression, as statistical offices do).
"""

from collections.abc import Mapping

FEWEST = 5


def shown(counts: Mapping[int, int], *, fewest: int = FEWEST) -> tuple[dict[int, int | None], int | None]:
    """Take counts by key (of places that do not overlap) and return them and their sum as they may be shown.

    None stands for a hidden number. Zero is hidden too: "none" is a statement about everybody there. The sum is
    hidden where it is small itself, or where fewer than two numbers could be hidden to protect one.
    """
    hidden = {key for key, count in counts.items() if count < fewest}
    if len(hidden) == 1:
        others = sorted((count, key) for key, count in counts.items() if key not in hidden)
        hidden |= {others[0][1]} if others else set()
    total = sum(counts.values())
    # Two hidden numbers whose sum is small still say too much about both.
    rest = sum(counts[key] for key in hidden)
    total_hidden = total < fewest or (bool(hidden) and (len(hidden) < 2 or rest < fewest))
    return {key: None if key in hidden else count for key, count in counts.items()}, None if total_hidden else total
