"""What a place does with its programme, and how the materials that ship come in."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base import bin
from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted, required
from sidebyside.materials import queries
from sidebyside.materials.content_files import shipped_materials
from sidebyside.materials.models import Material, MaterialVersion, PlaceGoal, Programme
from sidebyside.materials.standards_actions import load_shipped_standards
from sidebyside.materials.words import WORDS
from sidebyside.people import actions as people_actions
from sidebyside.people.models import EntryPass, Person
from sidebyside.places.actions import add_place, give_role
from sidebyside.places.models import Place, Role

LONGEST_NAME = 120
LONGEST_WORD = 40
MOST_DAYS = 730
MOST_GOALS = 12


@transaction.atomic
def begin_programme(place: Place, *, name: str, by: Person | None, at: datetime) -> Programme:
    """Let a place own its programme. It begins with the settings and words that were in force there until now.

    Raises Refused where the place has one, or is closed.
    """
    if Place.objects.filter(pk=place.pk).exclude(closed_at=None).exists():
        raise Refused(_("This place is closed. No programme can begin there."))
    if Programme.objects.filter(place=place).exists():
        raise Refused(_("This place has its own programme already."))
    programme = Programme(place=place, name=_line(name, LONGEST_NAME), made_at=at, made_by=by)
    former = queries.programme_for([place.pk])
    if former is not None:
        programme.leaders_see_partnerships = former.leaders_see_partnerships
        programme.days_for_leavers = former.days_for_leavers
        programme.words, programme.not_offered = former.words, former.not_offered
    programme.save()
    record("programme.begun", programme, by=by, at=at, place=place.pk)
    return programme


@transaction.atomic
def end_programme(programme: Programme, *, by: Person, at: datetime) -> None:
    """Give a place's own programme up: the one of the place above is in force there again.

    Raises Refused where there is none above.
    """
    parent = programme.place.parent_id
    if parent is None or queries.programme_for([parent]) is None:
        raise Refused(_("No place above has a programme, so this one has to stay."))
    record("programme.ended", programme, by=by, at=at, place=programme.place_id)
    programme.delete()


@transaction.atomic
def change_settings(
    programme: Programme,
    *,
    name: str,
    leaders_see_partnerships: bool,
    days_for_leavers: int,
    by: Person,
    at: datetime,
) -> Programme:
    """Change the name and the settings of a programme. `days_for_leavers`: how long a leaver may still sign in."""
    if not 0 <= days_for_leavers <= MOST_DAYS:
        raise Refused(_("Choose a number of days from 0 to %(most)s.") % {"most": MOST_DAYS})
    programme.name = _line(name, LONGEST_NAME)
    programme.leaders_see_partnerships = leaders_see_partnerships
    programme.days_for_leavers = days_for_leavers
    programme.save(update_fields=["name", "leaders_see_partnerships", "days_for_leavers"])
    record("programme.changed", programme, by=by, at=at, leaders_see=leaders_see_partnerships, days=days_for_leavers)
    return programme


@transaction.atomic
def rename_words(programme: Programme, *, words: Mapping[str, tuple[str, str]], by: Person, at: datetime) -> Programme:
    """Set the place's own words: key to (one, many). What is left out or blank is called as the program calls it.

    Raises Refused for an unknown key and where only one of the two forms is written.
    """
    kept = {}
    for key, (one, many) in words.items():
        if key not in WORDS:
            raise Refused(_("This word cannot be renamed."))
        forms = [_line(form, LONGEST_WORD, empty=True) for form in (one, many)]
        if all(forms):
            kept[key] = forms
        elif any(forms):
            raise Refused(
                _("Write both forms of “%(word)s”: for one and for several. Or leave both empty.")
                % {"word": _(WORDS[key].singular)}
            )
    programme.words = kept
    programme.save(update_fields=["words"])
    record("programme.words_changed", programme, by=by, at=at)
    return programme


@transaction.atomic
def offer_templates(programme: Programme, *, slugs: Iterable[str], by: Person, at: datetime) -> Programme:
    """Choose which cycle templates are offered. Cycles that run keep theirs. Raises Refused when none is left."""
    every = {version.material.slug for version in queries.templates_there(programme.place)}
    offered = set(slugs) & every
    if not offered:
        raise Refused(_("Offer at least one kind of cycle."))
    programme.not_offered = sorted(every - offered)
    programme.save(update_fields=["not_offered"])
    record("programme.templates_chosen", programme, by=by, at=at)
    return programme


@transaction.atomic
def add_goal(place: Place, *, text: str, by: Person | None, at: datetime) -> PlaceGoal:
    """Put a goal on the place's own short list. Raises Refused for one that is there, and when the list is long."""
    text = _line(text, 300)
    there = queries.goals_of(place)
    if any(goal.text == text for goal in there):
        raise Refused(_("This goal is on the list already."))
    if len(there) >= MOST_GOALS:
        raise Refused(_("A short list helps more than a long one: remove a goal before you add another."))
    goal = PlaceGoal.objects.create(place=place, text=text, made_at=at, made_by=by)
    record("place_goal.added", goal, by=by, at=at, place=place.pk)
    return goal


