"""Reading a list of standards from a CASE package (1EdTech Competencies and Academic Standards Exchange 1.0 and 1.1).

A package is one JSON object: CFDocument (what the list is), CFItems (its statements), CFAssociations (how they are
linked; "isChildOf" makes the tree, in the order of "sequenceNumber"), and CFDefinitions and CFRubrics, of which only
the licences are read. What a list of standards needs and is not there, or is of the wrong kind, is a fault that says
where. What it has no use for is left aside and counted. Pure: no Django, and nothing is ever fetched.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.base.sheets import tidy
from sidebyside.materials.case_files import json_of
from sidebyside.materials.case_trees import in_order
from sidebyside.materials.plain_statements import plain
from sidebyside.materials.standards_shapes import (
    LONGEST_CODE,
    LONGEST_IDENTIFIER,
    LONGEST_STATEMENT,
    MOST_FAULTS,
    MOST_STATEMENTS,
    Package,
    StandardsRefused,
    Statement,
    refuse,
)

MOST_LINKS = 500_000
LONGEST_TITLE = 300
LONGEST_ADDRESS = 500
LONGEST_KIND = 100
MOST_LEVELS, LONGEST_LEVEL = 30, 40
CHILD = "isChildOf"
# Of 1.0 and 1.1; what begins with "ext:" is a kind of the maker's own, which 1.1 allows.
KNOWN = "isPeerOf isPartOf exactMatchOf precedes isRelatedTo replacedBy exemplar hasSkillLevel isTranslationOf"
LINKS = frozenset(KNOWN.split())
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}")


def read_package(data: bytes, file: str) -> Package:
    """The list of standards in a CASE package, a JSON file or a zip that holds one; `file` names it in faults.

    Raises StandardsRefused with what is wrong and where.
    """
    return _Reading(file).package(_parts(json_of(data, file), file))


def _parts(raw: Any, file: str) -> dict[str, Any]:
    """The object with the parts of the package, which some servers put into another. Raises StandardsRefused."""
    if not isinstance(raw, dict):
        raise refuse(N_("This JSON is no CASE package: it is no object with “CFDocument” in it."), file=file)
    inner = raw.get("CFPackage")
    found = inner if isinstance(inner, dict) else raw
    if "imsx_codeMajor" in found:
        raise refuse(N_("This is the answer of a server that something went wrong, and no package."), file=file)
    if "CFDocuments" in found:
        raise refuse(N_("This is a server's list of its packages. Hand in one package."), file=file)
    if not isinstance(found.get("CFDocument"), dict):
        raise refuse(N_("This JSON is no CASE package: it is no object with “CFDocument” in it."), file=file)
    return found


class _Reading:
    """One reading of one package, with what was found wrong and what was left aside."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._faults: list[Fault] = []
        self._aside: Counter[str] = Counter()

    def package(self, parts: Mapping[str, Any]) -> Package:
        """The package. Raises StandardsRefused."""
        document = parts["CFDocument"]
        identifier = self._identifier(document, "CFDocument")
        title = self._line(document, "title", "CFDocument", LONGEST_TITLE)
        if not title and not self._faults:
            self._fault(N_("%(where)s: “%(field)s” is missing."), "CFDocument", field="title")
        creator = self._line(document, "creator", "CFDocument", LONGEST_TITLE)
        rows = self._list(parts, "CFItems", MOST_STATEMENTS)
        if not rows and not self._faults:
            raise refuse(N_("There is no statement in this package (“CFItems”)."), file=self._file)
        found = self._statements(rows, identifier)
        links = self._links(self._list(parts, "CFAssociations", MOST_LINKS), found, identifier)
        self._aside["rubrics"] += len(self._list(parts, "CFRubrics", MOST_LINKS))
        self._end_where_wrong()
        if not found:
            raise refuse(N_("All statements of this package belong to other documents."), file=self._file)
        return Package(
            identifier=identifier,
            title=title,
            statements=in_order(list(found.values()), links, self._file),
            creator=creator or _cut(document.get("publisher"), LONGEST_TITLE),
            licence=self._licence(document, parts.get("CFDefinitions")),
            source=_address(document.get("officialSourceURL")) or _address(document.get("uri")),
            language=_language(document.get("language")),
            version=_cut(document.get("version"), LONGEST_LEVEL),
            case_version=_cut(document.get("caseVersion"), 10),
            left_aside={kind: number for kind, number in self._aside.items() if number},
        )

    # Statements

    def _statements(self, rows: list[Any], document: str) -> dict[str, Statement]:
        """The statements by identifier, in the order of the file."""
        found: dict[str, Statement] = {}
        first: dict[str, int] = {}
        for number, row in enumerate(rows):
            where = f"CFItems[{number}]"
            if not isinstance(row, dict):
                self._fault(N_("%(where)s is no object."), where)
                continue
            theirs = _node(row.get("CFDocumentURI"))
            if theirs and theirs != document and not theirs.rstrip("/").endswith("/" + document):
                self._aside["of_other_documents"] += 1
                continue
            statement = self._statement(row, where)
            if statement is None:
                continue
            if statement.identifier not in found:
                found[statement.identifier], first[statement.identifier] = statement, number
            elif found[statement.identifier] == statement:
                self._aside["twice"] += 1
            else:
                sentence = N_("%(where)s has the identifier of %(other)s and says something else.")
                self._fault(sentence, where, other=f"CFItems[{first[statement.identifier]}]")
        return found

    def _statement(self, row: Mapping[str, Any], where: str) -> Statement | None:
        """One statement, or None where something is wrong with it."""
        before = len(self._faults)
        identifier = self._identifier(row, where)
        code = self._line(row, "humanCodingScheme", where, LONGEST_CODE)
        text = self._line(row, "fullStatement", where, LONGEST_STATEMENT)
        text = text or self._line(row, "abbreviatedStatement", where, LONGEST_STATEMENT) or code
        if not text and len(self._faults) == before:
            self._fault(N_("%(where)s: “%(field)s” is missing."), where, field="fullStatement")
        if len(self._faults) > before:
            return None
        return Statement(
            identifier=identifier,
            statement=text,
            code=code,
            uri=_address(row.get("uri")),
            kind=_cut(row.get("CFItemType"), LONGEST_KIND) or _cut(_title(row.get("CFItemTypeURI")), LONGEST_KIND),
            levels=_levels(row.get("educationLevel")),
        )

    # Links

    def _links(
        self, rows: list[Any], found: Mapping[str, Statement], document: str
    ) -> dict[str, tuple[str | None, float]]:
        """For each statement that says so what it stands below (None: at the top), and its number among its like."""
        named = _names(found, document)
        placed: dict[str, tuple[str | None, float]] = {}
        for number, row in enumerate(rows):
            where = f"CFAssociations[{number}]"
            if not isinstance(row, dict):
                self._fault(N_("%(where)s is no object."), where)
                continue
            kind = row.get("associationType")
            if not isinstance(kind, str):
                self._fault(N_("%(where)s: “%(field)s” is missing or no text."), where, field="associationType")
                continue
            if kind != CHILD:
                self._aside["links" if kind in LINKS or kind.startswith("ext:") else "unknown_links"] += 1
                continue
            child, above = _node(row.get("originNodeURI")), _node(row.get("destinationNodeURI"))
            if not child or not above:
                field = "destinationNodeURI" if child else "originNodeURI"
                self._fault(N_("%(where)s: “%(field)s” is missing."), where, field=field)
                continue
            child, above = _named(child, named), _named(above, named)
            if child not in found:
                self._aside["links"] += 1
            elif placed.get(child, (None, 0))[0] is not None or (child in placed and above == document):
                self._aside["second_places"] += 1
            elif above in found or above == document:
                placed[child] = (above if above in found else None, _order(row.get("sequenceNumber")))
            else:
                self._aside["lost_places"] += 1
        return placed

    # Values

    def _list(self, parts: Mapping[str, Any], name: str, most: int) -> list[Any]:
        """A list of the package; one that is not there is empty."""
        found = parts.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            self._fault(N_("%(where)s is no list."), name)
            return []
        if len(found) > most:
            many = N_("There are more than %(limit)s entries in “%(name)s”. Hand in the lists one by one.")
            raise refuse(many, file=self._file, limit=most, name=name)
        return found

    def _line(self, row: Mapping[str, Any], field: str, where: str, longest: int) -> str:
        """A text as one plain line; empty where it is not there or is of the wrong kind, which is a fault."""
        value = row.get(field)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._fault(N_("%(where)s: “%(field)s” is no text."), where, field=field)
            return ""
        if len(value) > longest * 2:  # before what is markup in it is taken away
            self._fault(N_("%(where)s: “%(field)s” is longer than %(limit)s characters."), where, field=field,
                        limit=longest)  # fmt: skip
            return ""
        line = plain(sound(value))
        if len(line) > longest:
            self._fault(N_("%(where)s: “%(field)s” is longer than %(limit)s characters."), where, field=field,
                        limit=longest)  # fmt: skip
            return ""
        return line

    def _identifier(self, row: Mapping[str, Any], where: str) -> str:
        value = row.get("identifier")
        if value is None or value == "":
            self._fault(N_("%(where)s: “%(field)s” is missing."), where, field="identifier")
        elif not isinstance(value, str):
            self._fault(N_("%(where)s: “%(field)s” is no text."), where, field="identifier")
        elif len(value) > LONGEST_IDENTIFIER or not sound(value):
            self._fault(N_("%(where)s: “%(field)s” is empty or far too long."), where, field="identifier")
        else:
            return sound(value)
        return ""

    def _licence(self, document: Mapping[str, Any], definitions: Any) -> str:
        """What the licence is called; its address where it has no name."""
        raw = document.get("licenseURI")
        mine = _node(raw)
        if not mine:
            return ""
        licences = definitions.get("CFLicenses") if isinstance(definitions, dict) else None
        for one in licences if isinstance(licences, list) else ():
            if isinstance(one, dict) and mine in (one.get("identifier"), one.get("uri")):
                return _cut(one.get("title"), LONGEST_TITLE) or _address(one.get("uri"))[:LONGEST_TITLE]
        address = raw.get("uri") if isinstance(raw, dict) else raw
        return _cut(_title(raw), LONGEST_TITLE) or _address(address)[:LONGEST_TITLE]

    # Faults

    def _fault(self, sentence: str, where: str, **values: object) -> None:
        self._faults.append(Fault(self._file, None, sentence, {"where": where, **values}))
        if len(self._faults) == MOST_FAULTS:
            self._end_where_wrong()

    def _end_where_wrong(self) -> None:
        if self._faults:
            raise StandardsRefused(*self._faults)


