"""Rich text inside a shared document, as y-prosemirror writes it there.

A block is an XmlElement named for its type with its attributes. The words of a paragraph are an XmlText with marks as
formats (`{"bold": {}, "link": {"href": ...}}`), a break is an element between two of them.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pycrdt import XmlElement, XmlFragment, XmlText

from sidebyside.base.rich_text.aligning import aligned
from sidebyside.base.rich_text.nodes import LISTS, TEXT_BLOCKS, Node, Nodes, clean

Parent = XmlFragment | XmlElement
Run = tuple[str, Nodes]

# So much that is no rich text is passed over in one block before the rest of the block is left unread.
MOST_FOREIGN = 20


def read(fragment: XmlFragment) -> Nodes:
    """Return what a fragment says, as clean blocks. What is no rich text in it is left out."""
    return clean(_raw_children(fragment))


def write(fragment: XmlFragment, nodes: Nodes) -> None:
    """Make a fragment say this, in the caller's transaction.

    Blocks that already stand at their place are not touched, and of a changed paragraph the words at its start and its
    end that stay are not: what somebody else writes there at the same moment survives.
    """
    _write_blocks(fragment, clean(nodes))


def characters(fragment: XmlFragment) -> int:
    """How many characters stand in a fragment, in whatever it holds. (The library's own `str` would nest calls as deep
    as the elements are nested, which ends the process.)"""
    count = 0
    waiting: list[Any] = [fragment]
    while waiting:
        found = waiting.pop()
        if isinstance(found, XmlText):
            count += sum(len(said) for said, _ in found.diff() if isinstance(said, str))
        else:
            waiting += _children(found)
    return count


# -- Reading --


def _raw(child: Any) -> Nodes:
    """One child as nodes that are not clean yet. What is nested by malice does not nest calls."""
    top: Nodes = []
    waiting: list[tuple[Any, Nodes]] = [(child, top)]
    while waiting:
        found, into = waiting.pop()
        if isinstance(found, XmlText):
            into.extend(_raw_text(found))
        elif isinstance(found, XmlElement):
            inside: Nodes = []
            attributes: Any = found.attributes
            into.append({"type": found.tag, "attrs": dict(attributes), "content": inside})
            waiting += [(grandchild, inside) for grandchild in reversed(_children(found))]
    return top


def _raw_children(parent: Parent) -> Nodes:
    return [node for child in _children(parent) for node in _raw(child)]


def _children(parent: Parent) -> list[Any]:
    """The elements and texts of a parent. Where something else was put between them, the library stops; then those
    behind it are asked for one by one, as long as there is little of that."""
    children = [] if (found := _asked(partial(list, parent.children))) is None else found
    foreign = 0
    for place in range(len(children), len(parent.children)):
        child = _asked(partial(parent.children.__getitem__, place))
        foreign += child is None
        if foreign > MOST_FOREIGN:
            break
        children += [child] if child is not None else []
    return children


def _asked(question: Callable[[], Any]) -> Any:
    """The answer, or None where the library panics. Its exception can only be told by its name, and is no Exception."""
    try:
        return question()
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise
        return None


def _raw_text(text: XmlText) -> Nodes:
    return [
        {"type": "text", "text": said, "marks": [*_raw_marks(formats or {})]}
        for said, formats in text.diff()
        if isinstance(said, str)
    ]


def _raw_marks(formats: dict[str, Any]) -> Iterator[Node]:
    for name, attrs in formats.items():
        if attrs is not None and attrs is not False:
            # Marks that may overlap carry a hash behind their name.
            yield {"type": name.split("--")[0], "attrs": attrs}


# -- Writing --


def _write_blocks(parent: Parent, wanted: Nodes) -> None:
    standing = _own_children(parent)
    said = [_raw(child) for child in standing]
    in_list = isinstance(parent, XmlElement) and parent.tag in LISTS
    have = [_one(raw, in_list) for raw in said]
    place = 0
    for here, there in aligned(have, wanted):
        if there is None:
            del parent.children[place]
            continue
        node = wanted[there]
        if here is None:
            _insert(parent, place, node)
        elif have[here] != node:
            _rewrite(standing[here], node)
        place += 1


def _own_children(parent: Parent) -> list[Any]:
    """The children at their places. A parent that holds anything foreign is emptied: then places cannot be told."""
    children = _children(parent)
    if len(children) == len(parent.children):
        return children
    del parent.children[0 : len(parent.children)]
    return []


def _one(raw: Nodes, in_list: bool) -> Node:
    """What one child says: the clean block it is, or nothing comparable where it is none or several."""
    if in_list:
        lists = clean([{"type": "bulletList", "content": raw}])
        found = lists[0]["content"] if lists else []
    else:
        found = clean(raw)
    return found[0] if len(found) == 1 and len(raw) == 1 and found[0]["type"] == raw[0]["type"] else {"type": ""}


def _rewrite(element: XmlElement, node: Node) -> None:
    _write_attributes(element, node)
    if node["type"] in TEXT_BLOCKS:
        _write_inline(element, node.get("content", []))
    else:
        _write_blocks(element, node.get("content", []))


def _write_attributes(element: XmlElement, node: Node) -> None:
    for name, value in node.get("attrs", {}).items():
        if element.attributes.get(name) != value:
            element.attributes[name] = value


def _insert(parent: Parent, place: int, node: Node) -> None:
    element = parent.children.insert(place, XmlElement(node["type"]))
    _write_attributes(element, node)
    content = node.get("content", [])
    if node["type"] in TEXT_BLOCKS:
        _write_inline(element, content)
        return
    for number, child in enumerate(content):
        _insert(element, number, child)


def _write_inline(element: XmlElement, content: Nodes) -> None:
    """The words of a paragraph, line by line: those lines that differ, and in them what differs."""
    standing = _own_children(element)
    have = [_line(child) for child in standing]
    wanted = list(_lines(content))
    first = _same(have, wanted)
    last = _same(have[first:][::-1], wanted[first:][::-1])
    have, wanted = have[first : len(have) - last], wanted[first : len(wanted) - last]
    standing = standing[first : len(standing) - last]
    place = first
    for child, line in zip(standing, wanted, strict=False):
        if _line(child) == line:
            pass
        elif isinstance(child, XmlText) and line is not None:
            _write_text(child, line)
        else:
            del element.children[place]
            _insert_line(element, place, line)
        place += 1
    if len(standing) > len(wanted):
        del element.children[place : place + len(standing) - len(wanted)]
    for line in wanted[len(standing) :]:
        _insert_line(element, place, line)
        place += 1


def _line(child: Any) -> list[Run] | None | str:
    """The words of an XmlText as runs; None for a break; a name for what is neither."""
    if isinstance(child, XmlText):
        return _runs(_content(clean(_raw_text(child))))
    return None if isinstance(child, XmlElement) and child.tag == "hardBreak" else "unknown"


def _content(blocks: Nodes) -> Nodes:
    return blocks[0].get("content", []) if blocks else []


def _runs(content: Nodes) -> list[Run]:
    return [(node.get("text", "\n"), node.get("marks", [])) for node in content]


def _lines(content: Nodes) -> Iterator[list[Run] | None]:
    line: list[Run] = []
    for node in content:
        if node["type"] == "text":
            line.append((node["text"], node.get("marks", [])))
            continue
        if line:
            yield line
        yield None
        line = []
    if line:
        yield line


def _same(have: list[Any], wanted: list[Any]) -> int:
    count = 0
    for one, other in zip(have, wanted, strict=False):
        if one != other:
            break
        count += 1
    return count


def _insert_line(element: XmlElement, place: int, line: list[Run] | None) -> None:
    if line is None:
        element.children.insert(place, XmlElement("hardBreak"))
        return
    text = element.children.insert(place, XmlText(""))
    _insert_runs(text, 0, line)


def _insert_runs(text: XmlText, at: int, runs: list[Run]) -> None:
    for said, marks in runs:
        text.insert(at, said, {mark["type"]: mark.get("attrs", {}) for mark in marks})
        at += _length(said)


def _write_text(text: XmlText, line: list[Run]) -> None:
    if any(not isinstance(said, str) for said, _ in text.diff()):
        text.clear()
    have = [*_letters(_raw_runs(text))]
    wanted = [*_letters(line)]
    first = _same(have, wanted)
    last = _same(have[first:][::-1], wanted[first:][::-1])
    begin = _length("".join(letter for letter, _ in have[:first]))
    size = _length("".join(letter for letter, _ in have[first : len(have) - last]))
    if size:
        del text[begin : begin + size]
    _insert_runs(text, begin, _joined(wanted[first : len(wanted) - last]))


def _raw_runs(text: XmlText) -> list[tuple[str, Nodes]]:
    """The words as they stand, character by character comparable with clean ones: only marks are made clean."""
    runs: list[tuple[str, Nodes]] = []
    for said, formats in text.diff():
        marked = clean([{"type": "text", "text": "x", "marks": [*_raw_marks(formats or {})]}])
        runs.append((said, marked[0]["content"][0].get("marks", [])))
    return runs


def _letters(runs: list[tuple[str, Nodes]]) -> Iterator[tuple[str, Nodes]]:
    for said, marks in runs:
        for letter in said:
            yield letter, marks


def _joined(letters: list[tuple[str, Nodes]]) -> list[Run]:
    runs: list[Run] = []
    for letter, marks in letters:
        if runs and runs[-1][1] == marks:
            runs[-1] = (runs[-1][0] + letter, marks)
        else:
            runs.append((letter, marks))
    return runs


def _length(text: str) -> int:
    """The library counts bytes."""
    return len(text.encode())
