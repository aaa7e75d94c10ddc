"""What the parts of a lesson are called, and what each is for."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sidebyside.lessons.text import LessonPart

PART_NAMES: dict[str, Promise] = {
    "goals": _("Standards and goals"),
    "task": _("The task"),
    "moves": _("What learners do, what the teacher does"),
    "assessment": _("How we will know"),
    "resources": _("Resources and technology"),
    "timing": _("Time"),
    "other": _("Another part"),
}

# One line for an empty part: what could stand there.
PART_HINTS: dict[str, Promise] = {
    "goals": _("What students will know, understand or be able to do, in words they would use."),
    "task": _("The problem, question or product that students work on."),
    "moves": _("How it begins, what students do, which questions you keep ready."),
    "assessment": _("What good work looks like, and how students find out how far they are."),
    "resources": _("What lies on the desks, and what any technology is there for. Choose it last."),
    "timing": _("What happens when, and what can be left out."),
    "other": _("Whatever else belongs to this lesson."),
}


def title_of(part: LessonPart) -> str:
    """What a part is called: its own title, or the name of its kind in the reader's language."""
    return part.title or str(PART_NAMES[part.kind])
