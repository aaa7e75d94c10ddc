"""To give a lesson to all: choose the version, look over its words, agree."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Refused
from sidebyside.lessons import publication_queries as queries
from sidebyside.lessons import publishing
from sidebyside.lessons.actions import publishing as actions
from sidebyside.lessons.capitals import Passage, capitalised_words, knows_no_capitals
from sidebyside.lessons.models import Attachment, Lesson, LessonVersion, Publication
from sidebyside.lessons.part_names import title_of
from sidebyside.lessons.text import LessonText
from sidebyside.lessons.version_queries import kept_of
from sidebyside.web.commons.licences import FOR_READERS, address_of, label_of, language_name
from sidebyside.web.commons.showing import plain_sheet, sheet_of_draft
from sidebyside.web.lessons.company import company_of, may_change
from sidebyside.web.lessons.publication_forms import PublicationForm, look_over, replaced_in

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
RELATED = ("partnership", "teacher", "document", "adopted_from")


def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a lesson stands on its way to everybody: what would be seen and who agreed, or the form before that.
    A POST writes the draft down."""
    if request.method == "POST":
        lesson = policy.ask(request.user, "publish lesson", Lesson, pk, *RELATED)
        return _propose(request, lesson)
    lesson = policy.find(request.user, Lesson, pk, *RELATED)
    found = queries.latest_of(policy.seen(request.user, Publication), lesson)
    asks = "version" in request.GET or "change" in request.GET
    if may_change(request.user, lesson) and (found is None or asks):
        return _form_page(request, lesson, found)
    return _state_page(request, lesson, found)


# Where it stands


def _state_page(request: Any, lesson: Lesson, found: Publication | None, fault: str = "") -> HttpResponse:
    vault.opened([lesson], "title")
    others = policy.in_the_commons().filter(lesson=lesson).exclude(pk=found.pk if found is not None else None)
    context: dict[str, Any] = {
        "lesson": lesson,
        "publication": found,
        "company": company_of(lesson, request.user),
        "changes": may_change(request.user, lesson),
        "state": _state(found),
        "may_retract": found is not None and policy.may(request.user, "retract publication", found),
        # What was published of it before, and never taken back.
        "others": others.order_by("-published_at"),
        "fault": fault,
        "sheet": None,
        "label_of": label_of,
        "address_of": address_of,
        "sentences": FOR_READERS,
        "language_name": language_name,
    }
    if found is not None and context["state"] == "draft":
        draft = queries.draft_of(found)
        shown = queries.preview(found, draft)
        context |= {
            "sheet": sheet_of_draft(found, draft, shown) if shown else None,
            "along": ",".join(str(one.pk) for one, _caption in shown.files) if shown else "",
            "replaced": draft.replacements,
            "waiting": queries.still_to_agree(found),
            "agreed": queries.agreed(found),
            "source": queries.source_of(lesson),
            "may_agree": policy.may(request.user, "agree to publication", found),
        }
    return render(request, "lessons/publication.html", context, status=422 if fault else 200)


def _state(found: Publication | None) -> str:
    if found is None:
        return "none"
    if found.published_at is None:
        return "closed" if found.retracted_at is not None else "draft"
    return "published" if found.retracted_at is None else "retracted"


@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """One of its makers agrees to what she has just read."""
    lesson, found = _draft(request, pk)
    try:
        is_out = actions.agree(
            found, read=_moment(request), seen=_seen(request), by=request.user, at=timezone.now()
        )  # fmt: skip
    except Refused as refused:
        return _state_page(
            request, lesson, queries.latest_of(policy.seen(request.user, Publication), lesson), refused.sentence
        )
    said = _("It is published: everybody can read it now.") if is_out else _("You agreed. The others are asked.")
    messages.success(request, said)
    return redirect("published", found.pk) if is_out else redirect("lesson_publication", pk)


