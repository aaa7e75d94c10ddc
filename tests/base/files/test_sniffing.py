"""What a file is, whatever it is called: what is taken, and what is refused with which sentence."""

import io
import random
import time
import zipfile
import zlib

import pytest

from sidebyside.base.files import archives, kinds, portable, sniffing
from sidebyside.base.files.kinds import FileRefused, Limits, NotTaken
from tests.base.files import samples

HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200)
ELF = b"\x7fELF\x02\x01\x01" + bytes(200)


def broken(content: bytes) -> bytes:
    """An archive of whose last part one byte is another."""
    at = content.index(b"PK\x01\x02") - 20
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def locked() -> bytes:
    """An archive whose parts say that they have a password."""
    content = bytearray(samples.office())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.picture("JPEG"), kinds.JPEG),
        (samples.picture("PNG"), kinds.PNG),
        (samples.picture("WEBP"), kinds.WEBP),
        (samples.picture("GIF"), kinds.GIF),
        (samples.pdf(), kinds.PDF),
        (samples.office("docx"), kinds.DOCX),
        (samples.office("pptx"), kinds.PPTX),
        (samples.office("xlsx"), kinds.XLSX),
        (samples.open_document("text"), kinds.ODT),
        (samples.open_document("presentation"), kinds.ODP),
        (samples.open_document("spreadsheet"), kinds.ODS),
        (b"# Fractions\n\nTwo *thirds* of <3\n", kinds.TEXT),
        ("Дроби, 分数, كسور\r\n".encode(), kinds.TEXT),
        ("Dela rätt\n".encode("utf-16"), kinds.TEXT),
        (b"\xef\xbb\xbfWith a mark", kinds.TEXT),
        (b"BMW is a car, MZ a name, PK another", kinds.TEXT),
        (b"PS: see you on Monday", kinds.TEXT),
    ],
    ids=lambda value: value.media if isinstance(value, kinds.Kind) else "",
)
def test_what_is_taken_is_known_by_what_it_holds(content, kind):
    assert sniffing.look(content) is kind


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("nothing", b"", sniffing.EMPTY),
        ("SVG with a script", SVG, sniffing.MARKUP),
        ("SVG behind a declaration", b"\xef\xbb\xbf \n<?xml version='1.0'?>" + SVG, sniffing.MARKUP),
        ("a web page", HTML, sniffing.MARKUP),
        ("a web page in UTF-16", HTML.decode().encode("utf-16"), sniffing.MARKUP),
        ("a comment, then a web page", b"<!-- hello -->" + HTML, sniffing.MARKUP),
        ("a shell script", b"#!/bin/sh\nrm -rf ~\n", sniffing.MARKUP),
        ("a batch file", b"@ECHO OFF\r\ndel *.*\r\n", sniffing.MARKUP),
        ("RTF", b"{\\rtf1\\ansi hello}", sniffing.MARKUP),
        ("PostScript", b"%!PS-Adobe-3.0\n", sniffing.MARKUP),
        ("a Windows program", EXE, sniffing.UNKNOWN),
        ("a Linux program", ELF, sniffing.UNKNOWN),
        ("a Java class", b"\xca\xfe\xba\xbe\x00\x00\x00\x34", sniffing.UNKNOWN),
        ("a film", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", sniffing.UNKNOWN),
        ("a HEIC picture", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", sniffing.HEIC),
        ("an old Word file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), sniffing.OLD_OFFICE),
        ("text of the last century", "Übung über Brüche".encode("latin-1"), sniffing.NOT_UTF8),
        ("text with a control character", b"hello\x00world", sniffing.UNKNOWN),
        ("a zip of files", samples.zipped({"a.txt": "a"}), archives.NO_DOCUMENT),
        ("an EPUB", samples.zipped({"mimetype": "application/epub+zip"}, ("mimetype",)), archives.NO_DOCUMENT),
        ("a Java archive", samples.zipped({"META-INF/MANIFEST.MF": "a", "A.class": "b"}), archives.NO_DOCUMENT),
        ("a document with macros by its type", samples.office("docm"), archives.MACROS),
        ("macros in a docx", samples.office("docx", word__vbaProject=b"x"), archives.MACROS),
        ("macros under another case", samples.office("xlsx", XL__VBAPROJECT=b"x"), archives.MACROS),
        ("ActiveX", samples.office("docx", word__activeX__activeX1=b"x"), archives.MACROS),
        ("a program among slides", samples.office("pptx", **{"ppt/media/a.exe": b"x"}), archives.MACROS),
        ("Basic in LibreOffice", samples.open_document(Basic__Standard__Module1=b"x"), archives.MACROS),
        ("a locked LibreOffice file", samples.open_document(manifest=samples.LOCKED), archives.LOCKED),
        ("a locked archive", locked(), archives.LOCKED),
        ("a broken archive", broken(samples.office("docx", word__large=bytes(range(256)) * 99)), archives.BROKEN),
        ("a cut archive", samples.office()[:-30], archives.BROKEN),
        ("a web page before an archive", HTML + samples.office(), sniffing.UNKNOWN),
        ("a web page behind an archive", samples.office() + HTML, archives.BROKEN),
        ("a PDF before an archive's parts", samples.zipped({"mimetype": b"%PDF-1.4"}, ("mimetype",)), kinds.DOUBLE),
        ("a PDF with an archive behind", samples.pdf() + samples.office(), kinds.DOUBLE),
        ("a PDF that is an archive", samples.pdf() + samples.zipped({"a": "b"}), kinds.DOUBLE),
        ("a PDF with a program", samples.pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), portable.ACTING_PDF),
        ("a PDF with a written-out program", samples.pdf(b"/OpenAction<</S/J#61vaScript>>"), portable.ACTING_PDF),
        ("a PDF with a hidden program", samples.pdf_with_hidden_program(), portable.ACTING_PDF),
        ("a PDF that starts a program", samples.pdf(b"/OpenAction<</S/Launch/F(calc.exe)>>"), portable.ACTING_PDF),
        ("a PDF with a file inside", samples.pdf(b"/Names<</EmbeddedFiles 4 0 R>>"), portable.ACTING_PDF),
        ("a locked PDF", samples.pdf(b"/Encrypt 9 0 R"), portable.LOCKED_PDF),
        ("a cut PDF", samples.pdf()[:-30], portable.BROKEN_PDF),
        ("a web page called PDF", b"%PDF-" + HTML + b"%%EOF", portable.BROKEN_PDF),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_refused_with_a_sentence(name, content, why):
    with pytest.raises(FileRefused) as refused:
        sniffing.look(content)
    assert refused.value.sentence == why


def test_who_brings_the_wrong_kind_is_told_the_right_ones():
    with pytest.raises(NotTaken):
        sniffing.look(SVG)
    with pytest.raises(FileRefused) as broken_one:
        sniffing.look(samples.pdf()[:-30])
    assert not isinstance(broken_one.value, NotTaken)


def test_an_archive_that_says_how_large_it_grows_is_refused_before_it_does():
    content = samples.office("docx", word__a=bytes(3_000_000))
    assert len(content) < 10_000
    with pytest.raises(FileRefused, match="far larger"):
        sniffing.look(content, Limits(unpacked=2_000_000))


def test_an_archive_that_lies_about_how_large_it_grows_is_refused_while_it_does():
    content = samples.office("docx", word__a=bytes(3_000_000))
    size = (3_000_000).to_bytes(4, "little")
    assert content.count(size) == 2
    with pytest.raises(FileRefused):
        sniffing.look(content.replace(size, (90).to_bytes(4, "little")), Limits(unpacked=2_000_000))


def test_a_list_of_parts_with_entities_is_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "' + "c" * 99 + '"><!ENTITY d "&b;&b;">]><a>&d;</a>'
    with pytest.raises(FileRefused) as refused:
        sniffing.look(samples.zipped({"[Content_Types].xml": bomb, "word/document.xml": "a"}))
    assert refused.value.sentence == archives.BROKEN


def test_two_parts_of_one_name_are_refused():
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("[Content_Types].xml", "<b/>")
    with pytest.raises(FileRefused) as refused:
        sniffing.look(to.getvalue())
    assert refused.value.sentence == archives.BROKEN


def test_a_picture_with_a_script_in_it_is_taken_for_a_picture_and_judged_by_who_draws_it():
    assert sniffing.look(b"GIF89a=1;alert(1)//" + bytes(100)) is kinds.GIF


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_long_text_is_read_to_its_end_in_pieces(encoding):
    # (letters of several bytes, so that pieces end in the middle of some)
    text = "a" + "Größe 分数 \U0001f389\n" * 60_000
    assert sniffing.look(text.encode(encoding)) is kinds.TEXT
    with pytest.raises(NotTaken):
        sniffing.look((text + "\x00").encode(encoding))
    with pytest.raises(FileRefused):
        sniffing.look(text.encode(encoding) + b"\xe2")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_packed_as_no_document_is_refused_before_it_is_unpacked(method):
    to = io.BytesIO(samples.office())
    with zipfile.ZipFile(to, "a") as archive:
        archive.writestr("word/odd.xml", bytes(5_000), compress_type=method)
    content = bytearray(to.getvalue())
    if method == zipfile.ZIP_LZMA:  # 4 GB of memory is what it asks for
        at = content.index(b"word/odd.xml") + len("word/odd.xml") + 5
        content[at : at + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(FileRefused) as refused:
        sniffing.look(bytes(content))
    assert refused.value.sentence == archives.BROKEN


def test_an_archive_with_a_list_larger_than_any_document_has_is_refused_unread():
    head, line = b"PK\x03\x04" + bytes(30), b"PK\x01\x02" + bytes(42)
    lines = line * (archives.LARGEST_DIRECTORY // len(line) + 1)
    end = b"PK\x05\x06" + bytes(8) + len(lines).to_bytes(4, "little") + len(head).to_bytes(4, "little") + bytes(2)
    with pytest.raises(FileRefused) as refused:
        sniffing.look(head + lines + end)
    assert refused.value.sentence == archives.TOO_MUCH


def test_a_pdf_with_very_many_streams_is_looked_through_at_once():
    many = b"/Type/ObjStm stream\n" * 5_000 + bytes(8_000_000)
    begun = time.process_time()
    assert sniffing.look(b"%PDF-1.7\n" + many + b"\n%%EOF\n") is kinds.PDF
    assert time.process_time() - begun < 2  # (5 s where each is handed a copy of the next 8 MB)


def test_a_pdf_with_more_streams_than_are_looked_through_is_refused(monkeypatch):
    monkeypatch.setattr(portable, "_MOST_OBJECTS", 20)
    many = b"/Type/ObjStm stream\n" * 30
    with pytest.raises(FileRefused) as refused:
        sniffing.look(b"%PDF-1.7\n" + many + b"\n%%EOF\n")
    assert refused.value.sentence == portable.FULL_PDF


def test_a_pdf_whose_streams_grow_beyond_what_is_looked_into_is_refused(monkeypatch):
    monkeypatch.setattr(portable, "_LARGEST_OBJECTS", 100_000)
    grown = zlib.compress(b"a" * 70_000)
    stream = b"5 0 obj<</Type/ObjStm/N 1>>stream\n" + grown + b"\nendstream endobj\n"
    assert sniffing.look(b"%PDF-1.7\n" + stream + b"%%EOF\n") is kinds.PDF
    with pytest.raises(FileRefused) as refused:
        sniffing.look(b"%PDF-1.7\n" + stream * 2 + b"%%EOF\n")
    assert refused.value.sentence == portable.FULL_PDF


def test_a_program_far_into_a_large_stream_is_found():
    objects = zlib.compress(random.Random(1).randbytes(300_000).hex().encode() + b"<</S/JavaScript/JS(a)>>")
    assert len(objects) > 300_000
    stream = b"5 0 obj<</Type/ObjStm/N 1>>stream\n" + objects + b"\nendstream endobj\n"
    with pytest.raises(FileRefused) as refused:
        sniffing.look(b"%PDF-1.7\n" + stream + b"%%EOF\n")
    assert refused.value.sentence == portable.ACTING_PDF
