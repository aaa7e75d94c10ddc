"""Every word is looked up: the made language, its catalogue, and the finder of words that were not."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import time
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from django.conf import settings
from django.core.management import call_command
from django.forms import CharField, EmailField, Form, IntegerField
from django.test import override_settings
from django.utils.translation import (
    check_for_language,
    get_language_bidi,
    get_language_info,
    gettext,
    ngettext,
    override,
    to_locale,
)

from sidebyside.base import catalogues, pseudo
from sidebyside.materials.content_files import read_content
from sidebyside.materials.words import WORDS, word
from tests.made_language import CLONE, PACKAGE, make_ready
from tests.untranslated import untranslated


@pytest.fixture(scope="session")
def made_language() -> Catalog:
    """The English messages, once the made language is ready."""
    return make_ready()


# The disguise


@pytest.mark.parametrize(
    "kept",
    ["%(name)s", "%(count)d", "%s", "%d", "%%", "{name}", "{0}", "{}", "&nbsp;", "&#8217;", "&#x2019;"]
    + ['<a href="/help/" class="link">', "</strong>", "<br>", "{{", "<bdi>"],
)
def test_what_the_program_reads_stays(kept: str) -> None:
    disguised = pseudo.disguised(f"Before {kept} after")
    assert kept in disguised
    rest = disguised.replace(kept, "")
    assert not re.search("[A-Za-z]", rest)


def test_every_letter_changes_and_the_text_grows() -> None:
    text = "The quick brown fox jumps over the lazy dog. THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG."
    disguised = pseudo.disguised(text)
    assert not re.search("[A-Za-z]", disguised)
    assert disguised.startswith("[")
    assert disguised.endswith("]")
    assert 1.2 * len(text) < len(disguised) < 1.6 * len(text)
    letters = {pseudo.disguised(letter) for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert len(letters) == 52


def test_white_space_at_the_ends_stays() -> None:
    assert pseudo.disguised("\n Save\n").startswith("\n [")
    assert pseudo.disguised("\n Save\n").endswith("]\n")
    assert pseudo.disguised("") == ""
    assert pseudo.disguised(" \n") == " \n"


def test_a_percent_sign_before_a_word_is_no_placeholder() -> None:
    assert "%" in pseudo.disguised("100% sure")
    assert not re.search("[A-Za-z]", pseudo.disguised("100% sure"))


# The catalogue


def test_django_knows_the_made_language(made_language: Catalog) -> None:
    assert to_locale(pseudo.CODE) == pseudo.LOCALE
    assert pseudo.CODE in dict(settings.LANGUAGES)
    assert check_for_language(pseudo.CODE)
    assert get_language_info(pseudo.CODE)["bidi"]
    with override(pseudo.CODE):
        assert get_language_bidi()


def test_every_message_is_disguised_and_keeps_its_placeholders(made_language: Catalog) -> None:
    whole = catalogues.made_language(made_language)
    assert len(whole) > 300
    for message in whole:
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, tuple | list) else [message.id]
        for source, target in zip(sources, list(_forms(message.string)), strict=True):
            assert pseudo.placeholders(source) == pseudo.placeholders(target)
            assert target != source or not re.search("[A-Za-z]", source)


def test_every_text_of_the_content_is_looked_up(made_language: Catalog) -> None:
    content = read_content()
    with override(pseudo.CODE):
        for text in _shown(dataclasses.asdict(content)):
            assert gettext(text) == pseudo.disguised(text), text


def test_every_word_of_the_glossary_is_looked_up(made_language: Catalog) -> None:
    with override(pseudo.CODE):
        for key, entry in WORDS.items():
            assert word(key, translate=gettext) == pseudo.disguised(entry.singular)
            assert word(key, count=2, translate=gettext) == pseudo.disguised(entry.plural)


def test_the_frameworks_own_sentences_are_looked_up(made_language: Catalog) -> None:
    class Asked(Form):
        name = CharField(max_length=3)
        mail = EmailField()
        number = IntegerField(min_value=5)

    with override(pseudo.CODE):
        errors = Asked({"name": "abcd", "mail": "nobody", "number": "2"}).errors
        sentences = [sentence for found in errors.values() for sentence in found]
        assert len(sentences) == 3
        for sentence in sentences:
            assert not re.search("[A-Za-z]", sentence)
        one = ngettext("%(num)d day", "%(num)d days", 1)
        many = ngettext("%(num)d day", "%(num)d days", 2)
        assert one != many
        assert "%(num)d" in many


def test_the_catalogues_are_made_in_time(made_language: Catalog) -> None:
    began = time.process_time()
    call_command("build_translations", stderr=io.StringIO())
    assert time.process_time() - began < 3


def test_every_real_language_is_complete() -> None:
    out = io.StringIO()
    call_command("build_translations", check=True, json=True, stdout=out)  # leaves with 2 if not
    told = json.loads(out.getvalue())
    assert told["gaps"] == []
    assert told["messages"] > 300


# What a real language lacks


def test_gaps_of_a_language(tmp_path: Path) -> None:
    source = Catalog()
    source.add("Save")
    source.add("Hello %(name)s")
    source.add("Close")
    source.add(("%(n)s cycle", "%(n)s cycles"))
    source.add("Kept")
    there = Catalog(locale="de")
    there.add("Save", "Speichern", flags=["fuzzy"])
    there.add("Hello %(name)s", "Hallo %(nom)s")
    there.add("Close", "")
    there.add(("%(n)s cycle", "%(n)s cycles"), ("ein Zyklus", "%(n)s Zyklen"))
    there.add("Kept", "Behalten")
    path = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, there)

    found = {(gap.text, gap.fault) for gap in catalogues.gaps(source, path)}

    assert found == {
        ("Save", "fuzzy"),
        ("Hello %(name)s", "placeholders"),
        ("Close", "untranslated"),
    }
    assert catalogues.real_catalogues(tmp_path) == [path]
    assert catalogues.compile_catalogue(path).stat().st_size > 0


def test_a_language_with_gaps_ends_with_2(tmp_path: Path) -> None:
    path = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n', encoding="utf-8")
    out = io.StringIO()
    with override_settings(LOCALE_PATHS=[tmp_path]), pytest.raises(SystemExit) as ended:
        call_command("build_translations", check=True, stdout=out, stderr=io.StringIO())
    assert ended.value.code == 2
    assert "de: " in out.getvalue()
    assert path.with_suffix(".mo").exists()


def test_a_broken_template_is_never_passed_over(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "broken.html").write_text("{% trans %}lost{% endtrans %}{% if %}")
    with pytest.raises(Exception, match="expression"):
        catalogues.gathered(tmp_path, CLONE / "babel.cfg")


# The finder


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hello</p>",
        '<button aria-label="Close">×</button>',
        '<img alt="A class" src="x.png">',
        '<input placeholder="Name" dir="auto">',
        '<input type="submit" value="Send">',
        "<p>[Ĥéļļó] <bdi>Ana</bdi> says</p>",
        "<title>Home</title>",
        '<p dir="auto">Ana</p>and then',
        '<optgroup label="Schools"></optgroup>',
        '<span translate="no">Side by Side <b translate="yes">Home</b></span>',
        "<p>caf&eacute;</p>",
        '<meta name="description" content="A place">',
        "<p>10:42 am</p>",
        '<copy-text data-done="Copied"></copy-text>',
        '<auto-save data-saving="saving now"></auto-save>',
    ],
)
def test_a_plain_word_is_found(html: str) -> None:
    assert len(untranslated(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        "<p>[Ĥéļļó] <bdi>Ana</bdi> 10:42</p>",
        '<ul dir="auto"><li>Ana <b>and</b> Bo</li></ul>',
        '<h1 translate="no" title="Side by Side">Side by Side</h1>',
        "<script>let plain = 1</script><style>p{color:red}</style>",
        '<textarea aria-label="[Ñóţé]">what she wrote</textarea>',
        '<input type="text" value="what she wrote" name="plain">',
        '<a href="/plain/" class="plain" data-plain="plain">[Ĥóɱé]</a>',
        '<option dir="auto">Ana Lima</option>',
        "<!-- plain -->",
        '<auto-save key="note-7" data-theme="dark" data-saved="[šáṽéð] {time}"></auto-save>',
        '<svg data-points="[1, 2]" data-shape=\'{"kind": "web"}\'></svg>',
        "<p>学校 مدرسة</p>",
    ],
)
def test_what_people_wrote_and_what_nobody_sees_is_left_out(html: str) -> None:
    assert untranslated(html) == []


def test_allowed_words_are_whole_words() -> None:
    assert untranslated("<title>[Ĥóɱé] Ana</title>", allow={"Ana"}) == []
    assert untranslated("<title>Anatomy</title>", allow={"Ana"}) == ["<title> Anatomy"]


# The templates, before any page is drawn


def _bare(source: str) -> str:
    """A template without its comments, translated blocks, statements and expressions."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*raw.*?endraw\s*-?%\}", "", source, flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", source, flags=re.DOTALL)


def test_no_template_holds_a_word_outside_a_translation() -> None:
    templates = sorted((PACKAGE / "web").rglob("*.html"))
    found = [
        f"{path.relative_to(PACKAGE)}: {word}"
        for path in templates
        for word in untranslated(_bare(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def _forms(value: object) -> list[str]:
    # (a message of the catalogue is a text or a tuple of forms)
    return [value] if isinstance(value, str) else [str(form) for form in value]  # type: ignore[attr-defined]


def _shown(value: object, key: str = "") -> list[str]:
    """Every text in a tree of content, but for the names that only the program reads."""
    codes = {"slug", "code", "kind", "type", "suits", "where", "fills_from", "language", "phrase"}
    codes |= {"licence", "yes", "no"}  # of chains of questions: where an answer leads
    if isinstance(value, str):
        return [] if key in codes else [value]
    if isinstance(value, dict):
        return [text for name, item in value.items() for text in _shown(item, name)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _shown(item, "" if isinstance(item, dict) else key)]
    return []
