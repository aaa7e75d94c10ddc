"""The page of a lesson: what it says, part by part, what was said about it, and what belongs to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from sidebyside import policy
from sidebyside.base.rich_text.html import to_html
from sidebyside.lessons.models import Attachment, Lesson, Remark
from sidebyside.lessons.part_names import PART_HINTS, PART_NAMES, title_of
from sidebyside.lessons.queries import Said, said_about, text_and_removed
from sidebyside.lessons.text import LessonPart
from sidebyside.materials.queries import content
from sidebyside.web.cycles.workspace import address
from sidebyside.web.lessons.company import company_of, may_change, whose
from sidebyside.web.lessons.files import seen_files
from sidebyside.web.lessons.paths import lines_of, visits_to_teach

# What else there is of a lesson has pages of its own; each is linked where it is built.
PAGES = ("versions", "ratings", "standards", "files", "publication", "pdf", "html", "markdown")
STEMS_A_TYPE = 2
# Questions that help the other to think; deciding and looking at the partnership itself have other places.
THINKING = ("Q2", "Q3", "Q4", "Q5", "Q6")


@dataclass(frozen=True)
class Typed:
    """What somebody wrote in the form of a remark; a question is what is asked first."""

    part: str = ""
    kind: str = Remark.Kind.QUESTION
    quote: str = ""
    text: str = ""
    replacement: str = ""


@require_safe
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """A lesson, to read and to write in."""
    found = policy.find(request.user, Lesson, pk, "partnership", "teacher", "document", "cycle", "adopted_from")
    return render(request, "lessons/lesson.html", context_of(request, found))


def context_of(request: Any, found: Lesson) -> dict[str, Any]:
    """All that the page of a lesson shows."""
    text, removed = text_and_removed(found)
    company, changes = company_of(found, request.user), may_change(request.user, found)
    said = said_by_part(request.user, found, [part.id for part in text.parts])
    return {
        "lesson": found,
        "text": text,
        "removed": removed,
        "company": company,
        "whose": whose(found, company),
        "changes": changes,
        "is_hers": found.teacher_id == request.user.pk,
        "said": said,
        "kinds": dict(Remark.Kind.choices),
        "stems": stems(),
        "title_of": title_of,
        "part_names": PART_NAMES,
        "part_hints": PART_HINTS,
        "html_of": html_of,
        "sides": {member.person_id: company.side(member.person_id) for member in company.members},
        "typed": Typed(),
        "why_to_read": why_to_read(found),
        "pages": _pages(found),
        "files_of": files_by_part(request.user, found, [part.id for part in text.parts]),
        "steps": lines_of(request.user, found),
        "visits": visits_to_teach(request.user, found) if changes else [],
    }


def why_to_read(lesson: Lesson) -> str:
    """Why nobody writes in it any more."""
    if lesson.partnership is not None and lesson.partnership.ended_at is not None:
        return _("This partnership has ended. What you wrote stays here to read.")
    return _("Whose lesson it is has left, or you have. It stays here as it was.")


def html_of(part: LessonPart) -> Markup:
    """The words of a part as markup (base/rich_text escapes what people wrote)."""
    return Markup(to_html(part.nodes, top=3))


def hint_of(part: LessonPart) -> str:
    """What could stand in an empty part."""
    return str(PART_HINTS[part.kind])


def said_by_part(person: Any, lesson: Lesson, parts: Iterable[str]) -> dict[str, list[Said]]:
    """What was said about a lesson, as far as this person sees it, by the part it is about; "" is the whole lesson,
    and what was about a part that is gone."""
    found: dict[str, list[Said]] = {part: [] for part in ("", *parts)}
    for one in said_about(policy.seen(person, Remark), lesson):
        found[one.remark.part if one.remark.part in found else ""].append(one)
    return found


def files_by_part(person: Any, lesson: Lesson, parts: Iterable[str]) -> dict[str, list[Attachment]]:
    """The files of a lesson, as far as this person sees them, by the part they belong to; "" is the whole lesson, and
    what belonged to a part that is gone. No part without files is in it."""
    there, found = set(parts), defaultdict(list)
    for one in seen_files(person, lesson):
        found[one.part if one.part in there else ""].append(one)
    return dict(found)


def stems() -> list[str]:
    """Questions to borrow about a lesson that is still to come, from the bank: a few of each kind that opens up."""
    suited = content("bank").suited("prepare")
    found = [[one.text for one in suited if one.type == kind][:STEMS_A_TYPE] for kind in THINKING]
    return [text for texts in found for text in texts]


def _pages(lesson: Lesson) -> dict[str, str]:
    return {name: address(f"lesson_{name}", lesson.pk) for name in PAGES}
