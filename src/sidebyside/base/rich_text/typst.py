"""Rich text as Typst, for print. All words stand in strings, where Typst knows no markup."""

from sidebyside.base.rich_text.nodes import Node, Nodes


def to_typst(nodes: Nodes, *, top: int = 3) -> str:
    """Return clean blocks as Typst markup. Headings begin at level `top`."""
    return "\n\n".join(_block(node, top) for node in nodes if node.get("content"))


def quoted(text: str) -> str:
    """Return a text as a string of Typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _block(node: Node, top: int) -> str:
    content = node.get("content", [])
    if node["type"] == "paragraph":
        return _inline(content)
    if node["type"] == "heading":
        return f"#heading(level: {top + node['attrs']['level'] - 3})[{_inline(content)}]"
    if node["type"] == "blockquote":
        return f"#quote(block: true)[{to_typst(content, top=top)}]"
    items = "".join(f"[{to_typst(item.get('content', []), top=top)}], " for item in content)
    if node["type"] == "orderedList":
        return f"#enum(start: {node['attrs']['start']}, {items})"
    return f"#list({items})"


def _inline(content: Nodes) -> str:
    return "".join(_words(node) for node in content)


def _words(node: Node) -> str:
    if node["type"] == "hardBreak":
        return "#linebreak();"
    words = quoted(node["text"])
    for mark in node.get("marks", []):
        if mark["type"] == "link":
            words = f"link({quoted(mark['attrs']['href'])}, {words})"
        else:
            words = f"{'strong' if mark['type'] == 'bold' else 'emph'}({words})"
    # The semicolon ends the expression: no bracket or full stop that follows belongs to it.
    return f"#{words};"
