"""The house rules that import contracts cannot say, each with a sample that proves that the rule bites."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/sidebyside"
PYTHON = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
TEMPLATES = sorted((SOURCE / "web").rglob("*.html"))
STYLES = sorted((SOURCE / "web/static/css").glob("*.css"))
DOORS = ("web", "api", "cli")

LONGEST = 400
ONE_FILE_BY_DESIGN = {"policy.py"}  # every rule about seeing and doing is read in one place
HIDES_ITS_SUBJECT = {"service", "manager", "handler", "helper", "util", "common", "core", "misc", "data", "info"}
HIDES_ITS_SUBJECT |= {f"{word}s" for word in HIDES_ITS_SUBJECT}
HIDES_ITS_SUBJECT -= {"commons"}  # where lessons lie that are given to all: a thing of its own, not what is common
CLOCKS = {"now", "utcnow", "today", "localdate", "localtime"}
NEEDS_NO_SENTENCE = {"__init__.py", "apps.py", "urls.py"}


def layer(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def words(name: str) -> list[str]:
    """The words of a snake_case or CamelCase name."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")


def rows_taken_past_the_policy(code: str) -> Iterator[int]:
    """Lines that reach for a model's rows without the policy or a question."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            yield node.lineno


def clocks_read(code: str) -> Iterator[int]:
    """Lines that ask what time it is."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from [node.lineno] if node.func.attr in CLOCKS and not node.args else []


def effects_at_a_distance(code: str) -> Iterator[int]:
    """Lines with a signal's receiver or a model's own `save` or `delete`."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            ("django.dispatch", "django.db.models.sig")
        ):
            yield node.lineno
        if isinstance(node, ast.ClassDef):
            yield from (m.lineno for m in node.body if isinstance(m, ast.FunctionDef) and m.name in ("save", "delete"))


def names_that_hide(code: str) -> Iterator[str]:
    """Classes and functions named for nothing."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ClassDef) and words(node.name)[-1] in HIDES_ITS_SUBJECT:
            yield node.name
        if isinstance(node, ast.FunctionDef) and node.name in HIDES_ITS_SUBJECT:
            yield node.name


INLINE = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style block": r"<style\b",
    "a script in the page": r"<script(?![^>]*(\ssrc=|type=\"application/json\"))",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "an htmx event attribute": r"\shx-on\b",
    "a computed htmx value": r"hx-(vals|vars|headers)[a-z:]*\s*=\s*['\"]?\s*(js|javascript):",
    "a script address": r"javascript:",
    "markup that nobody escapes": r"\|\s*safe\b",
    "an address elsewhere": r"(src|href|action)\s*=\s*['\"]?(https?:)?//",
}
PHYSICAL = re.compile(
    r"(margin|padding|border)-(left|right|top|bottom)\b|(?<![-\w])(left|right|float|clear)\s*:"
    r"|text-align\s*:\s*(left|right)|(?<![-\w])border-(top|bottom)-(left|right)-radius"
)


def inline_parts(page: str) -> list[str]:
    """What the content security policy would refuse, or should."""
    page = re.sub(r"\{#.*?#\}", "", page, flags=re.DOTALL)
    return [name for name, pattern in INLINE.items() if re.search(pattern, page, re.IGNORECASE)]


def physical_sides(style: str) -> list[str]:
    """Declarations that know left from right, and so are wrong in the other direction."""
    return [found.group() for found in PHYSICAL.finditer(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))]


def lines(path: Path, found: Iterator[int]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{number}" for number in found]


def test_doors_get_rows_from_the_policy_or_a_question():
    doors = [path for path in PYTHON if layer(path) in DOORS]
    assert doors
    found = [line for path in doors for line in lines(path, rows_taken_past_the_policy(path.read_text()))]
    assert not found, f"ask policy.seen or a question of the domain: {found}"


def test_the_clock_is_read_at_the_door():
    inside = [path for path in PYTHON if layer(path) not in (*DOORS, "config")]
    found = [line for path in inside for line in lines(path, clocks_read(path.read_text()))]
    assert not found, f"take `at` from the caller: {found}"


def test_nothing_happens_at_a_distance():
    found = [line for path in PYTHON for line in lines(path, effects_at_a_distance(path.read_text()))]
    assert not found, f"write a verb, or an event and its reader: {found}"


def test_names_say_what_a_thing_is_about():
    named = [path for path in SOURCE.rglob("*") if path.is_dir() or path.suffix == ".py"]
    files = [str(path.relative_to(ROOT)) for path in named if HIDES_ITS_SUBJECT & set(words(path.stem))]
    inside = [f"{path.relative_to(ROOT)}: {name}" for path in PYTHON for name in names_that_hide(path.read_text())]
    assert not files + inside


def test_files_are_short_enough_to_find_the_line():
    lengths = {str(path.relative_to(SOURCE)): path.read_text().count("\n") for path in PYTHON}
    assert not {name: length for name, length in lengths.items() if length > LONGEST and name not in ONE_FILE_BY_DESIGN}


def test_modules_begin_with_a_sentence():
    texts = {path: path.read_text() for path in PYTHON if path.name not in NEEDS_NO_SENTENCE}
    silent = [str(path.relative_to(ROOT)) for path, text in texts.items() if not ast.get_docstring(ast.parse(text))]
    assert not silent, f"begin with a sentence: {silent}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE / "web")))
def test_templates_hold_nothing_inline(path):
    assert inline_parts(path.read_text()) == []


def test_styles_work_in_both_directions():
    assert STYLES
    found = [f"{path.relative_to(ROOT)}: {part}" for path in STYLES for part in physical_sides(path.read_text())]
    assert not found


@pytest.mark.parametrize(
    ("rule", "breach", "well"),
    [
        (rows_taken_past_the_policy, "Cycle.objects.get(pk=1)", "policy.seen(person, Cycle).get(pk=1)"),
        (clocks_read, "close(cycle, by=me, at=timezone.now())", "close(cycle, by=me, at=at)"),
        (clocks_read, "datetime.date.today()", "now = at"),
        (effects_at_a_distance, "class A(Model):\n  def save(self): ...", "class A(Model):\n  def name(self): ..."),
        (effects_at_a_distance, "from django.dispatch import receiver", "from django.db import models"),
        (names_that_hide, "class RosterManager: ...", "class Roster: ..."),
        (inline_parts, '<p style="color: red">', '<p class="warm">'),
        (inline_parts, "<button onclick='go()'>", "<button data-on='x'>"),
        (inline_parts, '<script type="module">go()</script>', '<script type="module" src="/a.js"></script>'),
        (inline_parts, '<form hx-on:click="x">', '<form hx-post="/x/">'),
        (inline_parts, "<div hx-vals='js:{a: 1}'>", "<div hx-vals='{\"a\": 1}'>"),
        (inline_parts, "{{ text|safe }}", "{{ text }}"),
        (inline_parts, '<img src="https://example.org/x.png">', '<img src="/x.png">'),
        (physical_sides, "a { margin-left: 1px }", "a { margin-inline-start: 1px }"),
        (physical_sides, "a { text-align: right }", "a { text-align: end }"),
        (physical_sides, "a { left: 0 }", "a { inset-inline-start: 0 }"),
    ],
)
def test_each_rule_bites(rule, breach, well):
    assert list(rule(breach))
    assert not list(rule(well))
