"""A lesson as text, as one page and in print: the same words everywhere, and nothing of them obeyed."""

import base64
import hashlib
import html
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader

from sidebyside.base.rich_text.directions import direction_of
from sidebyside.base.rich_text.markdown import from_markdown
from sidebyside.base.rich_text.nodes import clean
from sidebyside.base.typesetting_apart import made
from sidebyside.lessons.exports import print as printing
from sidebyside.lessons.exports.languages import language_of
from sidebyside.lessons.exports.page import to_page
from sidebyside.lessons.exports.sheets import Drawing, Section, Sheet
from sidebyside.lessons.exports.text import to_text
from tests.base.files import samples

JUGS = Drawing("Four jugs", "Four jugs", "image/jpeg", 40, 30, samples.picture())
PLAIN = Drawing("A picture that nobody has described yet", "", "image/png", 40, 30, samples.picture("PNG"))
SHEET = Sheet(
    title="Which drink is stronger?",
    about="Year 7, science",
    minutes="35 minutes",
    reader="en",
    sections=(
        Section("The task", "5 minutes", from_markdown("Mix *red* syrup:\n\n1. two cups\n2. **three** cups"), (JUGS,)),
        Section("What happens", "", from_markdown("### First\n\nTaste.\n\n[More](https://example.org/a?b=1&c=2)")),
    ),
    drawings=(PLAIN,),
    standards_title="Standards",
    standards=(("7.RP.A.1", "Compute unit rates"), ("", "Compare <mixtures> & reasons")),
    others_title="Files that belong to it",
    others=(("sheet.pdf", "For each pair"), ("plan.docx", "")),
    lacking="Some signs could not be printed.",
)
HOSTILE = (
    '<script>alert(1)</script> #read("/etc/passwd") $x$ @ref \\u{41} "quoted" *no* _no_ [a](javascript:b) & ]#panic()['
)
ROGUE = replace(
    SHEET, title=HOSTILE, about=HOSTILE, standards=((HOSTILE, HOSTILE),), others=((HOSTILE, HOSTILE),),
    sections=(
        Section(HOSTILE, "", clean([{"type": "paragraph", "content": [{"type": "text", "text": HOSTILE}]}])),
    ),
    drawings=(replace(JUGS, alt=HOSTILE, caption=HOSTILE),),
)  # fmt: skip


def printed(sheet: Sheet) -> bytes:
    shots: dict = {}
    return made(printing.source_of(sheet, shots), printing.note(sheet.lacking), shots).pdf


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


# Text


def test_text_says_all_in_order():
    assert (
        to_text(SHEET)
        == """\
# Which drink is stronger?

Year 7, science

35 minutes

## Standards

- 7\\.RP.A.1: Compute unit rates
- Compare \\<mixtures> & reasons

## The task (5 minutes)

Mix _red_ syrup:

1. two cups
2. **three** cups

\\[Four jugs\\]

## What happens

### First

Taste.

[More](<https://example.org/a?b=1\\&c=2>)

\\[A picture that nobody has described yet\\]

## Files that belong to it

- sheet.pdf: For each pair
- plan.docx
"""
    )


def test_text_is_read_as_it_was_written():
    tokens = MarkdownIt("commonmark").parse(to_text(ROGUE))
    inline = [token.content for token in tokens if token.type == "inline"]
    children = [child for token in tokens for child in token.children or [] if child.nesting or child.tag]
    assert not [token for token in tokens if token.type in ("html_block", "fence")]
    assert children == [], "nothing in it is marked, linked or shown"
    assert len(inline) == 10


# One web page


def test_the_page_says_all_and_needs_nothing_else():
    page = to_page(SHEET)
    assert page.count("<h1") == 1
    assert page.count("<h2") == 4
    assert f"data:image/jpeg;base64,{base64.b64encode(JUGS.content).decode()}" in page
    assert 'alt="Four jugs"' in page
    assert "<strong><bdi>7.RP.A.1</bdi></strong> Compute unit rates" in page
    assert "Compare &lt;mixtures&gt; &amp; reasons" in page
    for loading in ("<script", "<link", 'src="http', "url(", "@import", "<iframe"):
        assert loading not in page
    policy = html.unescape(re.search('Content-Security-Policy" content="([^"]+)"', page)[1])
    style = re.search("<style>(.*)</style>", page, re.DOTALL)[1]
    look = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{look}'" in policy, "it looks like this, and nothing in it changes that"
    assert "unsafe" not in policy
    assert '<html lang="en" dir="ltr">' in page


def test_the_page_is_whole():
    assert {"html", "head", "title", "style", "body", "main", "figure", "img"} <= set(tags(to_page(SHEET)))
    opened, closed = counted(to_page(SHEET))
    assert opened == closed


def tags(page: str) -> list[str]:
    return [tag for tag, _ in events(page)]


def counted(page: str) -> tuple[list[str], list[str]]:
    every = events(page)
    void = ("meta", "img", "br")
    opened = sorted(tag for tag, begins in every if begins and tag not in void)
    return opened, sorted(tag for tag, begins in every if not begins)


def events(page: str) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, True))
            assert not [name for name, _ in attrs if name.startswith("on")]

        def handle_endtag(self, tag):
            found.append((tag, False))

    Reader().feed(page)
    return found


def test_nothing_that_was_written_is_markup_on_the_page():
    page = to_page(ROGUE)
    assert "<script" not in page
    assert "javascript:b" in page, "as words"
    assert 'href="javascript' not in page
    assert {"script", "a", "em", "strong"} & set(tags(page)) == {"strong"}, "strong is the code of a standard"


