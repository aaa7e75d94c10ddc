"""Rosters: naming a source, keeping an upload until it is decided about, and applying it.

Reading and comparing (`roster_queries.preview`) come before and outside the transaction; here is only what
writes. What a roster does to people and places is written by `writing.py`.
"""

import secrets
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import required
from sidebyside.people.models import Person
from sidebyside.places.actions.roster_writing import Writing
from sidebyside.places.models import Place, RosterImport, Source
from sidebyside.places.roster.changes import Changes
from sidebyside.places.roster_queries import Preview, last_applied

KEPT_FOR = timedelta(days=1)
BLOCK = 1 << 20


class Unanswered(Refused):
    """Something has to be said first; nothing was applied."""


class Outdated(Refused):
    """The same source was brought up to date by somebody else since this preview was made."""


def unanswered(changes: Changes, *, refused_accepted: bool, leaving: int | None) -> list[str]:
    """What has to be said before these changes are applied: a sentence for each, none where all is said.

    `leaving` is the number that somebody repeated, `refused_accepted` whether the refused rows may stay out.
    Accepting refused rows never answers the other question.
    """
    sentences = []
    if changes.question is not None and leaving != changes.question:
        sentences.append(
            ngettext(
                "%(number)s person of this source would leave, more than a tenth. Repeat the number to go on.",
                "%(number)s people of this source would leave, more than a tenth. Repeat the number to go on.",
                changes.question,
            )
            % {"number": changes.question}
        )
    if changes.refused and not refused_accepted:
        sentences.append(
            ngettext(
                "%(number)s row is refused. Say that it may stay out, or put the roster right.",
                "%(number)s rows are refused. Say that they may stay out, or put the roster right.",
                len(changes.refused),
            )
            % {"number": len(changes.refused)}
        )
    return sentences


@transaction.atomic
def name_source(name: str, *, under: Place | None, by: Person | None, at: datetime) -> Source:
    """The source of that name under a place, made where it is new.

    Raises Refused where the name belongs to a source under another place: its people would be retired by
    the rosters of this one.
    """
    name = required(" ".join(name.split()), longest=80)
    source, new = Source.objects.get_or_create(name=name, defaults={"under": under})
    if new:
        record("source.named", source, by=by, at=at, place=source.under_id)
    elif source.under_id != (under.pk if under else None):
        raise Refused(_("There is a source of this name already, under another place. Choose another name."))
    return source


@transaction.atomic
def allow_leaders(source: Source, *, by: Person, at: datetime) -> None:
    """Let this source's rosters make school leaders of principals, from the next one on."""
    if Source.objects.filter(pk=source.pk, leaders_allowed_at=None).update(
        leaders_allowed_at=at, leaders_allowed_by=by
    ):
        record("source.leaders_allowed", source, by=by, at=at)
    source.refresh_from_db()


@transaction.atomic
def forbid_leaders(source: Source, *, by: Person, at: datetime) -> None:
    """Let this source's rosters make nobody a school leader any more. Who is one stays it."""
    if (
        Source.objects.filter(pk=source.pk)
        .exclude(leaders_allowed_at=None)
        .update(leaders_allowed_at=None, leaders_allowed_by=None)
    ):
        record("source.leaders_forbidden", source, by=by, at=at)
    source.refresh_from_db()


# --- uploads


def folder_of_uploads() -> Path:
    """Where uploads lie until they are decided about; readable by the program alone."""
    folder = Path(settings.SIDEBYSIDE_HOME) / "rosters"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(upload: RosterImport) -> Path | None:
    """The file of an upload, or None when it is gone."""
    if not upload.stored_as:
        return None
    path = folder_of_uploads() / upload.stored_as
    return path if path.is_file() else None


