"""To keep a lesson as it stands as a version, and to go back to one."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sidebyside.base import vault
from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions.lessons import change_text, must_be_open, rename, touch
from sidebyside.lessons.actions.remarks import name_version
from sidebyside.lessons.models import Lesson, LessonVersion
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.text import LessonText
from sidebyside.lessons.version_queries import says
from sidebyside.people.models import Person

LONGEST_NAME = 80
# So often a number is chosen anew when somebody else keeps a version at the same moment.
MOST_TRIES = 8


@transaction.atomic
def keep_version(lesson: Lesson, *, kind: str, name: str, by: Person, at: datetime) -> LessonVersion:
    """Keep a lesson as it stands now as a version (of a `LessonVersion.Kind`; the name may be empty).

    Questions that led to a change since the version before are said to have led to this one. Raises Refused where
    nothing changed since the last version, for a kind there is none of and a name that cannot be kept, and when the
    lesson is only there to read.
    """
    version, is_new = _kept(lesson, kind, name, by, at)
    if not is_new:
        vault.opened([version], "name")
        raise Refused(
            _("Nothing changed since version %(number)s (%(name)s): it already says this.")
            % {"number": version.number, "name": version.name or version.get_kind_display()}
        )
    return version


@transaction.atomic
def as_it_stands(lesson: Lesson, *, kind: str, by: Person, at: datetime) -> LessonVersion:
    """The version of a lesson that says what it says now: the last one where that does, else one that is kept (of this
    kind). Raises Refused as `keep_version` does."""
    return _kept(lesson, kind, "", by, at)[0]


@transaction.atomic
def rename_version(version: LessonVersion, *, kind: str, name: str, by: Person, at: datetime) -> None:
    """Say anew which moment a version is and what it is called. What it says never changes. Raises Refused for a kind
    there is none of and a name that cannot be kept, and when the lesson is only there to read."""
    must_be_open(version.lesson)
    if kind not in LessonVersion.Kind.values:
        raise Refused(_("Choose which moment of the lesson this is."))
    vault.opened([version], "name")
    if (kind, name := _name(name)) == (version.kind, version.name):
        return
    version.kind, version.name = kind, name
    version.save(update_fields=["kind", "name"])
    touch(version.lesson, at=at)
    record("lesson.version_renamed", version, by=by, at=at, partnership=version.partnership_id)


@transaction.atomic
def restore_version(version: LessonVersion, *, by: Person, at: datetime) -> LessonVersion:
    """Let a lesson say again what a version says. What it said until now is kept as a version first, where no version
    says it yet: nothing is lost, and those who write at the same moment go on in what stands then.

    Returns the version that says what the lesson said before. Raises Refused where the lesson says the same already,
    where the text of the version was erased, and when the lesson is only there to read.
    """
    # (read anew and held: of two who go back at once the second finds that it says so already)
    rows = Lesson.objects.select_for_update(of=("self",)).select_related("document", "partnership")
    lesson = rows.get(pk=version.lesson_id)
    must_be_open(lesson)
    wanted, now = says(version), text_of(lesson)
    if wanted is None:
        raise Refused(_("The text of this version was erased."))
    if wanted == now:
        raise Refused(_("The lesson says this already."))
    before = _that_says(lesson, now)
    if before is None:
        name = _("Before going back to version %(number)s") % {"number": version.number}
        before = keep_version(lesson, kind=LessonVersion.Kind.OTHER, name=name, by=by, at=at)
    change_text(lesson, lambda doc: lesson_text.fill(doc, wanted), by=by, at=at)
    if (now.title, now.about) != (wanted.title, wanted.about) and wanted.title:
        rename(lesson, title=wanted.title, about=wanted.about, version=lesson.version, by=by, at=at)
    record("lesson.version_restored", version, by=by, at=at, partnership=lesson.partnership_id)
    return before


def _name(name: str) -> str:
    return accepted(" ".join(accepted(name).split()), longest=LONGEST_NAME)


def _kept(lesson: Lesson, kind: str, name: str, by: Person, at: datetime) -> tuple[LessonVersion, bool]:
    """The version that says what the lesson says now, and whether it is new: with the next number. Two who keep one at
    once get two numbers: the second tries again, and finds the first one's where both keep the same words."""
    must_be_open(lesson)
    if kind not in LessonVersion.Kind.values:
        raise Refused(_("Choose which moment of the lesson this is."))
    name, body = _name(name), text_of(lesson).to_json()
    for _attempt in range(MOST_TRIES):
        last = lesson.versions.order_by("-number").first()
        if last is not None and _says(last, body):
            return last, False
        try:
            with transaction.atomic():
                made = LessonVersion.objects.create(
                    lesson=lesson, partnership_id=lesson.partnership_id, scope=lesson.vault_scope(),
                    number=last.number + 1 if last else 1, kind=kind, name=name, body=body, made_at=at, made_by=by,
                )  # fmt: skip
        except IntegrityError:
            continue
        name_version(lesson, made)
        record("lesson.version_kept", made, by=by, at=at, partnership=lesson.partnership_id)
        return made, True
    raise Refused(_("Others keep versions of this lesson at the same moment. Try again."))


def _says(version: LessonVersion, body: str) -> bool:
    return bool(vault.opened([version], "body")[0].body == body)


def _that_says(lesson: Lesson, text: LessonText) -> LessonVersion | None:
    """The latest version that says this."""
    body = text.to_json()
    found = vault.opened(lesson.versions.order_by("-number"), "body")
    return next((version for version in found if version.body == body), None)