def remove_goal(goal: PlaceGoal, *, by: Person, at: datetime) -> None:
    """Take a goal off the list. Partnerships that linked to it keep their own words; it lies in the bin."""
    bin.remove(goal, by=by, at=at)


def restore_goal(goal: PlaceGoal, *, by: Person, at: datetime) -> None:
    """Put a removed goal back."""
    bin.restore(goal, by=by, at=at)


@transaction.atomic
def load_shipped(at: datetime) -> int:
    """Bring the materials that ship into the database: a new version only where a text has changed.

    Cheap and harmless to repeat: one query where nothing changed. Returns how many versions were made.
    """
    latest: dict[tuple[str, str], MaterialVersion] = {}
    shipped = MaterialVersion.objects.filter(material__place=None).select_related("material").order_by("number")
    for version in shipped:
        latest[version.material.kind, version.material.slug] = version
    made = 0
    for file in shipped_materials():
        last = latest.get((file.kind, file.slug))
        if last is not None and last.body == file.body:
            continue
        material = last.material if last else Material.objects.create(kind=file.kind, slug=file.slug, place=None)
        number = max(file.version, last.number + 1 if last else 1)
        MaterialVersion.objects.create(material=material, number=number, body=file.body, made_at=at)
        made += 1
    return made


@transaction.atomic
def begin_installation(
    secret: str,
    *,
    given_name: str,
    family_name: str,
    email: str,
    kind: str,
    place: str,
    language: str,
    time_zone: str,
    programme: str,
    leads: bool,
    at: datetime,
) -> Person:
    """Use the first-run link: make the owner, the first place and its programme. Returns the owner.

    With `leads` she is programme lead there too; an owner alone sees nobody's work. Raises Refused, and changes
    nothing, where the link is used or a name cannot be kept.
    """
    people_actions.use_first_run(secret, at=at)
    owner = people_actions.begin_ownership(given_name=given_name, family_name=family_name, email=email, at=at)
    first = add_place(kind=kind, name=place, parent=None, by=owner, at=at, language=language, time_zone=time_zone)
    begin_programme(first, name=programme, by=owner, at=at)
    if leads:
        give_role(owner, kind=Role.Kind.LEAD, place=first, by=owner, at=at)
    load_shipped(at)
    load_shipped_standards(at)
    return owner


def _line(text: str, longest: int, *, empty: bool = False) -> str:
    """One line of text: runs of white space become one space."""
    text = " ".join(accepted(text).split())
    return accepted(text, longest=longest) if empty else required(text, longest=longest)


@transaction.atomic
def end_access_of_leavers(*, at: datetime) -> int:
    """Take back the unused ways in of those whose days after leaving are over. Returns of how many.

    Their sessions have ended by themselves: each request asks until when a leaver may come in.
    """
    unused = EntryPass.objects.filter(used_at=None, expires_at__gt=at, person__left_at__lte=at)
    holders = Person.objects.filter(pk__in=unused.values("person"))
    over = [person.pk for person in holders if (until := queries.enters_until(person)) and until <= at]
    unused.filter(person__in=over).update(expires_at=at)
    return len(over)
