from html.parser import HTMLParser

from hypothesis import given, settings

from sidebyside.base.rich_text.html import to_html
from sidebyside.base.rich_text.nodes import paragraphs, plain
from tests.base.rich_text.texts import clean_texts

TAGS = {"p", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br"}


class Seen(HTMLParser):
    """What a browser would make of it: tags with attributes, and words."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.open = [], "", []
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


@given(clean_texts)
@settings(max_examples=30, deadline=None)
def test_nothing_that_people_wrote_is_markup(nodes):
    seen = Seen(to_html(nodes))
    assert seen.open == []
    assert seen.words == plain(nodes).replace("\n", "")
    assert {tag for tag, _ in seen.tags} <= TAGS
    for tag, attrs in seen.tags:
        assert set(attrs) <= ({"href", "rel"} if tag == "a" else {"dir", "start"})
        if tag == "a":
            assert attrs["rel"] == "noopener nofollow"
            assert attrs["href"].lower().startswith(("http://", "https://", "mailto:"))


def test_a_text_on_a_page():
    item = {"type": "listItem", "content": paragraphs("one")}
    nodes = [
        {"type": "heading", "attrs": {"level": 4}, "content": [{"type": "text", "text": "A & B"}]},
        {"type": "orderedList", "attrs": {"start": 2}, "content": [item]},
        {"type": "paragraph"},
        *paragraphs("<b>"),
    ]
    assert to_html(nodes, top=2) == (
        '<h3 dir="auto">A &amp; B</h3><ol start="2" dir="ltr"><li dir="auto">one</li></ol><p dir="auto">&lt;b&gt;</p>'
    )


def test_an_item_with_several_paragraphs_shows_them_apart():
    item = {"type": "listItem", "content": paragraphs("one\ntwo")}
    assert '<li dir="ltr"><p dir="auto">one</p>' in to_html([{"type": "bulletList", "content": [item]}])


def test_lists_and_quotations_run_as_the_words_in_them():
    """Where a browser looks for the direction of a list it passes over items that have their own."""
    words = "1. \u0643\u062a\u0627\u0628"
    item = {"type": "listItem", "content": paragraphs(words)}
    lists = [{"type": "bulletList", "content": [item]}]
    assert to_html(lists) == f'<ul dir="rtl"><li dir="auto">{words}</li></ul>'
    assert to_html([{"type": "blockquote", "content": lists}]).startswith('<blockquote dir="rtl"><ul dir="rtl">')
    apart = {"type": "listItem", "content": paragraphs(f"{words}\n{words}")}
    assert '<li dir="rtl"><p dir="auto">' in to_html([{"type": "bulletList", "content": [apart]}])
    number = {"type": "listItem", "content": paragraphs("1 + 1")}
    assert to_html([{"type": "bulletList", "content": [number]}]).startswith('<ul dir="auto">')