def keep_upload(stream: IO[bytes], *, source: Source, file_name: str, by: Person, at: datetime) -> RosterImport:
    """Keep what was uploaded until it is applied or put away, block by block, never in memory as a whole."""
    stored_as = secrets.token_hex(16) + (".csv" if file_name.lower().endswith(".csv") else "")
    path = folder_of_uploads() / stored_as
    with path.open("xb") as kept:
        path.chmod(0o600)
        while block := stream.read(BLOCK):
            kept.write(block)
    shown = required(file_name.replace("\0", "").strip() or stored_as)[-200:]
    return RosterImport.objects.create(source=source, by=by, at=at, file_name=shown, stored_as=stored_as)


def put_away(upload: RosterImport, *, by: Person | None, at: datetime) -> bool:
    """Decide against an upload: its file goes. Returns whether it was still waiting."""
    waiting = RosterImport.objects.filter(pk=upload.pk, applied_at=None, put_away_at=None)
    put = bool(waiting.update(put_away_at=at, stored_as=""))
    _forget_file(upload)
    return put


def put_away_old(*, at: datetime) -> int:
    """Put away uploads that nobody decided about for a day, and files that belong to none. Returns how many."""
    old = RosterImport.objects.filter(applied_at=None, put_away_at=None, at__lt=at - KEPT_FOR)
    number = sum(put_away(upload, by=None, at=at) for upload in old)
    wanted = set(RosterImport.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    for path in folder_of_uploads().iterdir():
        if path.name not in wanted and path.stat().st_mtime < (at - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)
    return number


def _forget_file(upload: RosterImport) -> None:
    path = path_of(upload)
    if path is not None:
        path.unlink(missing_ok=True)


# --- applying


def apply_roster(
    seen: Preview,
    *,
    by: Person | None,
    at: datetime,
    on: date,
    refused_accepted: bool = False,
    leaving: int | None = None,
    upload: RosterImport | None = None,
    file_name: str = "",
) -> RosterImport:
    """Do what the preview shows, in one transaction; `on` is the day on which posts begin and end.

    Its source may be new. An `upload` is marked as applied and its file goes. Raises Unanswered while a
    question is open, Outdated when the source changed since the preview was made, Refused when it cannot be
    done any more. Either everything is written or nothing.
    """
    open_questions = unanswered(seen.changes, refused_accepted=refused_accepted, leaving=leaving)
    if open_questions:
        raise Unanswered(" ".join(open_questions))
    writing = Writing(seen, by=by, at=at, on=on)
    try:
        with transaction.atomic():
            applied = _write(writing, seen, by=by, at=at, upload=upload, file_name=file_name)
    except IntegrityError as fault:
        raise Outdated(_outdated()) from fault
    if upload is not None:
        _forget_file(upload)
    return applied


def _write(
    writing: Writing,
    seen: Preview,
    *,
    by: Person | None,
    at: datetime,
    upload: RosterImport | None,
    file_name: str,
) -> RosterImport:
    source = seen.source
    if source.pk is None:
        source = name_source(source.name, under=source.under, by=by, at=at)
    # Two imports of one source wait for each other here (SQLite has one writer at a time anyway).
    source = Source.objects.select_for_update().get(pk=source.pk)
    if last_applied(source) != seen.after:
        raise Outdated(_outdated())
    numbers = {**seen.changes.count(), "ignored": seen.changes.ignored, "refused": len(seen.changes.refused)}
    done = {"numbers": numbers, "applied_at": at, "applied_by": by}
    if upload is None:
        applied = RosterImport.objects.create(source=source, by=by, at=at, file_name=file_name[-200:], **done)
    else:
        waiting = RosterImport.objects.filter(pk=upload.pk, source=source, applied_at=None, put_away_at=None)
        if not waiting.update(stored_as="", **done):
            raise Refused(_("This roster was applied or put away already."))
        applied = RosterImport.objects.get(pk=upload.pk)
    writing.write(source)
    left, returned, moved = writing.left, writing.returned, writing.moved
    record("roster.applied", applied, by=by, at=at, source=source.pk, left=left, returned=returned, moved=moved)
    return applied


def _outdated() -> str:
    return _("Something changed since this preview was made. Look at it again before you apply it.")
