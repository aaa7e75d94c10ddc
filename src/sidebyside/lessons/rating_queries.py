"""Questions about ratings and checklists, for those who may see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sidebyside.base import vault
from sidebyside.lessons import ratings as pure
from sidebyside.lessons.models import Lesson, LessonVersion, OwnChecklist, Rating
from sidebyside.lessons.ratings import Answers, AreaChange, AreaResult
from sidebyside.materials import queries as materials
from sidebyside.materials.models import MaterialVersion
from sidebyside.materials.rating_shapes import ANSWERS, Checklist, ChecklistArea, Scale
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person

CHECKLIST = "learning_activity"
RATED = "material__material", "own__base__material", "by", "version"


@dataclass(frozen=True)
class Offered:
    """Something to rate a lesson by, as it would be used now: a material, or what a partnership made of it."""

    material: MaterialVersion
    own: OwnChecklist | None
    scale: Scale

    @property
    def slug(self) -> str:
        return self.material.material.slug

    @property
    def kind(self) -> str:
        """ "checklist", "chain" or "levels"."""
        return self.material.material.kind


@dataclass(frozen=True)
class Read:
    """A rating with its answers open, and what they answer."""

    rating: Rating
    scale: Scale
    answers: Answers

    @property
    def kind(self) -> str:
        """ "checklist", "chain" or "levels"."""
        return self.rating.material.material.kind

    @cached_property
    def results(self) -> tuple[AreaResult, ...]:
        """What it says, area by area."""
        return pure.results(self.scale, self.answers)

    def says(self, result: AreaResult) -> bool:
        """Whether anything was answered or noted in this area."""
        noted = {item.code for area in self._areas if area.code == result.code for item in area.items} or {result.code}
        return not result.is_open or bool(noted & set(self.answers.notes))

    @property
    def _areas(self) -> tuple[ChecklistArea, ...]:
        return self.scale.areas if isinstance(self.scale, Checklist) else ()


@dataclass(frozen=True)
class Beside:
    """How one person saw one version and another one, by the same material, area by area; one of the two may be
    missing, not both. web/lessons/rating_parts.html draws it."""

    person: Person
    before: Read | None
    after: Read | None

    @property
    def latest(self) -> Read:
        """The later of the two that is there."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def title(self) -> str:
        return self.latest.scale.title

    @property
    def slug(self) -> str:
        return self.latest.rating.material.material.slug

    @property
    def counts_items(self) -> bool:
        """Whether it is a checklist: items are counted; of anything else levels are named."""
        return isinstance(self.latest.scale, Checklist)

    @property
    def has_before(self) -> bool:
        return self.before is not None

    @property
    def has_after(self) -> bool:
        return self.after is not None

    @property
    def is_pair(self) -> bool:
        return self.has_before and self.has_after

    @cached_property
    def changes(self) -> tuple[AreaChange, ...]:
        """Each area before and after."""
        return pure.changes(self.before.results if self.before else (), self.after.results if self.after else ())

    def turned(self, how: str) -> list[str]:
        """The titles of the areas that turned "more", "less" or "other"."""
        return [change.title for change in self.changes if change.turned == how]

    @property
    def any_turned(self) -> bool:
        return any(change.turned for change in self.changes)

    @property
    def shown(self) -> list[str]:
        """The answers that are counted anywhere here, in order."""
        found = [one.counts for change in self.changes for one in (change.before, change.after) if one and one.counts]
        return [answer for answer in pure.SHOWN if any(counts[answer] for counts in found)]

    def label(self, answer: str) -> str:
        """How an answer reads."""
        return _(ANSWERS[answer]) if answer in ANSWERS else _("not answered")


# What a lesson is rated by


def scale_of(material: MaterialVersion, own: OwnChecklist | None) -> Scale:
    """What a rating by this material, or by this checklist of one's own (its body open), answers."""
    return pure.read_own(own.body) if own is not None else materials.scale(material)


def offered(partnership: Partnership | None, checklists: QuerySet[OwnChecklist]) -> list[Offered]:
    """Everything a lesson of this partnership (None: of nobody but its teacher) is rated by now: the checklist first.
    `checklists` are those that the viewer may see."""
    own = checklist_in_use(partnership, checklists).own if partnership is not None else None
    found = [version for kind in materials.SCALE_KINDS for version in materials.latest_versions(kind)]
    return [_offer(version, own) for version in found]


def slugs() -> set[str]:
    """The slugs of everything a lesson is rated by."""
    return set(materials.shipped().scales)


def _offer(version: MaterialVersion, own: OwnChecklist | None) -> Offered:
    own = own if own is not None and own.base.material_id == version.material_id else None
    return Offered(version, own, scale_of(version, own))


@dataclass(frozen=True)
class ChecklistInUse:
    """The checklist of a partnership: which version ships beneath it, what that says, and what is in use."""

    base: MaterialVersion
    shipped: Checklist
    current: Checklist
    last: OwnChecklist | None

    @property
    def number(self) -> int:
        """The number of the version that stands; 0 while nothing was ever changed."""
        return self.last.number if self.last is not None else 0

    @property
    def own(self) -> OwnChecklist | None:
        """The version that is their own; None while they use what ships."""
        return self.last if self.current.areas != self.shipped.areas else None

    @property
    def has_newer(self) -> bool:
        """Whether a newer version ships than the one theirs was made from."""
        return materials.latest("checklist", CHECKLIST).number > self.base.number


