"""Babel's way into docstrings that pages show: those of functions declared by a decorator with arguments.

Knows Babel's interface and Python's syntax tree, nothing of the programme.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import IO, Any


def as_sentence(function: Callable[..., Any]) -> str:
    """A function's docstring in one line; "" where it has none."""
    return " ".join((function.__doc__ or "").split())


def extract_docstrings(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Every docstring, in one line, of a function under one of the decorators named in ``options["decorators"]``."""
    wanted = frozenset(str(options.get("decorators", "")).split())
    for node in ast.walk(ast.parse(file.read())):
        if not isinstance(node, ast.FunctionDef):
            continue
        names = {
            decorator.func.id
            for decorator in node.decorator_list
            if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name)
        }
        text = ast.get_docstring(node)
        if text and names & wanted:
            yield node.lineno, "gettext", " ".join(text.split()), []
