"""The record of an improvement in print, for whoever sees the lesson."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from sidebyside import policy
from sidebyside.base.typesetting import NotPrinted
from sidebyside.lessons.comparison import Block, Comparison, PartChange, Run
from sidebyside.lessons.exports.print import isolated
from sidebyside.lessons.exports.record import Change, RecordSheet, Table, Told, to_record, told_of
from sidebyside.lessons.models import Lesson, LessonVersion, Remark
from sidebyside.lessons.ratings import AreaResult
from sidebyside.lessons.shortening import Left, shortened
from sidebyside.lessons.version_queries import kept_of
from sidebyside.materials.rating_shapes import Chains, Checklist, Scale
from sidebyside.web.dates import day
from sidebyside.web.files import download
from sidebyside.web.lessons.company import company_of, whose
from sidebyside.web.lessons.comparing import Chosen, Record, choose, record_of
from sidebyside.web.lessons.exports import not_printed

RELATED = ("partnership", "teacher", "document")


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed between two states of a lesson, in print: on one page, or with `whole` in the address word by word.
    Who asks for states that are not there finds nothing."""
    lesson = policy.find(request.user, Lesson, pk, *RELATED)
    kept = kept_of(policy.seen(request.user, LessonVersion), lesson)
    chosen = choose(request.GET, kept) if kept else ""
    record = record_of(request.user, lesson, chosen) if isinstance(chosen, Chosen) else None
    if record is None:
        raise Http404
    try:
        sheet = sheet_of(record, _plain(whose(lesson, company_of(lesson, request.user))))
        printed = to_record(sheet, whole="whole" in request.GET)
    except NotPrinted:
        raise not_printed() from None
    return download(request, printed.pdf, media="application/pdf", name="comparison.pdf")


def sheet_of(record: Record, whose_it_is: str) -> RecordSheet:
    """A record with all its words in the reader's language."""
    found = record.comparison
    return RecordSheet(
        kind=_("Record of lesson improvement"),
        title=found.after.title,
        about=" · ".join(filter(None, [found.after.about, whose_it_is])),
        reader=(get_language() or "en").split("-")[0],
        states=tuple(_states(record.chosen)),
        sum=_("Nothing changed between the two.") if found.is_same else _counts(found),
        came="" if found.is_same else _("Words that came"),
        went=_("words that went"),
        changes=tuple(_changes(record)),
        quiet=_quiet(record),
        tables=tuple(_tables(record)),
        lacking=_("Some signs could not be printed, and a box stands for each. They are there on the page."),
        shorter=_(
            "Made shorter, to stand on one page: words are left out. The record in full stands with the lesson, "
            "and can be printed there."
        ),
    )


def _plain(said: Any) -> str:
    return Markup(strip_tags(said)).unescape()


def _states(chosen: Chosen) -> Iterator[tuple[str, str, str]]:
    yield _("Before"), _plain(chosen.before_name), _kept(chosen.before)
    yield _("After"), _plain(chosen.after_name), _kept(chosen.after) if chosen.after is not None else ""


def _kept(version: LessonVersion) -> str:
    return _("kept %(day)s by %(name)s") % {"day": day(version.made_at), "name": version.made_by.short_name}


def _counts(it: Comparison | PartChange) -> str:
    came = ngettext("%(number)s word came", "%(number)s words came", it.words_in) % {"number": it.words_in}
    went = ngettext("%(number)s went", "%(number)s went", it.words_out) % {"number": it.words_out}
    return f"{came}, {went}."


def _changes(record: Record) -> Iterator[Change]:
    found = record.comparison
    if found.title_changed or found.about_changed:
        runs = [
            runs
            for runs, changed in ((found.title, found.title_changed), (found.about, found.about_changed))
            if changed
        ]
        yield Change(_("Name and description"), "", told=tuple(Told("", each) for each in runs))
    if causes := record.causes_of(""):
        yield Change(_("What led to this"), "", _causes(causes))
    for change in found.parts:
        causes = record.causes_of(change.part.id)
        if not change.is_quiet or causes:
            told = tuple(_told(block, change, record) for block in shortened(change.blocks))
            yield Change(record.part_names[change.part.id], _how(change), _causes(causes), told)
    if found.standards_in or found.standards_out:
        lines = [("in", one) for one in found.standards_in] + [("out", one) for one in found.standards_out]
        told = tuple(
            Told("", (Run(what, f"{isolated(one.code)} {one.statement}" if one.code else one.statement),), "item")
            for what, one in lines
        )
        yield Change(_("Standards"), "", told=told)


