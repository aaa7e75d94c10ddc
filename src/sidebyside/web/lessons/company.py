"""Who works on a lesson, as its pages name them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from sidebyside import policy
from sidebyside.lessons.models import Lesson
from sidebyside.partnerships.queries import current_members
from sidebyside.web.cycles.people import Company


class LessonCompany(Company):
    """The people of a lesson as one of them sees them; alone where it belongs to no partnership."""

    has_left = False

    @property
    def seen(self) -> Markup:  # type: ignore[override]  # (the same line, for one who reads what stands from before)
        return Markup(_("Those who were in this partnership")) if self.has_left else super().seen


def company_of(lesson: Lesson, viewer: Any) -> Company:
    """Who works on a lesson, as the viewer sees them. One query; none for a lesson without a partnership."""
    members = current_members(lesson.partnership) if lesson.partnership is not None else []
    company = LessonCompany(members, viewer)
    company.has_left = lesson.partnership_id is not None and viewer.pk not in {one.person_id for one in members}
    return company


def may_change(person: Any, lesson: Lesson) -> bool:
    """Whether the page offers to write: it is hers to change, and it is open."""
    ended = lesson.partnership is not None and lesson.partnership.ended_at is not None
    return not ended and lesson.removed_at is None and policy.may(person, "change lesson", lesson)


def whose(lesson: Lesson, company: Company) -> str:
    """Whose lesson it is, as a line: "Your lesson", "Ben's lesson" in words that any language can say."""
    if lesson.teacher_id == company.viewer.pk:
        return _("Your lesson")
    return Markup(_("A lesson of %(name)s")) % {"name": Markup("<bdi>%s</bdi>") % lesson.teacher.short_name}
