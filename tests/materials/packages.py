"""CASE packages made for tests."""

from __future__ import annotations

import json
from typing import Any

DOCUMENT = "d0000000-0000-4000-8000-000000000000"


def item(identifier: str, statement: Any = None, **more: Any) -> dict[str, Any]:
    """A statement of a package."""
    said = f"Statement {identifier}." if statement is None else statement
    at = "2026-11-22T00:00:00Z"
    return {"identifier": identifier, "uri": f"https://a.example/{identifier}", "fullStatement": said,
            "lastChangeDateTime": at} | more  # fmt: skip


def below(
    child: str, above: str = DOCUMENT, number: Any = None, kind: str = "isChildOf", **more: Any
) -> dict[str, Any]:
    """A link of a package: `child` stands below `above`."""
    found: dict[str, Any] = {
        "identifier": f"{child}-{above}",
        "associationType": kind,
        "originNodeURI": {"title": child, "identifier": child, "uri": f"https://a.example/{child}"},
        "destinationNodeURI": {"title": above, "identifier": above, "uri": f"https://a.example/{above}"},
    }
    return found | ({} if number is None else {"sequenceNumber": number}) | more


def package(items: Any = None, links: Any = None, document: Any = None, **more: Any) -> dict[str, Any]:
    """A package; without anything one statement at the top."""
    said = {"identifier": DOCUMENT, "uri": f"https://a.example/{DOCUMENT}", "title": "Sums", "creator": "A board"}
    return {
        "CFDocument": said | (document or {}),
        "CFItems": [item("a")] if items is None else items,
        "CFAssociations": [] if links is None else links,
    } | more


def as_bytes(value: Any) -> bytes:
    """A value as the JSON of a file."""
    return json.dumps(value).encode()


def large(number: int, *, identifier: str = DOCUMENT, prefix: str = "M") -> dict[str, Any]:
    """A package of so many statements: groups of 50 in groups of 50, each with a sentence of its own."""
    subjects = ("fractions", "poems", "maps", "circuits", "rhythms", "équations", "Ökosysteme")
    acts = ("Compare", "Explain", "Draw", "Estimate", "Describe", "Démontrer")
    items, links = [], []
    for n in range(number):
        said = f"{acts[n % 6]} {subjects[n % 7]} of kind {n} and give reasons for what differs between them."
        items.append(item(f"{prefix}{n}", said, humanCodingScheme=f"{prefix}.{n // 50}.{n % 50}"))
        links.append(below(f"{prefix}{n}", f"{prefix}{n // 50}" if n >= 50 else identifier, n))
    return package(items, links, {"identifier": identifier})