@require_POST
def lay_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Not this, or not now. Nobody is named."""
    _lesson, found = _draft(request, pk)
    actions.decline(found, by=request.user, at=timezone.now())
    messages.success(request, _("It is laid aside. It was not published, and nobody is named."))
    return redirect("lesson_publication", pk)


def _draft(request: Any, pk: int) -> tuple[Lesson, Publication]:
    lesson = policy.find(request.user, Lesson, pk, *RELATED)
    found = queries.latest_of(policy.seen(request.user, Publication), lesson)
    if found is None:
        raise Http404
    return lesson, policy.ask(request.user, "agree to publication", Publication, found.pk, "lesson", "partnership")


def _moment(request: Any) -> datetime:
    """When the draft that she read was written, as its page said."""
    try:
        moment = datetime.fromisoformat(request.POST.get("read", ""))
        return moment.astimezone(UTC) if timezone.is_aware(moment) else NEVER
    except (ValueError, OverflowError):  # (at either end of the calendar not every zone has every moment)
        return NEVER


def _seen(request: Any) -> set[int]:
    """The files (ids of attachments) that went along as she read it, as its page said."""
    said = request.POST.get("files", "").split(",")
    return {int(one) for one in said if one.isascii() and one.isdigit() and len(one) < 19}


# Before that


def _propose(request: Any, lesson: Lesson) -> HttpResponse:
    found = queries.open_draft_of(policy.seen(request.user, Publication), lesson)
    versions = _versions(request, lesson)
    version, before = _chosen(versions, request.POST, None)
    form = _form(lesson, found, _files(request, lesson), request.POST)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("licence", "credit", "subject", "level", "language")}
        try:
            actions.propose(
                lesson, version=version, before=before, replacements=replaced_in(request.POST),
                pictures=form.pictures, by=request.user, at=timezone.now(),
                read=_moment(request) if request.POST.get("read") else None, **said,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return redirect("lesson_publication", lesson.pk)
    return _form_page(request, lesson, found, form)


def _form_page(
    request: Any, lesson: Lesson, found: Publication | None, form: PublicationForm | None = None
) -> HttpResponse:
    """The form: what is published, under which licence, without which words, with which files."""
    vault.opened([lesson], "title")
    versions = _versions(request, lesson)
    data = request.GET if form is None else request.POST
    version, before = _chosen(versions, data, found)
    draft = queries.draft_of(found) if found is not None and found.published_at is None else None
    files = _files(request, lesson)
    texts = [text for one in (version, before) if (text := queries.text_of_version(one)) is not None]
    passages = [passage for text in texts for passage in publishing.passages(text)]
    passages += [Passage("files", str(one.caption)) for one in files if one.caption]
    replaced = replaced_in(request.POST) if form is not None else dict(draft.replacements) if draft else {}
    open_draft = found if found is not None and found.published_at is None and found.retracted_at is None else None
    context = {
        "lesson": lesson,
        "company": company_of(lesson, request.user),
        "versions": versions,
        "version": version,
        "before": before,
        "form": form or _form(lesson, found, files),
        "files": files,
        "source": lesson.adopted_from,
        "looked": look_over(capitalised_words(passages), replaced, _part_names(texts)),
        "no_capitals": knows_no_capitals(passages),
        "instead": data.get("instead", "") or _(publishing.ANYBODY),
        "sheet": plain_sheet(texts[0]) if version is not None and texts else None,
        "read": open_draft.asked_at.isoformat() if open_draft else "",
    }
    return render(request, "lessons/publish.html", context, status=422 if form is not None else 200)


def _form(lesson: Lesson, found: Publication | None, files: list[Attachment], *data: Any) -> PublicationForm:
    source = lesson.adopted_from
    allowed = publishing.MAY_FOLLOW[source.licence] if source else tuple(Publication.Licence.values)
    draft = queries.draft_of(found) if found is not None and found.published_at is None else None
    licence = found.licence if found is not None else allowed[0] if len(allowed) == 1 else ""
    return PublicationForm(*data, allowed=allowed, files=files, draft=draft, licence=licence)


def _versions(request: Any, lesson: Lesson) -> list[LessonVersion]:
    """The kept versions of a lesson, the newest first, with their names."""
    return kept_of(policy.seen(request.user, LessonVersion), lesson)[::-1]


def _chosen(
    versions: list[LessonVersion], data: Any, found: Publication | None
) -> tuple[LessonVersion | None, LessonVersion | None]:
    """Which version is to be published, and which it improves on: as asked for, as the draft says, else the newest
    and the one that was kept first."""
    by_number = {str(one.number): one for one in versions}
    by_pk = {one.pk: one for one in versions}
    if "version" in data:
        version = by_number.get(data["version"])
        before = by_number.get(data.get("before", ""))
    elif found is not None and found.version_id in by_pk:
        version, before = by_pk[found.version_id], by_pk.get(found.before_id or 0)
    else:
        version, before = (versions[0] if versions else None), (versions[-1] if len(versions) > 1 else None)
    return version, before


def _files(request: Any, lesson: Lesson) -> list[Attachment]:
    rows = policy.seen(request.user, Attachment).filter(lesson=lesson, removed_at=None).select_related("file")
    found = list(rows.order_by("pk"))
    vault.open_texts([*((one, "caption") for one in found), *((one.file, "name") for one in found)])
    return found


def _part_names(texts: list[LessonText]) -> dict[str, str]:
    names = {"title": _("Title"), "files": _("Files")}
    return names | {part.id: title_of(part) for text in reversed(texts) for part in text.parts}
