"""Reading CASE packages: whatever somebody hands in is read, or refused with a sentence that says what and where."""

import io
import json
import re
import time
import tracemalloc
import zipfile

import pytest

from sidebyside.materials import case_files
from sidebyside.materials.case import read_package
from sidebyside.materials.content_files import CONTENT
from sidebyside.materials.standards_shapes import StandardsRefused, depths
from tests.materials.packages import DOCUMENT, as_bytes, below, item, large, package


def read(value, file="list.json"):
    return read_package(value if isinstance(value, bytes) else as_bytes(value), file)


def refusal(value) -> str:
    with pytest.raises(StandardsRefused) as caught:
        read(value)
    return " | ".join(fault.reason for fault in caught.value.faults)


def zipped(*files, mode=zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", mode) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


# What is no package


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"   \n ", "The file is empty."),
        (b"<!doctype html><title>Sign in", "This is a web page or XML."),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x80", "This is no text in UTF-8."),
        ('{"CFDocument": "é"}'.encode("latin-1"), "This is no text in UTF-8."),
        (b"code,statement\n1,Count", "This is not sound JSON from here on."),
        (b'{"CFDocument": {"identifier": "x"', "This is not sound JSON from here on."),
        (b"{} {}", "This is not sound JSON from here on."),
        (b"[" * 200_000, "far too deep"),
        (b'{"a":' * 100_000, "far too deep"),
        (b'{"CFDocument": NaN}', "“NaN” stands where a number should be."),
        (b'{"CFDocument": {}, "n": -Infinity}', "“-Infinity” stands where a number should be."),
        (b'{"n": ' + b"9" * 10_000 + b"}", "a number in this file that is far too long"),
        (b'{"CFDocument": {"title": "A", "title": "B"}}', "“title” is said twice in one place"),
        (b"3", "no CASE package"),
        (b"null", "no CASE package"),
        (b'"CFDocument"', "no CASE package"),
        (b"[]", "no CASE package"),
        (b"{}", "no CASE package"),
        (b'{"CFDocument": []}', "no CASE package"),
        (b'{"CFPackage": {"CFItems": []}}', "no CASE package"),
        (b'{"imsx_codeMajor": "failure"}', "the answer of a server that something went wrong"),
        (b'{"CFDocuments": []}', "a server's list of its packages"),
        (b"PK\x03\x04 cut short", "not a zip archive"),
        (b"PK\x05\x06" + b"\0" * 18, "no JSON file in this archive"),
    ],
)
def test_what_is_no_package_is_refused_with_a_sentence(data, sentence) -> None:
    assert sentence in refusal(data)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([("a.csv", "x")], "no JSON file in this archive"),
        ([("__MACOSX/a.json", "{}")], "no JSON file in this archive"),
        ([("a.json", "{}"), ("b/c.JSON", "{}")], "several JSON files"),
        ([(f"{n}.txt", "") for n in range(201)], "too many files"),
        ([(f"{n:0300}.txt", "") for n in range(199)], "too many files"),
    ],
)
def test_a_zip_without_one_package_is_refused(files, sentence) -> None:
    assert sentence in refusal(zipped(*files))


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(monkeypatch) -> None:
    monkeypatch.setattr(case_files, "LARGEST", 1 << 20)
    bomb = zipped(("list.json", b" " * (20 << 20)))
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    assert "larger than 1 MB" in refusal(bomb)
    assert tracemalloc.get_traced_memory()[1] < 3 << 20
    tracemalloc.stop()


def test_a_zip_that_lies_about_its_size_is_read_no_further_than_that(monkeypatch) -> None:
    monkeypatch.setattr(case_files, "LARGEST", 1 << 20)
    honest = zipped(("list.json", b" " * (20 << 20)))
    at = honest.index(b"PK\x01\x02") + 24
    lying = honest[:at] + (10).to_bytes(4, "little") + honest[at + 4 :]
    tracemalloc.start()
    assert refusal(lying)
    assert tracemalloc.get_traced_memory()[1] < 5 << 20
    tracemalloc.stop()


