"""Rich text as HTML."""

from markupsafe import Markup, escape

from sidebyside.base.rich_text.directions import direction_of
from sidebyside.base.rich_text.nodes import TEXT_BLOCKS, Node, Nodes, plain

_TAGS = {"bulletList": "ul", "orderedList": "ol", "blockquote": "blockquote"}


def to_html(nodes: Nodes, *, top: int = 3) -> Markup:
    """Return clean blocks as HTML in which nothing of what people wrote is markup. Headings begin at level `top`; each
    block finds its own direction."""
    return Markup("").join(_block(node, top) for node in nodes)


def inline_html(content: Nodes) -> Markup:
    """Return the words and breaks of one clean paragraph as HTML."""
    return Markup("").join(_words(node) for node in content)


def _block(node: Node, top: int) -> Markup:
    content = node.get("content", [])
    kind = node["type"]
    if kind == "paragraph":
        return Markup('<p dir="auto">{}</p>').format(inline_html(content)) if content else Markup("")
    if kind == "heading":
        level = min(top + node["attrs"]["level"] - 3, 6)
        return Markup('<h{0} dir="auto">{1}</h{0}>').format(level, inline_html(content)) if content else Markup("")
    if kind == "listItem" and not _is_apart(content):
        words = inline_html(content[0].get("content", []))
        return Markup('<li dir="auto">{}{}</li>').format(words, to_html(content[1:], top=top))
    # A browser does not look into blocks that find their own direction to find that of what is around them.
    way = direction_of(plain(content)) or "auto"
    if kind == "listItem":
        return Markup('<li dir="{}">{}</li>').format(way, to_html(content, top=top))
    start = node.get("attrs", {}).get("start", 1)
    begin = Markup(' start="{}"').format(start) if start != 1 else ""
    return Markup('<{0}{1} dir="{2}">{3}</{0}>').format(_TAGS[kind], begin, way, to_html(content, top=top))


def _is_apart(content: Nodes) -> bool:
    """Whether an item holds several paragraphs. One with or without lists below it is not set apart as a paragraph."""
    return any(block["type"] in TEXT_BLOCKS for block in content[1:])


def _words(node: Node) -> Markup:
    if node["type"] == "hardBreak":
        return Markup("<br>")
    words = escape(node["text"])
    for mark in node.get("marks", []):
        if mark["type"] == "link":
            words = Markup('<a href="{}" rel="noopener nofollow">{}</a>').format(mark["attrs"]["href"], words)
        else:
            words = Markup("<{0}>{1}</{0}>").format("strong" if mark["type"] == "bold" else "em", words)
    return words