def checklist_in_use(partnership: Partnership, checklists: QuerySet[OwnChecklist]) -> ChecklistInUse:
    """The checklist of a partnership, by the versions of its own among these; the last one's body is opened."""
    rows = checklists.filter(partnership=partnership).select_related("base__material").order_by("-number")
    last = rows.first()
    if last is not None:
        vault.opened([last], "body")
        shipped, current = _as_checklist(last.base), pure.read_own(last.body)
        if last.body and current.areas != shipped.areas:
            return ChecklistInUse(last.base, shipped, current, last)
    # (what ships is in use, or what was worded is erased: then the latest that ships counts)
    base = materials.latest("checklist", CHECKLIST)
    return ChecklistInUse(base, _as_checklist(base), _as_checklist(base), last)


def _as_checklist(version: MaterialVersion) -> Checklist:
    found = materials.scale(version)
    assert isinstance(found, Checklist)
    return found


# Ratings


def read(ratings: Iterable[Rating]) -> list[Read]:
    """These ratings with their answers and the names of their versions open, in one go. They come with their material,
    own checklist, person and version."""
    rows = list(ratings)
    owns = [rating.own for rating in rows if rating.own is not None]
    names = [(rating.version, "name") for rating in rows]
    vault.open_texts([*((rating, "answers") for rating in rows), *((own, "body") for own in owns), *names])
    found = []
    for rating in rows:
        scale = scale_of(rating.material, rating.own)
        found.append(Read(rating, scale, pure.known(scale, Answers.from_json(rating.answers))))
    return found


def of_lesson(ratings: QuerySet[Rating], lesson: Lesson) -> list[Read]:
    """The ratings of a lesson's versions among these, older versions first, their answers open."""
    rows = ratings.filter(lesson=lesson).select_related(*RATED).defer("version__body")
    return read(rows.order_by("version__number", "pk"))


def of_person(ratings: QuerySet[Rating], version: LessonVersion, slug: str, person: Person) -> Read | None:
    """How she rated a version by the material of this slug, among these."""
    rows = ratings.filter(version=version, by=person, material__material__slug=slug)
    return next(iter(read(rows.select_related(*RATED).defer("version__body"))), None)


def side_by_side(ratings: QuerySet[Rating], before: LessonVersion | None, after: LessonVersion | None) -> list[Beside]:
    """How two versions of a lesson were rated, by person and material, among these ratings: what the comparison of
    versions shows below the words. The teacher's come first. What rates neither is left out."""
    chosen = [version for version in (before, after) if version is not None]
    if not chosen:
        return []
    reads = of_lesson(ratings.filter(version__in=[version.pk for version in chosen]), chosen[0].lesson)
    return beside(reads, before, after, teacher_id=chosen[0].lesson.teacher_id)


def beside(
    reads: Sequence[Read], before: LessonVersion | None, after: LessonVersion | None, *, teacher_id: int
) -> list[Beside]:
    """As `side_by_side`, of ratings that are open already."""
    found: dict[tuple[int, int], dict[int, Read]] = {}
    for one in reads:
        if not one.answers.is_empty:
            key = one.rating.by_id, one.rating.material.material_id
            found.setdefault(key, {})[one.rating.version_id] = one
    pairs = []
    for versions in found.values():
        first = versions.get(before.pk) if before is not None else None
        second = versions.get(after.pk) if after is not None else None
        latest = second or first
        if latest is not None:
            pairs.append(Beside(latest.rating.by, first, second))
    kinds = materials.SCALE_KINDS
    return sorted(
        pairs,
        key=lambda one: (
            one.person.pk != teacher_id,
            one.person.pk,
            kinds.index(one.latest.rating.material.material.kind),
        ),
    )


# What the teacher has asked: that she did is no secret to her partners, all else about her rating stays hers


def asked_about(versions: Iterable[LessonVersion]) -> Mapping[int, list[Offered]]:
    """By which materials the teacher asks her partners to rate these versions: by the version's id. One query, and
    the vault's. It tells nothing of what the teacher answered."""
    pks = [version.pk for version in versions]
    rows = Rating.objects.filter(version__in=pks, asked_at__isnull=False).select_related(
        "material__material", "own__base__material", "lesson"
    )
    asked = [rating for rating in rows.order_by("asked_at") if rating.by_id == rating.lesson.teacher_id]
    vault.opened([rating.own for rating in asked if rating.own is not None], "body")
    found: dict[int, list[Offered]] = {}
    for rating in asked:
        offer = Offered(rating.material, rating.own, scale_of(rating.material, rating.own))
        found.setdefault(rating.version_id, []).append(offer)
    return found


def to_rate(
    version: LessonVersion,
    slug: str,
    person: Person,
    *,
    ratings: QuerySet[Rating],
    checklists: QuerySet[OwnChecklist],
) -> tuple[Offered | None, Read | None]:
    """By what she would rate a version where she chooses the material of this slug, and her rating where there is one.

    A rating that was begun goes on by what it was begun with, and partners use what the teacher used. None and None
    where it is not hers to rate (yet), and for a slug there is none of.
    """
    lesson = version.lesson
    hers = of_person(ratings, version, slug, person)
    if hers is not None:
        return Offered(hers.rating.material, hers.rating.own, hers.scale), hers
    if person.pk == lesson.teacher_id:
        choices = offered(lesson.partnership, checklists)
    else:
        choices = asked_about([version]).get(version.pk, [])
    return next((choice for choice in choices if choice.slug == slug), None), None


def may_be_rated(version: LessonVersion, material: MaterialVersion, person: Person) -> bool:
    """Whether she may rate this version by this material now: the teacher always, a partner once the teacher asked."""
    if person.pk == version.lesson.teacher_id:
        return True
    asking = Rating.objects.filter(version=version, by=version.lesson.teacher_id, asked_at__isnull=False)
    return asking.filter(material__material=material.material_id).exists()