def sound(text: str) -> str:
    """A text as one line that can be kept: no control characters, no halves of characters."""
    if text.isprintable():  # nearly every text, ten times faster
        return " ".join(unicodedata.normalize("NFC", text).split())
    return tidy(text.encode("utf-8", "replace").decode("utf-8"))


def _node(value: Any) -> str:
    """What a link leads to: an identifier, or an address where it has none."""
    if isinstance(value, dict):
        value = value.get("identifier") or value.get("uri")
    return sound(value) if isinstance(value, str) and len(value) <= LONGEST_ADDRESS else ""


def _names(found: Mapping[str, Statement], document: str) -> dict[str, str]:
    """All that a statement, or the document, may be called by in a link: its identifier, and its address where no
    other has the same."""
    shared = Counter(statement.uri for statement in found.values())
    addresses = {one.uri: identifier for identifier, one in found.items() if one.uri and shared[one.uri] == 1}
    return addresses | {document: document} | {identifier: identifier for identifier in found}


def _named(node: str, names: Mapping[str, str]) -> str:
    """Whom a link leads to. An address that is nobody's own may still end with an identifier."""
    return names.get(node) or names.get(node.rstrip("/").rpartition("/")[2], node)


def _title(value: Any) -> Any:
    return value.get("title") if isinstance(value, dict) else None


def _cut(value: Any, longest: int) -> str:
    """A line that only helps to read: cut where it is too long, nothing where it is no text."""
    return plain(sound(value[: longest * 2]))[:longest] if isinstance(value, str) else ""


def _address(value: Any) -> str:
    """An address that a page may lead to, or nothing."""
    address = sound(value) if isinstance(value, str) and len(value) <= LONGEST_ADDRESS else ""
    return address if address.lower().startswith(("https://", "http://")) and " " not in address else ""


def _language(value: Any) -> str:
    return value.replace("_", "-") if isinstance(value, str) and LANGUAGE.fullmatch(value) else ""


def _levels(value: Any) -> tuple[str, ...]:
    """Years or grades as they are written; some makers write one text with commas."""
    raw = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(level for one in raw[:MOST_LEVELS] if (level := _cut(one, LONGEST_LEVEL))))


def _order(value: Any) -> float:
    """A number among its like; what has none comes last. Some makers write it as a text."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value.strip()[:9])
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:
        return math.inf
    return float(value)
