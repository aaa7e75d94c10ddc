"""What a lesson is rated by, as it ships: checklists, chains and levels, read and checked.

Pure: no Django, no database. A file that cannot be used raises ``ContentFault``.
"""

from __future__ import annotations

from sidebyside.materials.content_tables import Table, distinct
from sidebyside.materials.rating_shapes import (
    LEVEL,
    Chain,
    ChainQuestion,
    Chains,
    Checklist,
    ChecklistArea,
    ChecklistItem,
    Level,
    Levels,
    LevelsDimension,
)

__all__ = ["read_chains", "read_checklist", "read_levels"]


def read_checklist(table: Table) -> Checklist:
    """The checklist in ``table``: areas whose items carry the area's code and a number, none of them twice."""
    areas = [_read_area(area) for area in table.tables("areas", least=2)]
    checklist = Checklist(
        slug=table.code("slug"),
        version=table.number("version", least=1, most=9_999),
        title=table.text("title"),
        purpose=table.text("purpose"),
        areas=distinct(table, "areas", areas, "code"),
    )
    distinct(table, "areas", list(checklist.items), "code")
    table.finish()
    return checklist


def _read_area(table: Table) -> ChecklistArea:
    code, items = table.code("code"), []
    for row in table.tables("items"):
        item = ChecklistItem(row.code("code"), row.text("text"))
        if not (item.code.startswith(code) and item.code[len(code) :].isdecimal()):
            raise row.fault("code", f"is {item.code!r}, but must be {code} and a number")
        row.finish()
        items.append(item)
    area = ChecklistArea(code, table.text("title"), table.text("purpose"), tuple(items))
    table.finish()
    return area


def read_chains(table: Table) -> Chains:
    """The chains of questions in ``table``. Each is a tree: every question and every level is reached in one way."""
    chains = [_read_chain(chain) for chain in table.tables("chains")]
    found = Chains(
        slug=table.code("slug"),
        version=table.number("version", least=1, most=9_999),
        title=table.text("title"),
        purpose=table.text("purpose"),
        credit=table.text("credit"),
        licence=table.text("licence"),
        chains=distinct(table, "chains", chains, "code"),
    )
    table.finish()
    return found


def _read_chain(table: Table) -> Chain:
    questions = []
    for row in table.tables("questions"):
        help = row.text("help") if row.has("help") else ""
        questions.append(
            ChainQuestion(row.code("code"), row.text("text"), help, yes=row.code("yes"), no=row.code("no"))
        )
        row.finish()
    levels = [_read_level(row, number=number) for number, row in enumerate(table.tables("levels", least=2), start=1)]
    chain = Chain(
        code=table.code("code"),
        title=table.text("title"),
        purpose=table.text("purpose"),
        questions=distinct(table, "questions", questions, "code"),
        levels=distinct(table, "levels", levels, "code"),
    )
    _must_be_a_tree(table, chain)
    table.finish()
    return chain


def _must_be_a_tree(table: Table, chain: Chain) -> None:
    reached = [chain.questions[0].code]
    for question in chain.questions:
        reached += [question.yes, question.no]
    wanted = [question.code for question in chain.questions] + [level.code for level in chain.levels]
    for code in reached:
        if code not in wanted:
            raise table.fault("questions", f"lead to {code!r}, which is neither a question nor a level")
    for code in wanted:
        if reached.count(code) != 1:
            raise table.fault("questions", f"must lead to {code!r} in exactly one way")


def _read_level(table: Table, *, number: int) -> Level:
    level = Level(f"{LEVEL}{number}", table.text("title"), table.text("text"), number)
    table.finish()
    return level


def read_levels(table: Table) -> Levels:
    """The vocabulary of levels in ``table``."""
    dimensions = []
    for row in table.tables("dimensions"):
        levels = []
        for one in row.tables("levels", least=2):
            levels.append(Level(one.code("code"), one.text("title"), one.text("text") if one.has("text") else ""))
            one.finish()
        dimensions.append(
            LevelsDimension(
                code=row.code("code"),
                title=row.text("title"),
                question=row.text("question"),
                levels=distinct(row, "levels", levels, "code"),
            )
        )
        row.finish()
    found = Levels(
        slug=table.code("slug"),
        version=table.number("version", least=1, most=9_999),
        title=table.text("title"),
        purpose=table.text("purpose"),
        credit=table.text("credit"),
        dimensions=distinct(table, "dimensions", dimensions, "code"),
    )
    table.finish()
    return found
