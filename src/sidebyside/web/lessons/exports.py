"""A lesson to take along, for whoever sees it. What is made is kept nowhere, and its name says nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.base.typesetting import NotPrinted
from sidebyside.lessons.exports.gathering import sheet_of
from sidebyside.lessons.exports.page import to_page
from sidebyside.lessons.exports.print import to_print
from sidebyside.lessons.exports.sheets import Sheet
from sidebyside.lessons.exports.text import to_text
from sidebyside.lessons.models import Lesson
from sidebyside.lessons.queries import text_of
from sidebyside.web.commons.licences import made_from
from sidebyside.web.files import download
from sidebyside.web.lessons.files import seen_files


@require_safe
def markdown(request: HttpRequest, pk: int) -> HttpResponse:
    """The lesson as Markdown."""
    return download(
        request, to_text(_sheet(request, pk, drawn=False)).encode(), media="text/markdown", name="lesson.md"
    )


@require_safe
def html(request: HttpRequest, pk: int) -> HttpResponse:
    """The lesson as one web page with its pictures inside."""
    return download(request, to_page(_sheet(request, pk)).encode(), media="text/html", name="lesson.html")


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The lesson in print."""
    try:
        printed = to_print(_sheet(request, pk))
    except NotPrinted:
        raise not_printed() from None
    return download(request, printed.pdf, media="application/pdf", name="lesson.pdf")


def not_printed() -> Refused:
    """What is said where a PDF could not be made."""
    return Refused(_("The PDF could not be made this time. The web page (HTML) holds the same, and can be printed."))


def _sheet(request: HttpRequest, pk: int, *, drawn: bool = True) -> Sheet:
    lesson = policy.find(request.user, Lesson, pk, "partnership", "teacher", "document", "adopted_from")
    files, source = seen_files(request.user, lesson), made_from(lesson.adopted_from)
    return sheet_of(text_of(lesson), files, source=source, drawn=drawn)
