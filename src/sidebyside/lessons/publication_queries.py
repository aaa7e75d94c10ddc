"""Questions about what is, or would be, given to all."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from sidebyside.base import vault
from sidebyside.base.models import Installation
from sidebyside.base.unaccented import unaccented
from sidebyside.lessons import publishing
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
from sidebyside.lessons.taking_out import TakingOut
from sidebyside.lessons.text import LessonText
from sidebyside.partnerships.models import Member
from sidebyside.people.models import Person

# Who made it, and who agreed


def makers_of(lesson: Lesson) -> list[Person]:
    """Those who have to agree that a lesson is published: whose lesson it is, and the members who see it today. Who
    joined after it was begun sees nothing of it, and is not asked."""
    sees = Q(sees_from=None) | Q(sees_from__lte=lesson.begun_at)
    members = Member.objects.filter(sees, partnership=lesson.partnership_id, left_at=None)
    ids = [lesson.teacher_id]
    if lesson.partnership_id is not None:
        ids += members.values_list("person_id", flat=True)
    return list(Person.objects.filter(pk__in=ids).order_by("pk"))


def still_to_agree(publication: Publication) -> list[Person]:
    """The makers who have not agreed to this draft. Nobody where its lesson is gone."""
    if publication.lesson is None:
        return []
    agreed = set(publication.consents.values_list("person_id", flat=True))
    return [person for person in makers_of(publication.lesson) if person.pk not in agreed]


def agreed(publication: Publication) -> list[Person]:
    """Those who have agreed to this draft, the first one first."""
    return [one.person for one in publication.consents.select_related("person").order_by("at", "pk")]


def open_draft_of(rows: QuerySet[Publication], lesson: Lesson) -> Publication | None:
    """The draft of this lesson, among these, that is neither published nor laid aside."""
    return rows.filter(lesson=lesson, published_at=None, retracted_at=None).order_by("-pk").first()


def latest_of(rows: QuerySet[Publication], lesson: Lesson) -> Publication | None:
    """The draft of this lesson, or what became of the last one."""
    return rows.filter(lesson=lesson).order_by("-pk").first()


def source_of(lesson: Lesson) -> Publication | None:
    """What a lesson was adopted from, while its makers leave it in the commons."""
    if lesson.adopted_from_id is None:
        return None
    return Publication.objects.filter(pk=lesson.adopted_from_id, published_at__isnull=False, retracted_at=None).first()


# What would be seen


@dataclass(frozen=True)
class Shown:
    """A publication as everybody would read it."""

    text: LessonText
    before: LessonText | None
    files: list[tuple[Attachment, str]]  # with its caption


def draft_of(publication: Publication) -> Draft:
    """What was asked for. An empty draft where its key was destroyed."""
    vault.opened([publication], "draft")
    return Draft.from_json(publication.draft)


def text_of_version(version: LessonVersion | None) -> LessonText | None:
    """What a version says; None for no version, and where its text was erased."""
    if version is None:
        return None
    vault.opened([version], "body")
    return LessonText.from_json(version.body) if version.body else None


def preview(publication: Publication, draft: Draft) -> Shown | None:
    """A draft as it would be published; None where it, or the text of its version, was erased."""
    text = text_of_version(publication.version)
    if text is None or publication.lesson is None or not draft.language:
        return None
    before = text_of_version(publication.before)
    return Shown(
        publishing.for_all(text, draft.replacements),
        publishing.for_all(before, draft.replacements) if before else None,
        files_of(publication.lesson, draft),
    )


def files_of(lesson: Lesson, draft: Draft) -> list[tuple[Attachment, str]]:
    """The files of a lesson that go along, with their captions as they were when the draft was written, and would be
    read. What was removed since is left out."""
    found = Attachment.objects.filter(lesson=lesson, pk__in=draft.along, removed_at=None).select_related("file")
    out = TakingOut(draft.replacements)
    return [(one, out.text(draft.captions.get(one.pk, ""))[:300]) for one in found.order_by("pk")]


def name_of(published: PublishedFile) -> str:
    """What a published file is called when somebody saves it."""
    vault.opened([published.file], "name")
    return str(published.file.name)


# The commons


def browse(rows: QuerySet[Publication], asked: Mapping[str, str]) -> QuerySet[Publication]:
    """The published lessons among these that were asked for, the newest first: by `licence`, `language`, `subject`,
    `level`, `kind` ("improvement" or "lesson") and the words in `q`. What is not asked for counts as anything."""
    for name in ("licence", "language", "subject", "level"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("kind") in ("improvement", "lesson"):
        rows = rows.filter(body__has_before=asked["kind"] == "improvement")
    for term in publishing.terms(asked.get("q", "")):
        rows = rows.filter(searched__contains=term)
    return rows.order_by("-published_at", "-pk")


def choices_in(rows: QuerySet[Publication]) -> dict[str, list[str]]:
    """The languages, subjects and levels that there are among these, in the order of their letters and numbers."""
    found = list(rows.order_by().values_list("language", "subject", "level").distinct())
    return {
        name: sorted({row[at] for row in found if row[at]}, key=_in_order)
        for at, name in enumerate(("language", "subject", "level"))
    }


def _in_order(text: str) -> tuple[list[tuple[str, int]], str]:
    """By letters without accents and capitals; "Year 2" before "Year 10", and numbers before letters."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", unaccented(text))
    return [("", int(piece)) if piece[0] in "0123456789" else (piece, 0) for piece in pieces], text


def was_adopted(rows: Iterable[Publication]) -> set[int]:
    """The ids of those that others made their own, none of its makers. Not how many have, and not who."""
    makers = PublicationConsent.objects.filter(publication=OuterRef("publication"), person=OuterRef("by"))
    others = Adoption.objects.filter(~Exists(makers), publication__in=[row.pk for row in rows])
    return set(others.values_list("publication_id", flat=True))


def changed_at(in_force: QuerySet[Publication], taken_back: QuerySet[Publication]) -> datetime | None:
    """When a lesson came into the commons, or went, last."""
    came = in_force.aggregate(last=Max("published_at"))["last"]
    went = taken_back.aggregate(last=Max("retracted_at"))["last"]
    return max((moment for moment in (came, went) if moment is not None), default=None)


def lasting_names(*whats: str) -> list[str]:
    """An id for each of these, for other programs, that stays the same when the installation moves to another address.
    One query."""
    mark = Installation.objects.values_list("mark", flat=True).first() or ""
    return [uuid.uuid5(uuid.NAMESPACE_URL, f"side-by-side/{mark}/{what}").urn for what in whats]


def thanks_for(rows: QuerySet[Adoption], publication: Publication) -> list[Adoption]:
    """What those wrote to its makers who adopted it, opened, the latest first."""
    said = rows.filter(publication=publication, thanked_at__isnull=False).select_related("by").order_by("-thanked_at")
    return [one for one in vault.opened(said, "thanks") if one.thanks]
