"""Bringing together what two people made of one text, and putting other words in the place of some."""

import re
from dataclasses import dataclass, field

from sidebyside.base.rich_text.aligning import aligned
from sidebyside.base.rich_text.nodes import TEXT_BLOCKS, Node, Nodes, clean, line_of

# Blocks that share less than this are not one block that was changed.
_LEAST_IN_COMMON = 0.3


@dataclass
class _Side:
    """What somebody made of each block of the text before, and what she put before each of them."""

    blocks: list[Node | None]
    added: list[Nodes] = field(default_factory=list)


def merge(base: Nodes, mine: Nodes, theirs: Nodes) -> Nodes:
    """Return a text with what both changed in `base`. Where both changed the same block both are kept, theirs first;
    where one removed what the other changed, the change stays. No word that either wrote is lost."""
    one, other = _side(base, mine), _side(base, theirs)
    merged: Nodes = []
    for place, before in enumerate([*base, None]):
        merged += other.added[place]
        merged += [] if one.added[place] == other.added[place] else one.added[place]
        if before is not None:
            merged += _of_both(before, one.blocks[place], other.blocks[place])
    return merged


def replace_words(nodes: Nodes, quote: str, replacement: str) -> Nodes | None:
    """Return clean blocks with other words in the first place where the quoted ones stand inside one block, or None
    where they stand nowhere. The words around keep their marks; the new ones take those of the first they replace.
    Any white space in the quote stands for any."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    return _replaced(nodes, re.compile(pattern), replacement) if pattern else None


def _side(base: Nodes, changed: Nodes) -> _Side:
    side = _Side([None] * len(base), [[] for _ in range(len(base) + 1)])
    place = 0
    for here, there in aligned(base, changed, least=_LEAST_IN_COMMON):
        if here is None and there is not None:
            side.added[place].append(changed[there])
        elif here is not None:
            side.blocks[here] = None if there is None else changed[there]
            place = here + 1
    return side


def _of_both(before: Node, mine: Node | None, theirs: Node | None) -> Nodes:
    if mine in (theirs, before):
        kept = [theirs]
    elif theirs == before or theirs is None:
        kept = [mine]
    elif mine is None:
        kept = [theirs]
    elif before["type"] not in TEXT_BLOCKS and {**mine, "content": []} == {**theirs, "content": []}:
        kept = [{**theirs, "content": merge(before["content"], mine["content"], theirs["content"])}]
    else:
        kept = [theirs, mine]
    return [block for block in kept if block is not None]


def _replaced(nodes: Nodes, quote: re.Pattern[str], replacement: str) -> Nodes | None:
    for place, node in enumerate(nodes):
        content: Nodes | None = None
        if node["type"] not in TEXT_BLOCKS:
            content = _replaced(node.get("content", []), quote, replacement)
        elif found := quote.search(line_of(node)):
            content = _with_words(node["content"], *found.span(), replacement)
        if content is not None:
            changed = [*nodes[:place], {**node, "content": content}, *nodes[place + 1 :]]
            return changed if node["type"] == "listItem" else clean(changed)
    return None


def _with_words(content: Nodes, begin: int, end: int, replacement: str) -> Nodes:
    made: Nodes = []
    at = 0
    placed = False
    for node in content:
        text = node.get("text", "\n")
        before, after = text[: max(begin - at, 0)], text[max(end - at, 0) :]
        if before == text or after == text:
            made.append(node)
        else:
            made.append({**node, "type": "text", "text": before})
            if not placed:
                made.append({**node, "type": "text", "text": replacement})
                placed = True
            made.append({**node, "type": "text", "text": after})
        at += len(text)
    return made
