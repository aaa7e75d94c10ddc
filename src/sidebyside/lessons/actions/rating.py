"""To rate a version of a lesson: the teacher first and alone, her partners when she asks them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base import vault
from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted
from sidebyside.base.versions import overwrite
from sidebyside.lessons import rating_queries
from sidebyside.lessons import ratings as pure
from sidebyside.lessons.actions.lessons import must_be_open
from sidebyside.lessons.actions.versions import as_it_stands
from sidebyside.lessons.models import Lesson, LessonVersion, OwnChecklist, Rating
from sidebyside.lessons.ratings import Answers
from sidebyside.materials.models import MaterialVersion
from sidebyside.materials.rating_shapes import Scale
from sidebyside.people.models import Person

LONGEST_NOTE = 500


@transaction.atomic
def rate(
    version: LessonVersion,
    *,
    material: MaterialVersion,
    own: OwnChecklist | None = None,
    answers: Mapping[str, str],
    notes: Mapping[str, str],
    after: int = 0,
    by: Person,
    at: datetime,
) -> Rating:
    """Keep how somebody sees a version, by a material or by what her partnership made of it (`own`, its body open).

    Hers alone until she shares it; no event tells of it. What she sends again takes the place of what she sent
    before (`after`: the edition she read, 0 for none), and a rating goes on by the material it was begun with.
    Raises Overtaken when she saved other answers elsewhere since, with them; Refused when it is not hers to rate
    (yet), for answers that are not asked for, and for a first one without any answer.
    """
    lesson = version.lesson
    must_be_open(lesson)
    if not rating_queries.may_be_rated(version, material, by):
        raise Refused(_("Whose lesson it is rates it first. You can when you are asked to."))
    rows = Rating.objects.filter(version=version, by=by, material__material=material.material_id)
    found = rows.select_related("material__material", "own__base__material").first()
    if found is None:
        _must_belong(own, lesson, material)
        scale = rating_queries.scale_of(material, own)
        kept = _checked(scale, answers, notes)
        if kept.is_empty:
            raise Refused(_("Choose at least one answer first."))
        first = {
            "lesson": lesson, "partnership_id": lesson.partnership_id, "scope": lesson.scope_of(by), "own": own,
            "answers": kept.to_json(), "rated_at": at, "changed_at": at,
        }  # fmt: skip
        found, is_new = Rating.objects.get_or_create(version=version, material=material, by=by, defaults=first)
        if is_new:
            return found
    vault.opened([found.own] if found.own else [], "body")
    kept = _checked(rating_queries.scale_of(found.material, found.own), answers, notes)
    overwrite(found, version=after, counter="edition", at=at, answers=kept.to_json())
    return found


def _must_belong(own: OwnChecklist | None, lesson: Lesson, material: MaterialVersion) -> None:
    if own is not None and (
        own.partnership_id != lesson.partnership_id or own.base.material_id != material.material_id
    ):
        raise Refused(_("This checklist belongs to another partnership."))


def _checked(scale: Scale, answers: Mapping[str, str], notes: Mapping[str, str]) -> Answers:
    try:
        kept = pure.checked(scale, answers, notes)
    except pure.UnknownAnswer:
        raise Refused(
            _("This answers something that is not asked here. Open the page again, and nothing is lost.")
        ) from None
    notes = {code: accepted(note, longest=LONGEST_NOTE) for code, note in kept.notes.items()}
    return Answers(kept.given, {code: note for code, note in notes.items() if note})


@transaction.atomic
def rate_now(lesson: Lesson, *, kind: str, by: Person, at: datetime) -> LessonVersion:
    """The version to rate when the teacher rates her lesson as it stands: the latest one where it says the same, else
    a new one of this kind (LessonVersion.Kind), which says nothing about a rating. Raises Refused for others."""
    if by.pk != lesson.teacher_id:
        raise Refused(_("Whose lesson it is rates it first. You can when you are asked to."))
    return as_it_stands(lesson, kind=kind, by=by, at=at)


@transaction.atomic
def share(rating: Rating, *, by: Person, at: datetime) -> None:
    """Show a rating to all members. Shared already: nothing happens. Raises Refused when it is not hers, when nothing
    is answered in it, when the lesson belongs to no partnership, and when she is no longer in it."""
    _must_be_hers(rating, by)
    _must_say_something(rating)
    _must_be_in(rating, by)
    if Rating.objects.filter(pk=rating.pk, shared_at=None).update(shared_at=at):
        rating.shared_at = at
        record("rating.shared", rating, by=by, at=at, partnership=rating.partnership_id)


@transaction.atomic
def take_back(rating: Rating, *, by: Person, at: datetime) -> None:
    """Make a rating one's own again. Her own already: nothing happens. Raises Refused when it is not hers."""
    _must_be_hers(rating, by)
    if Rating.objects.filter(pk=rating.pk, shared_at__isnull=False).update(shared_at=None):
        rating.shared_at = None
        record("rating.taken_back", rating, by=by, at=at, partnership=rating.partnership_id)


@transaction.atomic
def ask_partners(rating: Rating, *, by: Person, at: datetime) -> None:
    """The teacher asks her partners how they see the version, by the same material. Her own answers stay hers.

    Asked already: nothing happens. Raises Refused for others than the teacher, and before she has rated it herself.
    """
    _must_be_hers(rating, by)
    if by.pk != rating.lesson.teacher_id:
        raise Refused(_("Whose lesson it is asks the others."))
    _must_say_something(rating)
    _must_be_in(rating, by)
    must_be_open(rating.lesson)
    if Rating.objects.filter(pk=rating.pk, asked_at=None).update(asked_at=at):
        rating.asked_at = at
        record("rating.asked", rating, by=by, at=at, partnership=rating.partnership_id)


@transaction.atomic
def ask_no_more(rating: Rating, *, by: Person, at: datetime) -> None:
    """The teacher does not ask any more. What her partners have rated stays theirs. Raises Refused for others."""
    _must_be_hers(rating, by)
    if Rating.objects.filter(pk=rating.pk, asked_at__isnull=False).update(asked_at=None):
        rating.asked_at = None
        record("rating.asked_no_more", rating, by=by, at=at, partnership=rating.partnership_id)


def _must_be_hers(rating: Rating, by: Person) -> None:
    if rating.by_id != by.pk:
        raise Refused(_("A rating is shared by who made it."))


def _must_say_something(rating: Rating) -> None:
    if Answers.from_json(vault.opened([rating], "answers")[0].answers).is_empty:
        raise Refused(_("Choose at least one answer first."))


def _must_be_in(rating: Rating, by: Person) -> None:
    if rating.partnership is None:
        raise Refused(_("This lesson is yours alone: there is nobody to show it to."))
    if not rating.partnership.members.filter(person=by, left_at=None).exists():
        raise Refused(_("You are no longer in this partnership."))