def test_a_locked_zip_is_refused() -> None:
    data = bytearray(zipped(("a.json", "{}")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "locked with a password" in refusal(bytes(data))


def test_more_bytes_and_more_values_than_a_list_needs_are_refused_early(monkeypatch) -> None:
    monkeypatch.setattr(case_files, "LARGEST", 1000)
    assert "larger than" in refusal(b" " * 1001)
    monkeypatch.undo()
    monkeypatch.setattr(case_files, "MOST_VALUES", 100)
    assert "far more values" in refusal(b"[" + b"{}," * 60 + b"{}]")


# What is wrong in a package is said with its place


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (package(document={"identifier": None}), "CFDocument: “identifier” is missing."),
        (package(document={"identifier": 7}), "CFDocument: “identifier” is no text."),
        (package(document={"identifier": "x" * 301}), "CFDocument: “identifier” is empty or far too long."),
        (package(document={"identifier": "\0"}), "CFDocument: “identifier” is empty or far too long."),
        (package(document={"title": ""}), "CFDocument: “title” is missing."),
        (package(document={"title": ["A"]}), "CFDocument: “title” is no text."),
        (package(document={"title": "x" * 301}), "CFDocument: “title” is longer than 300 characters."),
        (package(document={"creator": {}}), "CFDocument: “creator” is no text."),
        (package([]), "There is no statement in this package"),
        (package({}), "CFItems is no list."),
        (package("a"), "CFItems is no list."),
        (package([item("a"), 7]), "CFItems[1] is no object."),
        (package([item("a"), None]), "CFItems[1] is no object."),
        (package([{"fullStatement": "x"}]), "CFItems[0]: “identifier” is missing."),
        (package([item("a", "")]), "CFItems[0]: “fullStatement” is missing."),
        (package([item("a", "<p> </p>")]), "CFItems[0]: “fullStatement” is missing."),
        (package([item("a", 5)]), "CFItems[0]: “fullStatement” is no text."),
        (package([item("a", "x" * 10_001)]), "CFItems[0]: “fullStatement” is longer than 10000 characters."),
        (package([item("a", humanCodingScheme=1)]), "CFItems[0]: “humanCodingScheme” is no text."),
        (package([item("a"), item("b"), item("a", "Other")]), "CFItems[2] has the identifier of CFItems[0]"),
        (package(links={}), "CFAssociations is no list."),
        (package(links=[[]]), "CFAssociations[0] is no object."),
        (package(links=[{}]), "CFAssociations[0]: “associationType” is missing or no text."),
        (package(links=[below("a", originNodeURI=None)]), "CFAssociations[0]: “originNodeURI” is missing."),
        (package(links=[below("a", destinationNodeURI=[])]), "CFAssociations[0]: “destinationNodeURI” is missing."),
        (package(CFRubrics=1), "CFRubrics is no list."),
        (package(links=[below("a", "a")]), "stand below one another in a circle: Statement a.."),
        (package([item("a", CFDocumentURI={"identifier": "e"})]), "belong to other documents"),
    ],
)
def test_a_fault_says_where_it_is(value, sentence) -> None:
    assert sentence in refusal(value)


def test_a_circle_is_refused_with_the_names_of_those_in_it() -> None:
    items = [item(name, humanCodingScheme=f"C{name}") for name in "abcdx"]
    links = [below("a"), below("b", "c"), below("c", "d"), below("d", "b"), below("x", "b")]
    said = refusal(package(items, links))
    assert "circle" in said
    assert set(re.findall(r"C\w", said)) == {"Cb", "Cc", "Cd"}


def test_far_too_many_levels_are_refused_and_many_are_not() -> None:
    items = [item(f"i{n}") for n in range(5000)]
    links = [below(f"i{n}", f"i{n - 1}") for n in range(1, 5000)]
    assert "stands below more than 30 others" in refusal(package(items, links))
    assert max(depths(read(package(items[:31], links[:30])).statements)) == 30


