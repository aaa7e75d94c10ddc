"""To say something about a lesson: remarks, questions and suggested wordings, and what becomes of them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base import bin, vault
from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.rich_text.merging import replace_words
from sidebyside.base.text import accepted, required
from sidebyside.base.versions import overwrite
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions.lessons import change_text, must_be_open
from sidebyside.lessons.models import Lesson, LessonVersion, Remark
from sidebyside.lessons.text import is_part_id
from sidebyside.people.models import Person

LONGEST_REMARK = 10_000
LONGEST_QUOTE = 2_000
SHOWN = 200  # of quoted words, in a sentence that refuses


@transaction.atomic
def say(
    lesson: Lesson, *, part: str = "", kind: str, text: str, by: Person, at: datetime, quote: str = "",
    replacement: str = "", answers: Remark | None = None,
) -> Remark:  # fmt: skip
    """Say something about a lesson, about a part of it (its id), or in answer to what was said before.

    A suggestion names the words it is about (`quote`) and what would stand there instead (`replacement`, may be empty:
    without them); why (`text`) may be left out. To an answer nobody answers again: then it answers the same remark,
    while that is there.
    Raises Refused for words that are missing, too long or cannot be kept, and when the lesson is only there to read.
    """
    must_be_open(lesson)
    if kind not in Remark.Kind.values:
        raise Refused(_("Choose what it is: a question, a remark or a suggestion."))
    if answers is not None:
        if answers.answers is not None and answers.answers.removed_at is None:
            answers = answers.answers
        if answers.lesson_id != lesson.pk or kind == Remark.Kind.SUGGESTION:
            raise Refused(_("An answer belongs to what it answers. Write a suggestion as one of its own."))
        if answers.removed_at is not None:
            raise Refused(_("What you answer to was removed meanwhile."))
        part, quote = answers.part, ""
    if part and not is_part_id(part):
        raise Refused(_("This part is not there any more."))
    quote, text, replacement = _words(kind, quote, text, replacement)
    remark = Remark.objects.create(
        lesson=lesson, partnership_id=lesson.partnership_id, scope=lesson.scope_of(by), part=part, kind=kind, author=by,
        answers=answers, quote=quote, text=text, replacement=replacement, written_at=at, changed_at=at,
    )  # fmt: skip
    record("remark.made", remark, by=by, at=at, partnership=lesson.partnership_id)
    return remark


@transaction.atomic
def change(
    remark: Remark, *, text: str, version: int, by: Person, at: datetime, quote: str | None = None,
    replacement: str | None = None,
) -> None:  # fmt: skip
    """Change what one said; quoted and other words only where they are given. Raises Overtaken when she changed it
    elsewhere since `version`; Refused for words that are missing or cannot be kept, for a suggestion that was
    accepted already, and for what was removed."""
    must_be_open(remark.lesson)
    # (the row is held and read anew: who accepts it at the same moment comes before or after)
    now = Remark.objects.select_for_update().get(pk=remark.pk)
    _must_be_here(now)
    if now.accepted_at is not None:
        raise Refused(_("This suggestion was accepted: it stays as it was."))
    vault.opened([remark], "quote", "replacement")
    quote = str(remark.quote) if quote is None else quote
    replacement = str(remark.replacement) if replacement is None else replacement
    quote, text, replacement = _words(remark.kind, quote, text, replacement)
    if overwrite(remark, version=version, at=at, quote=quote, text=text, replacement=replacement):
        record("remark.changed", remark, by=by, at=at, partnership=remark.partnership_id)


def remove(remark: Remark, *, by: Person, at: datetime) -> None:
    """Put what one said into one's bin. The answers to it stay."""
    bin.remove(remark, by=by, at=at)