# Print


def test_print_says_all_in_order():
    said = words(printed(SHEET))
    order = ["Which drink is stronger?", "Year 7, science", "35 minutes", "7.RP.A.1", "Compare <mixtures> & reasons",
             "The task", "Mix red syrup:", "three cups", "Four jugs", "What happens", "First", "Taste.",
             "More", "Files that belong to it", "sheet.pdf", "1 / 1"]  # fmt: skip
    places = [said.index(each) for each in order]
    assert places == sorted(places)
    assert "Some signs" not in said


def test_print_is_tagged():
    pdf = printed(SHEET)
    reader = PdfReader(io.BytesIO(pdf))
    catalogue = reader.trailer["/Root"]
    assert b"pdfuaid:part" in pdf
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Which drink is stronger?"
    found = list(structure(catalogue["/StructTreeRoot"]))
    names = [name for name, _ in found]
    assert names.count("/H1") == 4
    assert names.count("/H2") == 1
    assert {"/Title", "/L", "/LI", "/Figure", "/Link", "/P"} <= set(names)
    assert [alt for name, alt in found if name == "/Figure"] == [JUGS.alt, PLAIN.alt]
    assert JUGS.content in pdf


def structure(node, depth=0):
    """The tags of a PDF in order, each with what it says instead of what it marks."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from structure(each, depth + 1)
    elif isinstance(node, dict) and depth < 60:
        if "/S" in node:
            yield str(node["/S"]), str(node.get("/Alt", ""))
        if "/K" in node:
            yield from structure(node["/K"], depth + 1)


def test_nothing_that_was_written_is_obeyed_in_print():
    said = words(printed(ROGUE))
    assert "root:" not in said
    for piece in ('#read("/etc/passwd")', "$x$", "@ref", "\\u{41}", "*no* _no_", "]#panic()[", "<script>"):
        assert said.count(piece) == 9, piece


def test_a_heading_that_leaves_a_level_out_is_printed_in_steps():
    nodes = from_markdown("#### Deep\n\nwords\n\n### Higher\n\n#### Deep again")
    assert [node["attrs"]["level"] for node in printing.stepped(nodes) if node["type"] == "heading"] == [3, 3, 4]
    pdf = printed(replace(SHEET, sections=(Section("A", "", nodes),)))
    assert b"pdfuaid:part" in pdf


def test_what_runs_from_right_to_left_does_so_in_print():
    arabic = Sheet(
        title="أي شراب أقوى؟", about="", minutes="", reader="en",
        sections=(Section("المهمة", "", from_markdown("اخلط الشراب.\n\nAnd one line in English.")),),
    )  # fmt: skip
    source = printing.source_of(arabic, {})
    assert 'lang: "ar", dir: rtl' in source
    assert "#set text(dir: ltr)" in source
    pdf = printed(arabic)
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Lang"] == "ar"
    assert b"pdfuaid:part" in pdf
    assert '<html lang="ar" dir="rtl">' in to_page(arabic)


def test_a_code_runs_its_own_way_among_words_that_run_the_other():
    arabic = Sheet(
        "أي شراب أقوى؟", "", "", "ar", standards_title="المعايير", standards=(("7.RP.A.1", "احسب المعدلات"),)
    )
    (line,) = (line for line in printing.source_of(arabic, {}).split("\n") if "RP" in line)
    assert '#strong("\u20687.RP.A.1\u2069");' in line
    pdf = printed(arabic)
    assert "7.RP.A.1" in words(pdf)
    assert b"pdfuaid:part" in pdf


def test_a_lesson_without_a_word_is_printed():
    assert PdfReader(io.BytesIO(printed(Sheet("", "", "", "en")))).metadata.title == "…"


def test_a_word_that_is_wider_than_the_page_is_printed_to_its_end():
    word = "".join(chr(0x61 + at % 26) for at in range(190))
    long = replace(SHEET, title=word, about=f"{word}é", others=((f"{word}.txt", ""),))
    pages = PdfReader(io.BytesIO(printed(long))).pages
    lines = [line.replace("\u200b", "") for page in pages for line in page.extract_text().split("\n")]
    assert max(len(line) for line in lines) < 120
    assert "".join(lines).count(word) == 3


def test_a_long_lesson_is_printed():
    long = replace(SHEET, sections=(Section("A", "", from_markdown("word " * 3_000 + "\n\n" + "x" * 3_000)),) * 4)
    assert len(PdfReader(io.BytesIO(printed(long))).pages) > 8


# Languages


@pytest.mark.parametrize(
    ("text", "reader", "code"),
    [
        ("Fractions", "en", "en"),
        ("Brüche", "de-ch", "de"),
        ("", "qps-plocm", "en"),
        ("123", "pt-br", "pt"),
        ("كسور معا and", "en", "ar"),
        ("کسرها", "fa", "fa"),
        ("שברים", "en", "he"),
        ("Дроби", "sr", "sr"),
        ("Дроби", "en", "ru"),
        ("分数", "en", "zh"),
        ("分数の授業です", "en", "ja"),
        ("분수 分数", "en", "ko"),
        ("เศษส่วน", "en", "th"),
    ],
)
def test_the_language_of_a_text_is_told_by_its_letters(text, reader, code):
    assert language_of(text, reader).code == code


@pytest.mark.parametrize(("text", "way"), [("1) كسور", "rtl"), ("... one كسور", "ltr"), ("12 ?", ""), ("", "")])
def test_the_first_letter_says_which_way_a_line_runs(text, way):
    assert direction_of(text) == way
