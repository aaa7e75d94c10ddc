"""What a place does with lists of standards: bring them as packages, type its own, put them away and bring them back.

A version never changes: what was brought or typed anew is the next one, and lessons keep the words they chose.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted, required
from sidebyside.base.unaccented import unaccented
from sidebyside.materials import standards_queries as queries
from sidebyside.materials.case import read_package
from sidebyside.materials.content_files import CONTENT
from sidebyside.materials.models import Framework, FrameworkVersion, Standard
from sidebyside.materials.own_lists import LONGEST_TEXT, read_list, renewed
from sidebyside.materials.standards_shapes import Package, Statement, depths
from sidebyside.people.models import Person
from sidebyside.places.models import Place

LONGEST_TITLE = 120
AT_ONCE = 2_000  # rows of one statement to the database


@transaction.atomic
def bring_framework(
    place: Place, *, package: Package, by: Person | None, at: datetime
) -> tuple[FrameworkVersion, bool]:
    """Bring a list of standards to a place, where it is in force, and below.

    The same identifier at the place again is the next version of the list; the same content is no new version.
    A list that was put away is back. Returns the version, and whether it is new. Raises Refused for a closed place.
    """
    _open(place)
    # (locked, so that of two who bring it at once the second finds what the first has brought)
    framework, _made = Framework.objects.select_for_update(of=("self",)).get_or_create(
        place=place, identifier=package.identifier, defaults={"made_at": at, "made_by": by}
    )
    last = queries.latest_of(framework)
    is_new = last is None or queries.package_of(last) != _as_kept(package)
    version = _write(framework, package, by=by, at=at) if is_new or last is None else last
    if framework.put_away_at is not None:
        bring_back(framework, by=by, at=at)
    if is_new:
        record("framework.brought", framework, by=by, at=at, place=place.pk, version=version.number)
    return version, is_new


@transaction.atomic
def begin_own_list(place: Place, *, title: str, text: str, by: Person, at: datetime) -> FrameworkVersion:
    """Begin a place's own list, typed a line for each statement (materials/own_lists.py).

    Raises Refused for a closed place or a title that cannot be kept, StandardsRefused with the faulty lines.
    """
    _open(place)
    package = _typed(place, title, _read_typed(text))
    framework = Framework.objects.create(place=place, identifier="", made_at=at, made_by=by)
    version = _write(framework, package, by=by, at=at)
    record("framework.begun", framework, by=by, at=at, place=place.pk)
    return version


@transaction.atomic
def change_own_list(
    framework: Framework, *, title: str, text: str, number: int, by: Person, at: datetime
) -> tuple[FrameworkVersion, bool]:
    """Change a place's own list: that is its next version. `number` is the version that was changed.

    A statement stays the same standard where its code or its words stayed, or most of them. Returns the version, and
    whether it is new. Raises Refused for a list that was brought, and where somebody was faster; StandardsRefused.
    """
    if framework.identifier or framework.place is None:
        raise Refused(_("This list was brought as a package. Bring its next edition the same way."))
    Framework.objects.select_for_update().get(pk=framework.pk)
    last = queries.latest_of(framework)
    if last is None or last.number != number:
        raise Refused(
            _("Somebody else has changed this list meanwhile. Yours stands below; look at theirs before you save.")
        )
    before = queries.package_of(last)
    now = _read_typed(text)
    package = _typed(framework.place, title, renewed(before.statements, now))
    if package == before:
        return last, False
    version = _write(framework, package, by=by, at=at)
    record("framework.changed", framework, by=by, at=at, place=framework.place_id, version=version.number)
    return version, True


@transaction.atomic
def put_away(framework: Framework, *, by: Person, at: datetime) -> None:
    """Put a list away: it is offered no longer. Lessons keep what was chosen. Put away already: nothing happens."""
    if Framework.objects.filter(pk=framework.pk, put_away_at=None).update(put_away_at=at):
        framework.put_away_at = at
        record("framework.put_away", framework, by=by, at=at, place=framework.place_id)


@transaction.atomic
def bring_back(framework: Framework, *, by: Person | None, at: datetime) -> None:
    """Bring a list back that was put away. In force already: nothing happens."""
    if Framework.objects.filter(pk=framework.pk, put_away_at__isnull=False).update(put_away_at=None):
        framework.put_away_at = None
        record("framework.brought_back", framework, by=by, at=at, place=framework.place_id)


@transaction.atomic
def load_shipped_standards(at: datetime) -> int:
    """Bring the lists that ship into the database: a new version only where one has changed.

    Cheap and harmless to repeat. Returns how many versions were made.
    """
    made = 0
    for path in sorted((CONTENT / "standards").glob("*.json")):
        package = _as_kept(read_package(path.read_bytes(), path.name))
        framework = Framework.objects.filter(place=None, identifier=package.identifier).first()
        if framework is None:
            framework = Framework.objects.create(place=None, identifier=package.identifier, made_at=at)
        last = queries.latest_of(framework)
        if last is None or queries.package_of(last) != package:
            _write(framework, package, by=None, at=at)
            made += 1
    return made


def _open(place: Place) -> None:
    if Place.objects.filter(pk=place.pk).exclude(closed_at=None).exists():
        raise Refused(_("This place is closed. No list of standards can begin there."))


def _read_typed(text: str) -> tuple[Statement, ...]:
    """What was typed, line by line. Raises Refused for what no database keeps, StandardsRefused."""
    accepted(text, longest=LONGEST_TEXT)  # it takes the outer space away, which belongs to the first line here
    return read_list(text, _new_identifier)


def _new_identifier() -> str:
    return str(uuid.uuid4())


def _typed(place: Place, title: str, statements: tuple[Statement, ...]) -> Package:
    title = required(" ".join(title.split()), longest=LONGEST_TITLE)
    return _as_kept(Package("", title, statements, creator=place.name, language=place.language))


def _as_kept(package: Package) -> Package:
    """A package as far as the database keeps it."""
    return replace(package, version="", case_version="", left_aside={})


def _write(framework: Framework, package: Package, *, by: Person | None, at: datetime) -> FrameworkVersion:
    """The next version of a list, with its statements."""
    last = queries.latest_of(framework)
    version = FrameworkVersion.objects.create(
        framework=framework,
        number=last.number + 1 if last else 1,
        title=package.title,
        creator=package.creator,
        licence=package.licence,
        source=package.source,
        language=package.language,
        made_at=at,
        made_by=by,
    )
    _write_statements(version, package.statements)
    return version


def _write_statements(version: FrameworkVersion, statements: Sequence[Statement]) -> None:
    """Write statements level by level, as each needs the id of the one above it."""
    levels: dict[int, list[int]] = {}
    for place, depth in enumerate(depths(list(statements))):
        levels.setdefault(depth, []).append(place)
    ids: dict[int, int] = {}
    for _depth, places in sorted(levels.items()):
        rows = Standard.objects.bulk_create(
            (_row(version, statements[place], place, ids) for place in places), batch_size=AT_ONCE
        )
        ids.update(zip(places, (row.pk for row in rows), strict=True))


def _row(version: FrameworkVersion, one: Statement, place: int, ids: dict[int, int]) -> Standard:
    return Standard(
        version=version,
        above_id=None if one.above is None else ids[one.above],
        position=place,
        identifier=one.identifier,
        uri=one.uri,
        code=one.code,
        statement=one.statement,
        kind=one.kind,
        levels=list(one.levels),
        searched=unaccented(f"{one.code} {one.statement}"),
    )