def test_not_more_faults_are_told_than_anybody_reads() -> None:
    with pytest.raises(StandardsRefused) as caught:
        read(package([7] * 60_00))
    assert len(caught.value.faults) == 50


def test_more_statements_than_any_list_has_are_refused() -> None:
    assert "more than 50000 entries in “CFItems”" in refusal(package([7] * 50_001))


# What is read


def test_statements_come_in_the_order_of_their_tree() -> None:
    items = [item(name) for name in ("b2", "b", "loose", "a", "b1", "b10")]
    links = [
        below("b", number=2),
        below("a", number=1),
        below("b10", "b", "10"),
        below("b2", "b", 2),
        below("b1", "b", 1),
    ]
    found = read(package(items, links)).statements
    assert [one.identifier for one in found] == ["a", "b", "b1", "b2", "b10", "loose"]
    assert [one.above for one in found] == [None, None, 1, 1, 1, None]


@pytest.mark.parametrize("number", [True, "x", None, [], {}, 10**400, -1])
def test_a_number_that_is_none_keeps_the_order_of_the_file(number) -> None:
    found = read(package([item("a"), item("b")], [below("a", number=number), below("b", number=number)]))
    assert [one.identifier for one in found.statements] == ["a", "b"]


def test_a_number_beyond_all_numbers_comes_last() -> None:
    links = [below("a", number=77_777), below("b", number=1)]
    data = as_bytes(package([item("a"), item("b")], links)).replace(b"77777", b"1e999")
    assert [one.identifier for one in read(data).statements] == ["b", "a"]


def test_what_has_no_use_here_is_left_aside_and_counted() -> None:
    items = [item("a"), item("b"), item("c"), item("c"), item("far", CFDocumentURI={"identifier": "e", "uri": "x"})]
    links = [
        below("a"), below("b", "a"), below("b", "c"), below("b"), below("c", "nowhere"), below("far", "a"),
        below("a", "b", kind="isRelatedTo"), below("a", "b", kind="ext:likes"), below("a", "b", kind="isUncleOf"),
    ]  # fmt: skip
    found = read(package(items, links, CFRubrics=[{}, {}]))
    assert found.left_aside == {
        "of_other_documents": 1, "twice": 1, "second_places": 2, "lost_places": 1, "links": 3, "unknown_links": 1,
        "rubrics": 2,
    }  # fmt: skip
    assert [(one.identifier, one.above) for one in found.statements] == [("a", None), ("b", 0), ("c", None)]


def test_a_package_of_1_0_with_addresses_for_links_reads_as_one_of_1_1() -> None:
    at = "https://a.example/"
    items = [item("a"), item("b", CFDocumentURI={"title": "Sums", "identifier": DOCUMENT, "uri": at + DOCUMENT})]
    links = [
        {"associationType": "isChildOf", "originNodeURI": {"uri": at + "b"}, "destinationNodeURI": at + "a"},
    ]
    document = {
        "licenseURI": {"title": "", "identifier": "l", "uri": at + "l"}, "language": "fr_CA", "version": "2019",
    }  # fmt: skip
    definitions = {"CFLicenses": [7, {"identifier": "l", "title": "CC BY 4.0", "licenseText": "…"}]}
    found = read({"CFPackage": package(items, links, document, CFDefinitions=definitions)})
    assert (found.identifier, found.title, found.creator) == (DOCUMENT, "Sums", "A board")
    assert (found.licence, found.language, found.version, found.case_version) == ("CC BY 4.0", "fr-CA", "2019", "")
    assert found.source == at + DOCUMENT
    assert [one.above for one in found.statements] == [None, 0]
    assert not found.left_aside


