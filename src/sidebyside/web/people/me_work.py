"""A person's own work, as a file to keep: what she wrote, and what her partnerships wrote together.

Every kind of record with sealed text is asked for through the policy, so a new kind comes along by itself. Of what
she may see, a record is hers if it is sealed under her own key, and shared if it is sealed under the key of one of
her partnerships; what others wrote for her to read stays with them.
"""

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import DateField, DateTimeField, Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.notices.entries import calendar_of
from sidebyside.partnerships.models import Member
from sidebyside.people.models import Person
from sidebyside.web import dates
from sidebyside.web.people.me_lessons import texts_of

ALL_TIME = timedelta(days=20_000)
# An address that she typed is a key to a calendar elsewhere, not a text of hers.
NOT_HER_WORDS = ("outsidecalendar",)
WHEN = ("written_at", "logged_at", "began_at", "begun_at", "made_at", "rated_at", "at", "changed_at", "asked_at")

LESSONS = ("lesson", "lessonversion")  # each is also a file of its own, in Markdown


@dataclass(frozen=True)
class Piece:
    """One text of hers: what it is, when, with whom (empty: alone), and its words by field."""

    kind: str
    kind_in_words: str
    when: str
    in_words: str
    partners: str
    facts: dict[str, str]
    texts: dict[str, str]


def sealed_fields() -> dict[type[Model], list[str]]:
    """Every kind of record that holds sealed text, with the names of those fields."""
    found = {}
    for model in apps.get_models():
        names = [field.name for field in model._meta.fields if isinstance(field, vault.SealedTextField)]
        if names:
            found[model] = names
    return found


def work_of(person: Person) -> list[Piece]:
    """All texts that are hers or her partnerships', oldest first within each kind. One query a kind."""
    fields = {model: names for model, names in sealed_fields().items() if model._meta.model_name not in NOT_HER_WORDS}
    kept = [
        (row, names) for model, names in fields.items() for row in policy.seen(person, model) if _is_hers(row, person)
    ]
    vault.open_texts((row, name) for row, names in kept for name in names)
    partners = _partners(person)
    pieces = [_piece(row, names, partners) for row, names in kept]
    return sorted((piece for piece in pieces if any(piece.texts.values())), key=lambda each: (each.kind, each.when))


def _is_hers(row: Any, person: Person) -> bool:
    scope = row.vault_scope()
    hers = scope == f"a{person.pk}" or scope.endswith(f"/a{person.pk}")
    together = scope in {f"p{pk}" for pk in _ever_in(person)}
    return (hers or together) and getattr(row, "removed_at", None) is None


def _ever_in(person: Person) -> set[int]:
    """The partnerships she is in, and those she left; of these the policy shows her what she had when she left."""
    return {*person.standing.partnerships, *(pk for pk, _since, _until in person.standing.left)}


def _partners(person: Person) -> dict[int, str]:
    """With whom she is or was in each partnership, by name."""
    names: dict[int, list[str]] = {pk: [] for pk in _ever_in(person)}
    rows = policy.seen(person, Member).filter(partnership__in=list(names)).exclude(person=person)
    for member in rows.select_related("person").order_by("pk"):
        if member.person.name not in names[member.partnership_id]:
            names[member.partnership_id].append(member.person.name)
    return {pk: ", ".join(who) for pk, who in names.items()}


def _piece(row: Any, names: Iterable[str], partners: dict[int, str]) -> Piece:
    moment = next((getattr(row, name) for name in WHEN if getattr(row, name, None)), None)
    own = row.pk if row._meta.model_name == "partnership" else getattr(row, "partnership_id", None)
    return Piece(
        kind=row._meta.model_name,
        kind_in_words=kind_in_words(row._meta.model_name),
        when=moment.isoformat() if moment else "",
        in_words=dates.on_paper(moment) if moment else "",
        partners=partners.get(own, ""),
        facts=_facts(row),
        texts=texts_of(row, names),
    )


def _facts(row: Any) -> dict[str, str]:
    """The plain dates and words beside a text: its kind, its stage, by when."""
    facts = {}
    for field in row._meta.fields:
        value = getattr(row, field.attname)
        if isinstance(field, DateTimeField) or field.name == "id" or field.is_relation or not value:
            continue
        if isinstance(field, DateField) and isinstance(value, date):
            facts[field.name] = value.isoformat()
        elif field.name in ("kind", "stage"):
            shown = getattr(row, f"get_{field.name}_display", None)
            facts[field.name] = str(shown() if shown else value)
    return facts


def kind_in_words(name: str) -> str:
    """What a kind of record is called on the page."""
    known = {
        "adoption": _("Thanks for lessons I took over"),
        "agreement": _("Agreements"),
        "answer": _("Answers to plans"),
        "attachment": _("Files of lessons"),
        "calendarremark": _("What I asked or offered on a calendar"),
        "coverrequest": _("Notes for who takes a lesson of mine"),
        "entry": _("Reflections"),
        "goal": _("Goals"),
        "lesson": _("Lessons"),
        "lessonversion": _("Versions of lessons"),
        "normcard": _("Norm cards"),
        "note": _("Notes"),
        "ownchecklist": _("Checklists of our own"),
        "plan": _("Plans"),
        "publication": _("What I wished to publish"),
        "rating": _("How I see lessons"),
        "remark": _("What I said about lessons"),
        "scratchnote": _("Scratch notes"),
        "sheet": _("Sheets of the cycle"),
        "step": _("Steps"),
        "summary": _("Summaries"),
    }
    return known.get(name) or apps.get_model(_label_of(name), name)._meta.verbose_name_plural.capitalize()


def _label_of(name: str) -> str:
    return next(model._meta.app_label for model in sealed_fields() if model._meta.model_name == name)


def as_zip(request: HttpRequest, pieces: list[Piece], *, at: datetime) -> bytes:
    """A page to read, the same for programs, and her calendar. Made in memory: opened text never touches a disk."""
    context = {"pieces": pieces, "made": dates.on_paper(at)}
    page = render_to_string("people/me_work_file.html", context, request=request)
    data = {
        "person": request.user.name,
        "made": timezone.localtime(at).isoformat(),
        "pieces": [asdict(p) for p in pieces],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-work.html", page)
        archive.writestr("my-work.json", json.dumps(data, ensure_ascii=False, indent=1))
        lessons = [piece for piece in pieces if piece.kind in LESSONS]
        for number, piece in enumerate(lessons, start=1):
            archive.writestr(f"lessons/{number:03}-{piece.kind}-{piece.when[:10]}.md", piece.texts["text"])
        archive.writestr("my-calendar.ics", calendar_of(request.user, at=at, back=ALL_TIME))
    return file.getvalue()
