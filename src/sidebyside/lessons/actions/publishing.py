"""To give a lesson to all: to ask for it, to agree, to take it back. To adopt one, and to thank its makers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from sidebyside.base import vault
from sidebyside.base.events import record
from sidebyside.base.files import storing
from sidebyside.base.files.kinds import BY_MEDIA
from sidebyside.base.files.models import StoredFile
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted
from sidebyside.lessons import publication_queries as queries
from sidebyside.lessons import publishing
from sidebyside.lessons.actions import lessons
from sidebyside.lessons.models import (
    Adoption,
    Attachment,
    Lesson,
    LessonVersion,
    Publication,
    PublicationConsent,
    PublishedFile,
)
from sidebyside.lessons.publishing import Draft
from sidebyside.lessons.text import LessonText
from sidebyside.partnerships.actions.membership import hold_open, must_be_member
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person

COMMONS = "commons"  # the scope of files that everybody may open
LONGEST_CREDIT, LONGEST_LABEL, LONGEST_TITLE = 300, 100, 200
MOST_REPLACED, LONGEST_WORD, LONGEST_THANKS = 500, 200, 500
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)


@transaction.atomic
def propose(
    lesson: Lesson, *, version: LessonVersion | None, before: LessonVersion | None, licence: str, credit: str,
    subject: str, level: str, language: str, replacements: Mapping[str, str], pictures: Mapping[int, str],
    by: Person, at: datetime, read: datetime | None = None,
) -> Publication:  # fmt: skip
    """Write down what would be published: one kept version of a lesson, alone or with the one it improves on.

    `replacements` says which words are taken out of the published copy and what stands in their place; `pictures`
    says of each file of the lesson (by the id of its attachment) that nobody can be recognised, that everybody shown
    agreed, or that it is left out (publishing.SAID). Nobody is asked before somebody agrees. Where there is a draft
    it is changed, if `read` is the moment at which the one she read was written (its `asked_at`); who had agreed is
    asked again.

    Raises Refused without a kept version, for a licence that the source of an adopted lesson does not allow, for a
    file of which nothing was said, and when somebody changed the draft meanwhile.
    """
    lessons.must_be_open(lesson)
    Lesson.objects.filter(pk=lesson.pk).update(version=F("version"))  # of two who begin at once one comes second
    chosen = _chosen(lesson, version, before)
    _must_be_allowed(lesson, licence)
    said = _stated(lesson, pictures)
    draft = Draft(
        credit=_line(credit, LONGEST_CREDIT),
        subject=_line(subject, LONGEST_LABEL),
        level=_line(level, LONGEST_LABEL),
        language=_language(language),
        replacements=_replaced(replacements),
        pictures=said,
        captions=_captions(said),
    )
    _title(publishing.for_all(chosen, draft.replacements))
    content = {"version": version, "before": before, "licence": licence, "asked_at": at, "asked_by": by}
    publication = queries.open_draft_of(Publication.objects.all(), lesson)
    if publication is None:
        # What was laid aside makes room: nobody shall count how often it was not agreed to.
        Publication.objects.filter(lesson=lesson, published_at=None).delete()
        publication = Publication(
            lesson=lesson, partnership_id=lesson.partnership_id, teacher_id=lesson.teacher_id,
            scope=lesson.vault_scope(), improves_id=lesson.adopted_from_id, **content,
        )  # fmt: skip
    else:
        if not _open(publication, read).update(asked_at=at):
            raise Refused(_("Somebody has changed this since you opened it. Look at it again before you change it."))
        PublicationConsent.objects.filter(publication=publication).delete()
        for name, value in content.items():
            setattr(publication, name, value)
    publication.draft = draft.to_json()
    publication.save()
    record("publication.proposed", publication, by=by, at=at, partnership=publication.partnership_id)
    return publication


@transaction.atomic
def agree(
    publication: Publication, *, read: datetime, by: Person, at: datetime, seen: Collection[int] | None = None
) -> bool:
    """One of its makers agrees to the draft that was written at `read`, and to the files that she saw go along (ids
    of attachments; None: those that go along now). With the last of them it is published. Returns whether it is.

    The event names nobody: who agreed would tell who did not. Raises Refused when the draft was changed or laid aside
    since she read it, when the lesson was removed or its partnership has ended, and when `by` is none of its makers.
    """
    lesson = publication.lesson
    if lesson is None:
        raise Refused(_("This lesson is no longer there."))
    if lesson.partnership is not None:
        hold_open(lesson.partnership)
    lessons.must_be_open(Lesson.objects.select_related("partnership").get(pk=lesson.pk))
    if by.pk not in {person.pk for person in queries.makers_of(lesson)}:
        raise Refused(_("Only those who made this lesson decide about it."))
    # Two who agree at once come one after the other: the later one finds that all have agreed.
    if not _open(publication, read).update(asked_at=F("asked_at")):
        raise Refused(_("This has changed since you read it. Please read it again."))
    publication.refresh_from_db()
    _settle_files(publication, seen)
    PublicationConsent.objects.get_or_create(publication=publication, person=by, defaults={"at": at})
    record("publication.agreed", publication, by=None, at=at, partnership=publication.partnership_id)
    if queries.still_to_agree(publication):
        return False
    _publish(publication, at=at)
    return True


@transaction.atomic
def decline(publication: Publication, *, by: Person, at: datetime) -> None:
    """Not this, or not now: the draft is laid aside, by any of its makers. Who had agreed goes with it, and no event
    and no column says who declined. What was written down stays to begin again from.

    Raises Refused when it was published meanwhile.
    """
    _must_be_maker(publication, by)
    if Publication.objects.filter(pk=publication.pk, published_at=None, retracted_at=None).update(retracted_at=at):
        PublicationConsent.objects.filter(publication=publication).delete()
        record("publication.closed", publication, by=None, at=at, partnership=publication.partnership_id)
    elif Publication.objects.filter(pk=publication.pk, published_at__isnull=False, retracted_at=None).exists():
        raise Refused(_("It was published meanwhile. You can take it back."))
    publication.refresh_from_db()


@transaction.atomic
def retract(publication: Publication, *, by: Person, at: datetime) -> None:
    """Take a published lesson back: its words and files go from the commons. Copies that others made stay theirs, and
    lead nowhere. Taken back already: nothing happens. Who agreed can do it also after she has left: it was her yes.

    Raises Refused for who is none of its makers, and for what was not published.
    """
    if not PublicationConsent.objects.filter(publication=publication, person=by).exists():
        _must_be_maker(publication, by)
    in_force = Publication.objects.filter(pk=publication.pk, published_at__isnull=False, retracted_at=None)
    emptied = dict.fromkeys(("title", "credit", "subject", "level", "language", "searched"), "")
    if not in_force.update(retracted_at=at, retracted_by=by, body={}, **emptied):
        if not Publication.objects.filter(pk=publication.pk, retracted_at__isnull=False).exists():
            raise Refused(_("This was not published."))
        return
    publication.refresh_from_db()
    publication.draft = ""
    publication.save(update_fields=["draft"])
    for published in publication.files.select_related("file"):
        published.delete()
        storing.delete(published.file)
    record("publication.retracted", publication, by=by, at=at, partnership=publication.partnership_id)


@transaction.atomic
def adopt(
    publication: Publication, *, partnership: Partnership | None, by: Person, at: datetime, thanks: str = ""
) -> Lesson:
    """Make a published lesson one's own, in a partnership or (None) for oneself, with its files. The copy remembers
    where it came from; `thanks`, a line or none, goes to its makers.

    Raises Refused when it was taken back meanwhile, and for a partnership that `by` is not in.
    """
    if partnership is not None:
        must_be_member(partnership, by)
    thanks = accepted(thanks, longest=LONGEST_THANKS)
    in_force = Publication.objects.filter(pk=publication.pk, published_at__isnull=False, retracted_at=None)
    if not in_force.update(asked_at=F("asked_at")):  # who takes it back comes before or after
        raise Refused(_("Its makers have taken this back. It can no longer be adopted."))
    publication.refresh_from_db()
    text = publishing.from_open(publication.body["text"])
    lesson = lessons.begin(
        partnership=partnership, teacher=by, title=publication.title,
        about=", ".join(filter(None, [publication.subject, publication.level])), by=by, at=at, text=text,
        adopted_from=publication,
    )  # fmt: skip
    for published in publication.files.select_related("file").order_by("pk"):
        _adopt_file(published, lesson, by=by, at=at)
    Adoption.objects.create(
        publication=publication, lesson=lesson, by=by, at=at, scope=publication.scope, thanks=thanks,
        thanked_at=at if thanks else None,
    )  # fmt: skip
    record("publication.adopted", publication, by=by, at=at, partnership=lesson.partnership_id)
    return lesson


def put_away(adoption: Adoption, *, by: Person, at: datetime) -> None:
    """Its makers have read what somebody thanked them for: it waits no longer."""
    if Adoption.objects.filter(pk=adoption.pk, seen_at=None).update(seen_at=at):
        adoption.seen_at = at
        record("adoption.put_away", adoption, by=by, at=at, partnership=adoption.publication.partnership_id)


# What a draft may say


def _chosen(lesson: Lesson, version: LessonVersion | None, before: LessonVersion | None) -> LessonText:
    """The text of the version that would be published."""
    if version is None or version.lesson_id != lesson.pk:
        raise Refused(_("Keep a version of this lesson first: that is what can be published."))
    if before is not None and (before.lesson_id != lesson.pk or before.number >= version.number):
        raise Refused(_("Choose an earlier version of this lesson as the one it improves on."))
    text = queries.text_of_version(version)
    if text is None or before is not None and queries.text_of_version(before) is None:
        raise Refused(_("The text of this version was erased."))
    return text


def _must_be_allowed(lesson: Lesson, licence: str) -> None:
    if licence not in Publication.Licence.values:
        raise Refused(_("Choose one of the licences."))
    source = lesson.adopted_from
    if source is None or licence in publishing.MAY_FOLLOW[source.licence]:
        return
    labels = [str(Publication.Licence(code).label) for code in publishing.MAY_FOLLOW[source.licence]]
    raise Refused(
        _("This lesson was made from one under %(source)s. What is made from it may be given on under: %(licences)s.")
        % {"source": Publication.Licence(source.licence).label, "licences": ", ".join(labels)}
    )


def _title(text: LessonText) -> str:
    if not text.title.strip() or len(text.title) > LONGEST_TITLE:
        raise Refused(
            _("With these words taken out the title is empty or too long. Put something else in their place.")
        )
    return text.title


def _line(text: str, longest: int) -> str:
    return accepted(" ".join(accepted(text).split()), longest=longest)


def _language(code: str) -> str:
    if len(code) > 20 or not LANGUAGE.fullmatch(code):
        raise Refused(_("Choose the language it is written in."))
    return code


def _replaced(replacements: Mapping[str, str]) -> dict[str, str]:
    if len(replacements) > MOST_REPLACED:
        raise Refused(_("At most %(number)s words can be taken out.") % {"number": MOST_REPLACED})
    found = {_line(word, LONGEST_WORD): _line(instead, LONGEST_WORD) for word, instead in replacements.items()}
    return {word: instead for word, instead in found.items() if word}


def _stated(lesson: Lesson, pictures: Mapping[int, str]) -> dict[int, str]:
    """What is said of each file that the lesson has now. Nothing is published of which nothing was said."""
    attachments = Attachment.objects.filter(lesson=lesson, removed_at=None).values_list("pk", flat=True)
    said = {pk: pictures.get(pk, "") for pk in attachments}
    if not set(said.values()) <= set(publishing.SAID):
        raise Refused(
            _("Say of each picture and document that nobody can be recognised, that everybody agreed, or leave it out.")
        )
    return said


def _captions(said: Mapping[int, str]) -> dict[int, str]:
    """What the files say that go along, as it is now."""
    rows = Attachment.objects.filter(pk__in=Draft(pictures=said).along)
    return {one.pk: str(one.caption) for one in vault.opened(rows, "caption")}


def _open(publication: Publication, read: datetime | None) -> QuerySet[Publication]:
    """The draft, if it is still the one that was read, and neither published nor laid aside."""
    rows = Publication.objects.filter(pk=publication.pk, published_at=None, retracted_at=None)
    return rows.filter(asked_at=read) if read is not None else rows.none()


def _settle_files(publication: Publication, seen: Collection[int] | None) -> None:
    """Leave out for good what was removed since the draft was written: brought back, it would be published unseen by
    who agreed meanwhile. Refuses where other files go along now than she saw."""
    draft = queries.draft_of(publication)
    assert publication.lesson is not None
    there = {one.pk for one, _caption in queries.files_of(publication.lesson, draft)}
    if seen is not None and set(seen) != there:
        raise Refused(_("This has changed since you read it. Please read it again."))
    if there != draft.along:
        gone = dict.fromkeys(draft.along - there, publishing.LEFT_OUT)
        publication.draft = replace(draft, pictures={**draft.pictures, **gone}).to_json()
        publication.save(update_fields=["draft"])


def _must_be_maker(publication: Publication, by: Person) -> None:
    if by.pk == publication.teacher_id:
        return
    if publication.partnership is None:
        raise Refused(_("Only those who made this lesson decide about it."))
    must_be_member(publication.partnership, by)


# Into the open, and out of it


def _publish(publication: Publication, *, at: datetime) -> None:
    """Fill the open columns from the draft, and copy the files that go along."""
    draft = queries.draft_of(publication)
    shown = queries.preview(publication, draft)
    if shown is None:
        raise Refused(_("The text of this version was erased."))
    publication.title, publication.credit = _title(shown.text), draft.credit
    publication.subject, publication.level, publication.language = draft.subject, draft.level, draft.language
    publication.body = {
        "text": publishing.to_open(shown.text),
        "before": publishing.to_open(shown.before) if shown.before else None,
        "has_before": shown.before is not None,
    }
    captions = [caption for _attachment, caption in shown.files]
    publication.searched = publishing.searched_of(shown.text, [draft.credit, draft.subject, draft.level, *captions])
    publication.published_at = at
    publication.draft = ""  # the words that were taken out are needed no more
    publication.save()
    for number, (attachment, caption) in enumerate(shown.files, start=1):
        copied = _into_the_open(attachment.file, f"lesson-{publication.pk}-{number}", at=at)
        PublishedFile.objects.create(publication=publication, file=copied, part=attachment.part, caption=caption)
    record("publication.published", publication, by=None, at=at, partnership=publication.partnership_id)


def _into_the_open(file: StoredFile, name: str, *, at: datetime) -> StoredFile:
    """A copy of a file that everybody may open. What it was called stays at home: a file may be named for a child."""
    kind = BY_MEDIA[file.kind]
    same = storing.Examined(name + kind.endings[0], kind, storing.content(file), file.width, file.height)
    return storing.keep(same, scope=COMMONS, by=None, at=at)


def _adopt_file(published: PublishedFile, lesson: Lesson, *, by: Person, at: datetime) -> None:
    scope = lesson.vault_scope()
    copied = storing.copy(published.file, scope=scope, at=at)
    Attachment.objects.create(
        lesson=lesson, partnership_id=lesson.partnership_id, scope=scope, part=published.part, file=copied,
        caption=published.caption, added_at=at, added_by=by,
    )  # fmt: skip
