"""Questions about lessons."""

from sidebyside.base import vault
from sidebyside.base.live import documents
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.models import Lesson
from sidebyside.lessons.text import LessonText


def text_of(lesson: Lesson) -> LessonText:
    """What a lesson says now, with title and description; without a word where its text was erased."""
    vault.opened([lesson], "title", "about")
    title, about = str(lesson.title), str(lesson.about)
    try:
        return lesson_text.read(documents.doc_of(lesson.document), title=title, about=about)
    except documents.Gone:
        return LessonText(title, about)
