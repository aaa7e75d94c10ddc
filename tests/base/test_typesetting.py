"""Print: what people wrote stays what they wrote, every letter is there or said to be missing, and time is bounded."""

import io
import time

import pytest
from pypdf import PdfReader

from sidebyside.base import typesetting, typesetting_apart
from sidebyside.base.rich_text.typst import quoted
from sidebyside.base.typesetting import NOTE_HERE, NotPrinted, Shot, families, typeset
from sidebyside.base.typesetting_apart import made
from tests.base.files import samples

HOSTILE = (
    '#read("/etc/passwd")', "$x^2$", "@reference", "<label>", "\\u{41}", '" + read("/etc/passwd") + "', "]#panic()[",
    "*bold* _no_", "= Heading", "// comment", "/* comment", "#import \"@preview/a:1.0.0\"", "`raw`", "~ -- ...", "\\",
    '\\"', "#" * 50, "\\#", '";#panic();"',
)  # fmt: skip


def document(*lines: str, language: str = "en") -> str:
    said = "\n\n".join(f"#{quoted(line)};" for line in lines)
    return (
        f'#set document(title: "T")\n#set text(lang: "{language}", font: {families(language)})\n{NOTE_HERE}\n{said}\n'
    )


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_what_people_wrote_is_never_obeyed():
    pdf = made(document(*HOSTILE), "", {}).pdf
    said = words(pdf)
    for line in ('#read("/etc/passwd")', "@reference", "$x^2$", "= Heading", "#panic()", "// comment", "`raw`"):
        assert line in said
    assert "root:" not in said


@pytest.mark.parametrize(
    "reading", ['#read("/etc/passwd")', '#read("pyproject.toml")', '#image("/etc/passwd")', '#include "/etc/hosts"']
)
def test_source_that_reads_files_is_no_source(reading):
    with pytest.raises(typesetting_apart.typst.TypstError):
        made(document() + reading, "", {})


def test_letters_of_many_scripts_are_there():
    scripts = [
        "Größe, façade, Nguyễn Thị",
        "Дроби",
        "Κλάσματα",
        "كسور",
        "שברים",
        "分数",
        "分数の授業",
        "분수",
        "भिन्न",
        "เศษส่วน",
        "ভগ্নাংশ",
        "பின்னம்",
        "ክፍልፋይ",
        "წილადი",
        "ප්‍රභාග",
        "ប្រភាគ",
        "\U0001f389 \U0001f469\u200d\U0001f3eb \U0001f44d\U0001f3fd \u2705 \u2611\ufe0f 1\ufe0f\u20e3",
        "\U0001f1f5\U0001f1f9 → ≤ ½ ① ♻",
    ]
    printed = made(document(*scripts), "", {})
    assert printed.lacking == ""
    said = words(printed.pdf)
    for each in ("Größe, façade, Nguyễn Thị", "Дроби", "Κλάσματα", "分数", "분수"):
        assert each in said
    assert b"pdfuaid" in printed.pdf
    assert b"NotoSansHebrew" in printed.pdf
    assert b"NotoEmoji" in printed.pdf


def test_letters_that_no_face_has_are_said_to_be_missing(monkeypatch):
    bundled = typesetting_apart._fonts(system=False)
    monkeypatch.setattr(typesetting_apart, "_fonts", lambda *, system: bundled)  # whatever this machine has besides
    printed = made(document("Well done ᚠ ᚢᚱ", "𐎠𐎡"), "Some letters are missing.", {})
    assert set(printed.lacking) == set("ᚠᚢᚱ𐎠𐎡")
    said = words(printed.pdf)
    assert "Some letters are missing." in said
    assert said.count("□") == 5
    assert "Well done" in said
    assert b"pdfuaid" in printed.pdf


def test_a_mark_of_ours_among_their_words_is_a_word(monkeypatch):
    bundled = typesetting_apart._fonts(system=False)
    monkeypatch.setattr(typesetting_apart, "_fonts", lambda *, system: bundled)
    # (in the title it stands before ours)
    named = document("ᚠ").replace('title: "T"', f"title: {quoted(NOTE_HERE + '/*NOTE*/')}")
    printed = made(named, '#text("Some letters are missing.")', {})
    assert words(printed.pdf).count("Some letters are missing.") == 1
    assert PdfReader(io.BytesIO(printed.pdf)).metadata.title == NOTE_HERE + "/*NOTE*/"


def test_nothing_is_said_where_no_letter_is_missing():
    assert "missing" not in words(made(document("All here"), "Some letters are missing.", {}).pdf)


def test_the_pdf_says_its_title_its_language_and_what_its_pictures_show():
    source = document("Words", language="pt") + '#heading[One]\n#image("one.svg", alt: "A red field", width: 50%)'
    pdf = made(source, "", {"one": Shot("image/jpeg", 40, 30, samples.picture())}).pdf
    catalogue = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert catalogue["/Lang"] == "pt"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert PdfReader(io.BytesIO(pdf)).metadata.title == "T"
    assert samples.picture() in pdf, "the picture as it was, not drawn anew"
    assert "A red field" in every_text_of(catalogue["/StructTreeRoot"])


def every_text_of(node, seen=None) -> str:
    """What the tags of a PDF say instead of what they mark."""
    seen = seen if seen is not None else set()
    node = node.get_object() if hasattr(node, "get_object") else node
    if id(node) in seen:
        return ""
    seen.add(id(node))
    if isinstance(node, list):
        return " ".join(every_text_of(each, seen) for each in node)
    if not isinstance(node, dict):
        return ""
    return f"{node.get('/Alt', '')} {every_text_of(node.get('/K', []), seen)}"


def test_a_pdf_that_cannot_be_ua_is_still_made():
    pdf = made(document() + "#heading[One]\n#heading(level: 3)[A level left out]", "", {}).pdf
    assert "A level left out" in words(pdf)


# In a process of its own


def test_what_is_printed_apart_is_the_same():
    shot = {"one": Shot("image/png", 40, 30, samples.picture("PNG"))}
    source = document("Дроби 分数") + '#image("one.svg", alt: "A")'
    printed = typeset(source, shot)
    assert "Дроби 分数" in words(printed.pdf)
    assert printed.lacking == ""
    assert len(PdfReader(io.BytesIO(printed.pdf)).pages[0].images) == 1


def test_a_text_without_end_is_ended():
    begun = time.monotonic()
    with pytest.raises(NotPrinted):
        typeset("#for each in range(100000) [#lorem(1000)]", within=1.0)
    assert time.monotonic() - begun < 5


def test_source_that_is_none_is_not_printed():
    with pytest.raises(NotPrinted):
        typeset("#panic()")


def test_the_other_process_has_none_of_our_secrets():
    assert set(typesetting.environment({"SECRET_KEY": "a", "PATH": "/bin"})) == {"PYTHONPATH"}