def test_a_link_by_address_finds_its_place_and_its_order() -> None:
    at, home = "https://a.example/", {"destinationNodeURI": "https://a.example/ims/case/v1p0/CFDocuments/" + DOCUMENT}
    items = [item(name, uri=f"{at}CFItems/{name}") for name in ("a", "b", "c")]
    links = [
        {"associationType": "isChildOf", "originNodeURI": at + "uri/a", "sequenceNumber": 2, **home},
        {"associationType": "isChildOf", "originNodeURI": {"uri": at + "CFItems/b/"}, "sequenceNumber": 1, **home},
        {"associationType": "isChildOf", "originNodeURI": at + "CFItems/c", "destinationNodeURI": {"uri": at + "x/b"}},
    ]
    found = read(package(items, links))
    assert [(one.identifier, one.above) for one in found.statements] == [("b", None), ("c", 0), ("a", None)]
    assert not found.left_aside


def test_an_address_that_all_statements_share_names_none_of_them() -> None:
    items = [item("a", uri="https://a.example/"), item("b", uri="https://a.example/"), item("c")]
    links = [
        {"associationType": "isChildOf", "originNodeURI": {"uri": "https://a.example/"}, "destinationNodeURI": "c"}
    ]
    found = read(package(items, [*links, below("b", "a")]))
    assert [(one.identifier, one.above) for one in found.statements] == [("a", None), ("b", 0), ("c", None)]
    assert found.left_aside == {"links": 1}


def test_what_only_helps_to_read_never_refuses_a_package() -> None:
    odd = item("a", uri="javascript:alert(1)", CFItemType=7, CFItemTypeURI=["x"], educationLevel={"x": 1})
    found = read(package([odd], document={"language": "<b>", "version": 3, "licenseURI": 7, "officialSourceURL": []}))
    one = found.statements[0]
    assert (one.uri, one.kind, one.levels, found.language, found.licence) == ("", "", (), "", "")
    levels = read(package([item("a", educationLevel="KG, 01,,01"), item("b", educationLevel=["02", 3, "x" * 90])]))
    assert [one.levels for one in levels.statements] == [("KG", "01"), ("02", "x" * 40)]


def test_markup_and_signs_that_cannot_be_kept_become_plain_text() -> None:
    data = as_bytes(package([item("a", "<p>Know\u0000 <b>half</b>&nbsp;of $\\frac{1}{2}$</p> \ud83d\ud800 x")]))
    assert b"\\ud800" in data
    assert read(data).statements[0].statement == "Know half of 1/2 ?? x"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_any_encoding_of_unicode_reads_alike(encoding) -> None:
    text = json.dumps(package([item("a", "Việt – 数")]), ensure_ascii=False)
    assert read(text.encode(encoding)).statements[0].statement == "Việt – 数"


def test_a_zip_that_holds_one_package_reads_as_the_file() -> None:
    plain = as_bytes(package())
    assert read(zipped(("__MACOSX/._l.json", "x"), ("folder/l.json", plain), ("read me.txt", "x"))) == read(plain)


def test_a_large_package_reads_in_time() -> None:
    data = as_bytes(large(5_000))
    began = time.process_time()
    found = read(data)
    assert time.process_time() - began < 3
    assert len(found.statements) == 5_000
    assert [one.identifier for one in found.statements[:3]] == ["M0", "M1", "M50"]


def test_hostile_statements_take_no_time() -> None:
    texts = ["\\(" * 5000, "<" * 10_000, "<a b='" * 1600, "$" * 9999, "<!--" * 2500, "$" + "{" * 900 + "$", "&" * 9000]
    data = as_bytes(package([item(f"i{n}", texts[n % 7]) for n in range(70)]))
    began = time.process_time()
    read(data)
    assert time.process_time() - began < 3


def test_the_list_that_ships_is_sound() -> None:
    path = CONTENT / "standards" / "skills.json"
    found = read_package(path.read_bytes(), path.name)
    assert (len(found.statements), sum(one.above is None for one in found.statements)) == (21, 3)
    assert not found.left_aside
    assert (found.case_version, found.licence, found.language) == ("1.1", "CC0 1.0", "en")
