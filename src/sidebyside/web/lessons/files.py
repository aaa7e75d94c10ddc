"""Files of a lesson: to look at, to attach, to say what they show, to take off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from sidebyside import policy
from sidebyside.base.files import kinds
from sidebyside.base.refusals import Refused
from sidebyside.lessons.actions import files as actions
from sidebyside.lessons.file_queries import attached, opened
from sidebyside.lessons.models import Attachment, Lesson
from sidebyside.lessons.part_names import title_of
from sidebyside.lessons.queries import text_of
from sidebyside.web.files import serve
from sidebyside.web.lessons.company import company_of, may_change
from sidebyside.web.lessons.live import tell

MOST_AT_ONCE = 20
RELATED = ("partnership", "teacher", "document")
OF_FILE = ("file", "lesson", "lesson__partnership", "lesson__teacher", "lesson__document")


def files(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of a lesson, and the form for more, with the part in the address chosen. A POST attaches one or
    several: those that can be taken are."""
    if request.method != "POST":
        return _page(request, policy.find(request.user, Lesson, pk, *RELATED), part=request.GET.get("part", ""))
    lesson = policy.ask(request.user, "change lesson", Lesson, pk, *RELATED)
    given = request.FILES.getlist("files")
    sent = {name: request.POST.get(name, "") for name in ("caption", "part")}
    if not given:
        return _page(request, lesson, refused=[_("Choose a file first.")], **sent)
    if len(given) > MOST_AT_ONCE:
        return _page(request, lesson, refused=[_too_many()], **sent)
    made, refused = _attach(request, lesson, given, sent)
    if made:
        tell(lesson, "files")
    if refused:
        lines = [Markup("<bdi>%s</bdi>: %s") % (name, sentence) for name, sentence in refused]
        return _page(request, lesson, refused=lines, kept=len(made), **sent)
    messages.success(request, _said(made))
    # What belongs to a part is seen with it; what is still to be said of a picture is said on this page.
    if made[0].part and not any(_is_unsaid(one) for one in made):
        return redirect(reverse("lesson", args=[pk]) + f"#files-of-{made[0].part}")
    return redirect("lesson_files", pk)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: a picture as it is, anything else to be saved."""
    found = policy.find(request.user, Attachment, pk, "file")
    opened([found])
    try:
        return serve(request, found.file, name=str(found.file.name))
    except Refused as gone:
        raise Http404(gone.sentence) from None


@require_POST
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a file is, and what a picture shows."""
    found = policy.ask(request.user, "change attachment", Attachment, pk, *OF_FILE)
    caption = request.POST.get("caption", "")
    try:
        actions.describe(found, caption=caption, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, found.lesson, refused=[refused.sentence])
    tell(found.lesson, "files")
    messages.success(request, _("It is described."))
    return _back(found)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a file into the bin of the members."""
    found = policy.ask(request.user, "change attachment", Attachment, pk, *OF_FILE)
    try:
        actions.remove(found, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, found.lesson, refused=[refused.sentence])
    tell(found.lesson, "files")
    undo = reverse("restore", args=["attachment", pk])
    messages.success(request, _("The file lies in the bin for 30 days."), extra_tags=f"undo:{undo}")
    return redirect("lesson_files", found.lesson_id)


def seen_files(person: Any, lesson: Lesson) -> list[Attachment]:
    """The files of a lesson as far as this person sees them, oldest first; names and captions are open."""
    return list(attached(policy.seen(person, Attachment), lesson))


def _attach(
    request: Any, lesson: Lesson, given: list[Any], sent: dict[str, str]
) -> tuple[list[Attachment], list[tuple[str, str]]]:
    """Attach each for itself, so that one that is refused keeps no other out. What was said of one is said of none
    where there are several. Returns those attached, and the names of the others with why they were not; which kinds
    are taken is said once."""
    made, refused = [], []
    caption = sent["caption"] if len(given) == 1 else ""
    for upload in given:
        try:
            made.append(
                actions.attach(
                    lesson, upload, caption=caption, part=sent["part"], by=request.user, at=timezone.now()
                )  # fmt: skip
            )
        except Refused as why:
            refused.append((str(upload.name)[:120], why.sentence))
    taken = _(kinds.TAKEN)
    last = max((place for place, (_name, why) in enumerate(refused) if why.endswith(taken)), default=None)
    for place, (name, sentence) in enumerate(refused):
        if place != last:
            refused[place] = name, sentence.removesuffix(taken).rstrip()
    return made, refused


def _too_many() -> str:
    return _("Choose at most %(number)s files at once.") % {"number": MOST_AT_ONCE}


def _said(made: list[Attachment]) -> str:
    said = ngettext("%(number)s file is attached.", "%(number)s files are attached.", len(made)) % {"number": len(made)}
    if any(_is_unsaid(one) for one in made):
        said = f"{said} {_('Say what the pictures show, for those who cannot see them.')}"
    return said


def _is_unsaid(one: Attachment) -> bool:
    return one.file.is_picture and not one.caption


def _back(found: Attachment) -> HttpResponse:
    return redirect(reverse("lesson_files", args=[found.lesson_id]) + f"#file-{found.pk}")


def _page(
    request: Any, lesson: Lesson, refused: list[str] | None = None, kept: int = 0, caption: str = "", part: str = ""
) -> HttpResponse:
    text = text_of(lesson)
    context = {
        "lesson": lesson,
        "text": text,
        "attachments": seen_files(request.user, lesson),
        "company": company_of(lesson, request.user),
        "changes": may_change(request.user, lesson),
        "parts": [(one.id, title_of(one)) for one in text.parts],
        "refused": refused or [],
        "kept": kept,
        "caption": caption,
        "chosen": part,
        "accept": ",".join(ending for kind in kinds.BY_MEDIA.values() for ending in kind.endings),
        "limits": {"picture": kinds.LIMITS.picture // 1024**2, "document": kinds.LIMITS.document // 1024**2},
        "longest": actions.LONGEST_CAPTION,
        "most": MOST_AT_ONCE,
        "too_many": _too_many(),
    }
    return render(request, "lessons/files.html", context, status=422 if refused else 200)
