"""One roster that waits: what it would change, and the two ways to decide about it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.places import roster_queries
from sidebyside.places.actions import rosters as actions
from sidebyside.places.models import Place, RosterImport
from sidebyside.places.roster.changes import NEW
from sidebyside.places.roster.records import ArchiveRefused
from sidebyside.places.roster_queries import Preview
from sidebyside.web.paging import Page
from sidebyside.web.rosters import lines
from sidebyside.web.rosters.forms import ApplyForm

ON_A_PAGE = 50


class Gone(Exception):
    """The upload was applied or put away, or its day is over."""


@require_safe
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """What this roster would change, verdict by verdict, each change with its reason and its line."""
    upload = _upload(request, pk)
    try:
        seen = _preview(upload)
    except Gone:
        return render(request, "rosters/decided.html", {"upload": upload, "verdicts": lines.verdict_words()})
    except ArchiveRefused as fault:
        return _refused(request, upload, fault)
    return render(request, "rosters/roster.html", _context(request, upload, seen, _form(seen)))


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the preview says, if it still says so and everything that must be said is said."""
    upload = _upload(request, pk)
    try:
        seen = _preview(upload)
    except Gone:
        return redirect("roster", pk=upload.pk)
    except ArchiveRefused as fault:
        return _refused(request, upload, fault)
    form = _form(seen, request.POST)
    if request.POST.get("after", "") != str(seen.after or ""):
        messages.info(request, _("Somebody else brought this source up to date. This is what would change now."))
        return redirect("roster", pk=upload.pk)
    if not form.is_valid():
        return render(request, "rosters/roster.html", _context(request, upload, seen, form), status=422)
    answers = form.cleaned_data
    try:
        actions.apply_roster(
            seen,
            by=request.user,
            at=timezone.now(),
            on=timezone.localdate(),
            refused_accepted=answers.get("refused_accepted", False),
            leaving=answers.get("leaving"),
            upload=upload,
        )
    except actions.Unanswered as refusal:
        form.add_error("leaving" if "leaving" in form.fields else None, refusal.sentence)
        return render(request, "rosters/roster.html", _context(request, upload, seen, form), status=422)
    except Refused as refusal:
        messages.info(request, refusal.sentence)
        return redirect("roster", pk=upload.pk)
    messages.success(request, _("The roster is applied."))
    return redirect("roster", pk=upload.pk)


@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide against it. The file goes, and nothing has changed."""
    upload = _upload(request, pk)
    if actions.put_away(upload, by=request.user, at=timezone.now()):
        messages.success(request, _("The roster is put away and its file is gone. Nothing has changed."))
    return redirect("rosters")


@require_GET
def changes_as_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """All changes and refused rows as a table, for whoever looks after the system it came from."""
    upload = _upload(request, pk)
    try:
        seen = _preview(upload)
    except (Gone, ArchiveRefused):
        return redirect("roster", pk=upload.pk)
    answer = HttpResponse("".join(lines.as_csv(seen)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="roster-{upload.pk}.csv"'
    return answer


def _upload(request: HttpRequest, pk: int) -> RosterImport:
    """The upload, if she may bring rosters to its place. Raises Http404 or PermissionDenied otherwise."""
    upload = policy.find(request.user, RosterImport, pk, "source", "by", "applied_by")
    policy.ask(request.user, "bring a roster to", Place, upload.source.under_id)
    return upload


def _preview(upload: RosterImport) -> Preview:
    path = actions.path_of(upload)
    if upload.applied_at or upload.put_away_at or path is None:
        raise Gone
    return roster_queries.preview(path, source=upload.source, on=timezone.localdate())


def _form(seen: Preview, sent: Any = None) -> ApplyForm:
    changes = seen.changes
    return ApplyForm(sent, question=changes.question, refused=len(changes.refused), initial={"after": seen.after or ""})


def _refused(request: HttpRequest, upload: RosterImport, fault: ArchiveRefused) -> HttpResponse:
    """The page of a roster that is refused whole."""
    context = {"upload": upload, "faults": [_named(upload, lines.fault_line(found)) for found in fault.faults]}
    return render(request, "rosters/refused_whole.html", context, status=422 if request.method == "POST" else 200)


def _context(request: HttpRequest, upload: RosterImport, seen: Preview, form: ApplyForm) -> dict[str, Any]:
    numbers = seen.changes.count()
    size = {verdict: len(lines.lines(seen, verdict)) for verdict in lines.SHOWN}
    shown = request.GET.get("show")
    if shown not in lines.SHOWN:
        shown = next((verdict for verdict in reversed(lines.SHOWN) if size[verdict]), NEW)
    page = _page(request, lines.lines(seen, shown))
    return {
        "upload": upload,
        "form": form,
        "verdicts": lines.verdict_words(),
        "numbers": numbers,
        "ignored": [(lines.kind_words().get(kind, kind), n) for kind, n in seen.changes.ignored.items() if n],
        "nothing_changes": not any(size.values()),
        "size": size,
        "shown": shown,
        "page": Page([_named(upload, line) for line in lines.worded(seen, page.rows)], page.number, page.has_next),
        "leaders": upload.source.leaders_allowed_at is not None,
    }


def _named(upload: RosterImport, line: lines.Line) -> lines.Line:
    """The line with the file called as she called it; it lies under a name of our own."""
    return replace(line, where=line.where.replace(upload.stored_as or upload.file_name, upload.file_name))


def _page(request: HttpRequest, rows: list[Any]) -> Page:
    written = request.GET.get("page", "1")
    number = max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 7 else 1
    return Page(rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE], number, len(rows) > number * ON_A_PAGE)