def _causes(remarks: list[Remark]) -> tuple[tuple[str, str], ...]:
    return tuple((_cause(one), str(one.text) or _("(erased)")) for one in remarks)


def _cause(remark: Remark) -> str:
    said = _("%(name)s asked") if remark.kind == Remark.Kind.QUESTION else _("%(name)s said")
    return said % {"name": remark.author.short_name}


def _how(change: PartChange) -> str:
    said = []
    if change.what == "added":
        said.append(_("This part is new."))
    elif change.what == "removed":
        said.append(_("This part was taken out."))
    if change.renamed and change.before is not None and change.before.title:
        said.append(_("It was called “%(title)s”.") % {"title": change.before.title})
    if change.moved:
        said.append(_("It has another place among the parts."))
    if change.only_looks:
        said.append(_("Its words are the same; only how they are set changed."))
    if change.minutes_changed:
        said.append(_minutes(change))
    if change.words_in or change.words_out:
        said.append(_counts(change))
    return " ".join(said)


def _minutes(change: PartChange) -> str:
    before, after = (part.minutes if part is not None else 0 for part in (change.before, change.after))
    if before and after:
        numbers = {"before": before, "after": after}
        return _("%(before)s minutes before, %(after)s minutes now.") % numbers
    if after:
        return ngettext("It takes %(number)s minute now.", "It takes %(number)s minutes now.", after) % {
            "number": after
        }
    return _("It does not say any more how long it takes.")


def _told(block: Block | Left, change: PartChange, record: Record) -> Told:
    if isinstance(block, Left):
        left = ngettext("… %(number)s paragraph as before", "… %(number)s paragraphs as before", block.blocks)
        return Told(left % {"number": block.blocks})
    here = block.other_part == change.part.id
    title = {"title": record.part_names.get(block.other_part, "")}
    if block.what == "gone":
        within = _("A paragraph stood here; it was moved within this part.")
        return Told(within if here else _("A paragraph stood here; it is now in “%(title)s”.") % title)
    if block.what == "moved":
        return told_of(block, _("Moved here:") if here else _("Moved here from “%(title)s”:") % title)
    return told_of(block, "")


def _quiet(record: Record) -> str:
    names = [record.part_names[change.part.id] for change in record.comparison.parts if change.is_quiet]
    return f"{_('As before:')} {', '.join(names)}" if names and not record.comparison.is_same else ""


def _tables(record: Record) -> Iterator[Table]:
    for beside in record.ratings:
        who = _("as %(name)s sees it") % {"name": beside.person.short_name}
        columns = [_("Area")]
        columns += [_plain(record.chosen.before_name)] if beside.has_before else []
        columns += [_plain(record.chosen.after_name)] if beside.has_after else []

        def seen(result: AreaResult | None, beside: Any = beside) -> str:
            return _seen(result, beside)

        rows = []
        for change in beside.changes:
            row = [_(change.title)]
            row += [seen(change.before)] if beside.has_before else []
            row += [seen(change.after)] if beside.has_after else []
            rows.append(tuple(row))
        if rows:
            yield Table(f"{_(beside.title)}, {who}", tuple(columns), tuple(rows), _credit(beside.latest.scale))


def _credit(scale: Scale) -> str:
    """Whose levels these are, and where their licence is read; a checklist is nobody's but the programme's."""
    if isinstance(scale, Checklist):
        return ""
    return f"{_(scale.credit)} {scale.licence_address}" if isinstance(scale, Chains) else _(scale.credit)


def _seen(result: AreaResult | None, beside: Any) -> str:
    if result is None or result.is_open:
        return _("not answered")
    if result.level is not None:
        return _(result.level.title)
    counts = result.counts or {}
    return ", ".join(f"{beside.label(answer)}: {counts[answer]}" for answer in beside.shown if counts.get(answer))
