"""The words of the programme that a place may rename for its people.

``docs/words.md`` says what each means. The texts here are English and keys of the catalogues; a
place's own words are its own and are not translated.

Pure: no Django, no database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sidebyside.base.marking import N_


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may be renamed: for one and for many, in small letters as inside a sentence."""

    key: str
    singular: str
    plural: str


WORDS: dict[str, Word] = {
    entry.key: entry
    for entry in (
        Word("learning_partner", N_("learning partner"), N_("learning partners")),
        Word("coach", N_("coach"), N_("coaches")),
        Word("peer", N_("peer"), N_("peers")),
        Word("facilitator", N_("facilitator"), N_("facilitators")),
        Word("school_leader", N_("school leader"), N_("school leaders")),
        Word("programme_lead", N_("programme lead"), N_("programme leads")),
        Word("cover_desk", N_("cover desk"), N_("cover desks")),
        Word("evaluator", N_("evaluator"), N_("evaluators")),
        Word("owner", N_("owner"), N_("owners")),
        Word("programme", N_("programme"), N_("programmes")),
        Word("place", N_("place"), N_("places")),
        Word("partnership", N_("partnership"), N_("partnerships")),
        Word("team", N_("team"), N_("teams")),
        Word("agreement", N_("agreement"), N_("agreements")),
        Word("norm", N_("norm"), N_("norms")),
        Word("cycle", N_("cycle"), N_("cycles")),
        Word("stage", N_("stage"), N_("stages")),
        Word("focus", N_("focus"), N_("focuses")),
        Word("goal", N_("goal"), N_("goals")),
        Word("plan", N_("plan"), N_("plans")),
        Word("contact", N_("contact"), N_("contacts")),
        Word("note", N_("note"), N_("notes")),
        Word("next_step", N_("next step"), N_("next steps")),
        Word("reflection", N_("reflection"), N_("reflections")),
        Word("summary", N_("summary"), N_("summaries")),
        Word("release", N_("release"), N_("releases")),
    )
}


def word(
    key: str,
    *,
    count: int = 1,
    own: Mapping[str, tuple[str, str]] | None = None,
    translate: Callable[[str], str] = str,
) -> str:
    """The word ``key`` for so many things, in a place's ``own`` words where it has one.

    ``own`` maps keys to (singular, plural); what it leaves out or holds blank falls back to the
    shipped word, passed through ``translate`` (gettext). A language with more than two forms
    takes the plural for everything but one. Raises ``KeyError`` for a key that is no word.
    """
    shipped = WORDS[key]
    at = 0 if count == 1 else 1
    named = tuple(own.get(key, ())) if own else ()
    if len(named) == 2 and named[at].strip():
        return named[at].strip()
    return translate((shipped.singular, shipped.plural)[at])