@transaction.atomic
def accept(remark: Remark, *, version: int, by: Person, at: datetime) -> None:
    """Take a suggestion into the text as it read in `version`: the quoted words give way to the other ones, where they
    stand first.

    Who proposed it and who accepted it stays to be seen. Raises Refused, with both wordings, where the quoted words
    stand nowhere in the part any more; for what is no suggestion, for one that was accepted already, and for one that
    its author has changed since.
    """
    _must_be_here(remark)
    if remark.kind != Remark.Kind.SUGGESTION:
        raise Refused(_("Only a suggestion can be taken into the text."))
    waiting = Remark.objects.filter(pk=remark.pk, accepted_at=None, removed_at=None)
    if not waiting.filter(version=version).update(accepted_at=at, accepted_by=by):
        if waiting.exists():
            raise Refused(_("This suggestion has changed since you read it. Please read it again."))
        raise Refused(_("This suggestion was accepted already."))
    remark.refresh_from_db(fields=["quote", "replacement"])
    vault.opened([remark], "quote", "replacement")
    quote, replacement = str(remark.quote), str(remark.replacement)

    def change(doc: Any) -> None:
        parts = lesson_text.read(doc).parts
        for part in parts if not remark.part else [one for one in parts if one.id == remark.part]:
            nodes = replace_words(part.nodes, quote, replacement)
            if nodes is not None:
                lesson_text.set_nodes(doc, part.id, nodes)
                return
        raise Refused(
            _("The words “%(quote)s” do not stand there any more. Write “%(replacement)s” where it belongs, and lay "
              "the suggestion aside.")
            % {"quote": _short(quote), "replacement": _short(replacement)}
        )  # fmt: skip

    change_text(remark.lesson, change, by=by, at=at)
    remark.accepted_at, remark.accepted_by = at, by
    record("remark.accepted", remark, by=by, at=at, partnership=remark.partnership_id)


@transaction.atomic
def settle(remark: Remark, *, by: Person, at: datetime) -> None:
    """Lay a remark aside as done. It stays to be read. Done already: nothing happens."""
    must_be_open(remark.lesson)
    if Remark.objects.filter(pk=remark.pk, settled_at=None, removed_at=None).update(settled_at=at, settled_by=by):
        remark.settled_at, remark.settled_by = at, by
        record("remark.settled", remark, by=by, at=at, partnership=remark.partnership_id)


@transaction.atomic
def unsettle(remark: Remark, *, by: Person, at: datetime) -> None:
    """Take up again what was laid aside."""
    must_be_open(remark.lesson)
    laid = Remark.objects.filter(pk=remark.pk, settled_at__isnull=False, removed_at=None)
    if laid.update(settled_at=None, settled_by=None):
        remark.settled_at = remark.settled_by = None
        record("remark.taken_up", remark, by=by, at=at, partnership=remark.partnership_id)


@transaction.atomic
def mark_cause(remark: Remark, *, by: Person, at: datetime) -> None:
    """Say that this question (or remark) led to a change of the lesson. The next version that is kept is the first
    that holds the change. Said already: nothing happens."""
    must_be_open(remark.lesson)
    _must_be_here(remark)
    if Remark.objects.filter(pk=remark.pk, led_at=None, removed_at=None).update(led_at=at, led_by=by):
        remark.led_at, remark.led_by = at, by
        record("remark.led", remark, by=by, at=at, partnership=remark.partnership_id)


@transaction.atomic
def unmark_cause(remark: Remark, *, by: Person, at: datetime) -> None:
    """Take back that it led to a change."""
    must_be_open(remark.lesson)
    led = Remark.objects.filter(pk=remark.pk, led_at__isnull=False, removed_at=None)
    if led.update(led_at=None, led_by=None, led_to=None):
        remark.led_at = remark.led_by = remark.led_to = None
        record("remark.led_not", remark, by=by, at=at, partnership=remark.partnership_id)


def name_version(lesson: Lesson, version: LessonVersion) -> int:
    """Say of what led to a change since the version before that this version is the first to hold it. Returns how
    many remarks that are. Called where a version is kept, in the same transaction."""
    waiting = Remark.objects.filter(lesson=lesson, led_at__isnull=False, led_to=None, removed_at=None)
    return waiting.update(led_to=version)


def _must_be_here(remark: Remark) -> None:
    if remark.removed_at is not None:
        raise Refused(_("This was removed meanwhile. Your words are still here: copy what you want to keep."))


def _words(kind: str, quote: str, text: str, replacement: str) -> tuple[str, str, str]:
    """The words of a remark as they are kept. Raises Refused for what is missing or cannot be kept."""
    quote = accepted(quote, longest=LONGEST_QUOTE)
    if kind != Remark.Kind.SUGGESTION:
        return quote, required(text, longest=LONGEST_REMARK), ""
    if not quote:
        raise Refused(_("Say which words of the lesson you would change: copy them here."))
    replacement = accepted(replacement, longest=LONGEST_QUOTE)
    if replacement == quote:
        raise Refused(_("The suggestion says the same as the lesson. Write what you would say instead."))
    return quote, accepted(text, longest=LONGEST_REMARK), replacement


def _short(words: str) -> str:
    return words if len(words) <= SHOWN else words[:SHOWN] + " …"
