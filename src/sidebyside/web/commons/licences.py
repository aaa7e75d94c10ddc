"""The licences of published lessons in plain sentences, and the languages that lessons are written in."""

from collections.abc import Iterable

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sidebyside.lessons.models import Publication

SENTENCES: dict[str, Promise] = {
    "by": _("Everybody may use and change it, also to earn money, if they name you."),
    "by-sa": _("Everybody may use and change it if they name you, and what they make of it stays as free as yours."),
    "by-nc": _("Everybody may use and change it if they name you, but not to earn money."),
    "by-nc-sa": _(
        "Everybody may use and change it if they name you, not to earn money, and what they make of it stays under "
        "the same licence."
    ),
}

FOR_READERS: dict[str, Promise] = {
    "by": _("You may use and change it, also to earn money, if you name its makers."),
    "by-sa": _("You may use and change it if you name its makers and give what you make of it under the same licence."),
    "by-nc": _("You may use and change it if you name its makers, but not to earn money."),
    "by-nc-sa": _(
        "You may use and change it if you name its makers, not to earn money, and give what you make of it under the "
        "same licence."
    ),
}


def label_of(licence: str) -> str:
    """What a licence is called: "CC BY 4.0"."""
    return str(Publication.Licence(licence).label)


def address_of(licence: str) -> str:
    """Where Creative Commons says what a licence means, in words and for programs."""
    return f"https://creativecommons.org/licenses/{licence}/4.0/"


def made_from(source: Publication | None) -> str:
    """What has to stand with every copy of an adopted lesson: whose it was, and under which licence it is. Taken back
    since, it names nobody, and the licence goes on. Nothing for a lesson that was adopted from nowhere."""
    if source is None:
        return ""
    said = {"licence": f"{label_of(source.licence)} ({address_of(source.licence)})"}
    if not source.is_in_force:
        return (
            str(_("Made from a lesson that its makers have taken back since. Its licence stays: %(licence)s.")) % said
        )
    said |= {"title": source.title, "credit": source.credit or str(_("teachers who wish not to be named"))}
    return str(_("Made from “%(title)s” by %(credit)s. Its licence: %(licence)s.")) % said


def language_name(code: str) -> str:
    """What a language calls itself; its code where it is not known."""
    return str(LANG_INFO.get(code, {}).get("name_local") or code)


def languages(shown_first: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Every language to choose from as (code, name), those of this installation before the others."""
    first = [code for code in shown_first if "name_local" in LANG_INFO.get(code, {})]
    others = sorted(
        (code for code, known in LANG_INFO.items() if "name_local" in known and code not in first),
        key=lambda code: language_name(code).casefold(),
    )
    return [(code, language_name(code)) for code in [*first, *others]]
