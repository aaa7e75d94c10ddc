"""Two states of a lesson beside each other: the record of how it was improved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from sidebyside import policy
from sidebyside.lessons.comparison import Comparison, compare
from sidebyside.lessons.models import Lesson, LessonVersion, Rating, Remark
from sidebyside.lessons.part_names import title_of
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.rating_queries import Beside, side_by_side
from sidebyside.lessons.shortening import Left, shortened
from sidebyside.lessons.version_queries import causes, kept_of, says
from sidebyside.web.lessons.company import company_of, whose
from sidebyside.web.lessons.paths import name_of

NOW = "now"


@dataclass(frozen=True)
class Chosen:
    """Two states of a lesson, the earlier one first; `after` None is the lesson as it is now."""

    before: LessonVersion
    after: LessonVersion | None

    @property
    def before_name(self) -> Markup:
        return name_of(self.before)

    @property
    def after_name(self) -> Markup:
        return name_of(self.after) if self.after is not None else escape(_("The lesson now"))

    @property
    def numbers(self) -> tuple[str, str]:
        """As they stand in an address."""
        return str(self.before.number), str(self.after.number) if self.after is not None else NOW


@dataclass(frozen=True)
class Record:
    """All that the record of an improvement shows: what changed, which questions led to it, how each state was
    rated."""

    lesson: Lesson
    chosen: Chosen
    comparison: Comparison
    causes: Sequence[Remark]
    ratings: Sequence[Beside]

    @cached_property
    def part_names(self) -> dict[str, str]:
        """What each part is called, as it is now or was, by its id."""
        return {change.part.id: title_of(change.part) for change in self.comparison.parts}

    def causes_of(self, part: str) -> list[Remark]:
        """What led to changes of one part; "": of the lesson, or of a part that is in neither state."""
        return [one for one in self.causes if (one.part if one.part in self.part_names else "") == part]


def record_of(person: Any, lesson: Lesson, chosen: Chosen) -> Record | None:
    """The record of what changed between two states, as far as this person may see it; None where the words of one of
    them were erased."""
    before = says(chosen.before)
    after = says(chosen.after) if chosen.after is not None else text_of(lesson)
    if before is None or after is None:
        return None
    return Record(
        lesson=lesson,
        chosen=chosen,
        comparison=compare(before, after),
        causes=causes(policy.seen(person, Remark), chosen.before, chosen.after),
        ratings=side_by_side(policy.seen(person, Rating), chosen.before, chosen.after),
    )


def choose(query: Mapping[str, str], kept: Sequence[LessonVersion]) -> Chosen | str:
    """The two states that an address asks for, by number or "now", in any order; without any the first version and
    the lesson now. A sentence where there are none of these."""
    numbers: dict[str, LessonVersion | None] = {str(version.number): version for version in kept}
    numbers[NOW] = None
    asked = query.get("from", str(kept[0].number)), query.get("to", NOW)
    unknown = next((one for one in asked if one not in numbers), None)
    if unknown is not None:
        return _("There is no version “%(number)s” of this lesson. Choose two of those below.") % {
            "number": unknown[:20]
        }
    if asked[0] == asked[1]:
        return _("This is twice the same. Choose two different ones below.")
    states = [numbers[one] for one in asked]
    before, after = sorted(states, key=lambda version: version.number if version is not None else float("inf"))
    assert before is not None
    return Chosen(before, after)


@require_safe
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed between two states of a lesson; `whole` in the address shows what stayed, too."""
    lesson = policy.find(request.user, Lesson, pk, "partnership", "teacher", "document")
    kept = kept_of(policy.seen(request.user, LessonVersion), lesson)
    chosen = choose(request.GET, kept) if kept else ""
    record = record_of(request.user, lesson, chosen) if isinstance(chosen, Chosen) else None
    sentence = chosen if isinstance(chosen, str) else ""
    if record is None and not sentence and kept:
        sentence = _("The words of one of these were erased by who wrote them. Choose two others.")
    whole = "whole" in request.GET
    company = company_of(lesson, request.user)
    context = {
        "lesson": lesson,
        "company": company,
        "whose": whose(lesson, company),
        "kept": kept,
        "name_of": name_of,
        "sentence": sentence,
        "numbers": chosen.numbers if isinstance(chosen, Chosen) else ("", ""),
        "record": record,
        "whole": whole,
        "shown": (lambda part: part.blocks) if whole else (lambda part: shortened(part.blocks)),
        "is_left": lambda block: isinstance(block, Left),
    }
    return render(request, "lessons/comparison.html", context, status=422 if sentence else 200)
