"""Rich texts of any shape, as hypothesis draws them."""

from hypothesis import strategies as st

from sidebyside.base.rich_text.nodes import clean

# Letters that mean something somewhere: to Markdown, to Typst, to HTML, to a database, to the reader's eye.
letters = st.sampled_from(
    list("abc  \t\n.,!*_`#>-+=~[]()<>&\\/\"'1234$@{}|:;")
    + [
        "\0",
        "\x0b",
        "\ud83d",
        "\u202e",
        "\u200f",
        "\u00a0",
        "\u2028",
        "😀",
        "é",
        "ß",
        "ش",
        "語",
        "ก",
        "http://",
        "&amp;",
    ]
)
words = st.lists(letters, max_size=14).map("".join)
hrefs = st.one_of(
    st.just('https://example.org/a b?c=d&copy=1(2)<">\\'),
    st.just("mailto:ana@example.org"),
    st.just("JavaScript:alert(1)"),
    st.just("java\nscript:alert(1)"),
    words.map("https://".__add__),
    words,
)
marks = st.lists(
    st.one_of(
        st.just({"type": "bold"}),
        st.just({"type": "italic"}),
        hrefs.map(lambda href: {"type": "link", "attrs": {"href": href}}),
    ),
    max_size=3,
)
inline = st.lists(
    st.one_of(
        st.builds(lambda text, marks: {"type": "text", "text": text, "marks": marks}, words, marks),
        st.just({"type": "hardBreak"}),
    ),
    max_size=5,
)
text_blocks = st.one_of(
    inline.map(lambda content: {"type": "paragraph", "content": content}),
    st.builds(
        lambda n, content: {"type": "heading", "attrs": {"level": n}, "content": content}, st.integers(1, 6), inline
    ),
)


def _around(blocks: st.SearchStrategy) -> st.SearchStrategy:
    items = st.lists(
        st.lists(blocks, max_size=3).map(lambda content: {"type": "listItem", "content": content}), max_size=3
    )
    return st.one_of(
        st.lists(blocks, max_size=3).map(lambda content: {"type": "blockquote", "content": content}),
        items.map(lambda content: {"type": "bulletList", "content": content}),
        st.builds(
            lambda start, content: {"type": "orderedList", "attrs": {"start": start}, "content": content},
            st.integers(-1, 1200),
            items,
        ),
    )


# As they may come in, and as they are kept.
raw_texts = st.lists(st.recursive(text_blocks, _around, max_leaves=6), max_size=5)
clean_texts = raw_texts.map(clean)
