"""What a person takes along of her lessons, in words: what is kept for programs is written out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from sidebyside.lessons.exports.gathering import sheet_of
from sidebyside.lessons.exports.text import to_text
from sidebyside.lessons.models import Lesson, LessonVersion, OwnChecklist, Publication, Rating
from sidebyside.lessons.publishing import Draft
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.rating_queries import read
from sidebyside.lessons.ratings import Answers, question_code, read_own
from sidebyside.lessons.text import LessonText
from sidebyside.materials.rating_shapes import ANSWERS, NO, YES, Chains, Checklist, Scale

Texts = dict[str, str]


def texts_of(row: Any, names: Iterable[str]) -> Texts:
    """The texts of one record (opened), by name; of a lesson and what belongs to it in words that people read."""
    written = WRITTEN_OUT.get(type(row))
    return written(row) if written else {name: str(getattr(row, name) or "") for name in names}


def _lesson(lesson: Lesson) -> Texts:
    return {"text": to_text(sheet_of(text_of(lesson), ()))}


def _version(version: LessonVersion) -> Texts:
    name = _("Version %(number)s: %(kind)s") % {"number": version.number, "kind": version.get_kind_display()}
    words = to_text(sheet_of(LessonText.from_json(version.body), ())) if version.body else ""
    return {"version": name, "name": str(version.name or ""), "text": words}


def _rating(rating: Rating) -> Texts:
    (found,) = read([rating])
    return {"answers": "\n".join(answered(found.scale, found.answers))}


def answered(scale: Scale, answers: Answers) -> Iterator[str]:
    """What was answered, line by line: what was asked, the answer, and the note to it."""
    asked: list[tuple[str, str, dict[str, str]]] = []
    if isinstance(scale, Checklist):
        asked = [(item.code, item.text, dict(ANSWERS)) for item in scale.items]
    elif isinstance(scale, Chains):
        for chain in scale.chains:
            both = {YES: _("yes"), NO: _("no")}
            asked += [(question_code(chain, one), one.text, both) for one in chain.questions]
            asked.append((chain.code, chain.title, {}))
    else:
        asked = [(one.code, one.title, {level.code: level.title for level in one.levels}) for one in scale.dimensions]
    for code, text, possible in asked:
        said = [possible.get(answers.given.get(code, ""), ""), answers.notes.get(code, "")]
        if any(said):
            yield f"{_(text)}: {' · '.join(_(one) if one in possible.values() else one for one in said if one)}"


def _checklist(own: OwnChecklist) -> Texts:
    return {"items": "\n".join(item.text for item in read_own(own.body).items if item.is_own) if own.body else ""}


def _publication(publication: Publication) -> Texts:
    draft = Draft.from_json(str(publication.draft or ""))
    replaced = json.dumps(dict(draft.replacements), ensure_ascii=False) if draft.replacements else ""
    said = (draft.credit, draft.subject, draft.level, replaced)
    return {"draft": "\n".join(one for one in said if one)}


WRITTEN_OUT: dict[type[Any], Callable[[Any], Texts]] = {
    Lesson: _lesson,
    LessonVersion: _version,
    OwnChecklist: _checklist,
    Publication: _publication,
    Rating: _rating,
}
