"""The capitalised words of a text, where names may hide.

Every word with a capital letter is found, in any script that has capitals, but for the English "I"; and beside it names
of several words ("Maria van der Berg", "J. R. Smith") and e-mail addresses. Whether a word is a name is for people to
say.
Pure: no Django, no database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

# Marks that stand on or under letters, and whole blocks in which letters and their signs are one word.
SIGNS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff"
    "\u0e00-\u0e4e\u0e80-\u0ece\u0f00-\u0fd4\u1000-\u109f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\ufe20-\ufe2f"
)
IN_WORD = rf"(?:[^\W_]|[{SIGNS}])"
APOSTROPHES, HYPHENS = "'\u2019\u02bc", "-\u2010\u2011"  # (in a class of letters the hyphen goes first)
_ADDRESS = r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,250}\.[^\W_]{2,63}"
# A word begins with a letter, or with digits before one: "5B" says which class it was.
_TOKEN = re.compile(
    rf"(?P<address>{_ADDRESS})|(?<!\d)\d*[^\W\d_](?:{IN_WORD}|[{HYPHENS}{APOSTROPHES}\u00b7](?=[^\W\d_]))*"
)
_ENGLISH_I = re.compile(rf"I(?:[{APOSTROPHES}](?:m|ll|ve|d))?")
_POSSESSIVE = re.compile(rf"(?<=\w\w)[{APOSTROPHES}]s$")
# What a reader does not see and a search stumbles over: soft hyphens, spaces and joins without width.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_ENDS_SENTENCE = re.compile(r"[.!?\u2026\u037e\u061f\u06d4\u0589\u0964\u3002\n]")
_BETWEEN_NAMES = re.compile(r"[ \u00a0\u202f]{1,2}")
_AFTER_INITIAL = re.compile(r"\.[ \u00a0\u202f]?")
TITLES = frozenset([
    "mr", "mrs", "ms", "mx", "dr", "prof", "st", "fr", "sr", "sra", "srta", "don", "doña", "herr", "frau", "hr",
    "mme", "mlle", "dhr", "mevr", "sig",
])  # fmt: skip
PARTICLES = frozenset([
    "van", "von", "vom", "der", "den", "de", "la", "las", "los", "le", "du", "des", "del", "della", "di", "da",
    "das", "dos", "do", "zu", "zur", "zum", "ter", "ten", "te", "al", "el", "bin", "bint", "ibn", "ben", "abu",
    "umm", "af", "av", "na", "st",
])  # fmt: skip
LONGEST_NAME = 6  # words
AROUND = 32  # characters before and after a word, to recognise it by


@dataclass(frozen=True)
class Passage:
    """A piece of text and where it stands: "title", the id of a part, or what the caller calls it."""

    where: str
    text: str


@dataclass
class Found:
    """A word with capitals: how often it stands in all, and how often not at the beginning of a sentence."""

    word: str
    kind: str  # "name": of several words, "address", "word"
    count: int = 0
    inside: int = 0
    where: list[str] = field(default_factory=list)
    before: str = ""
    after: str = ""
    is_small_too: bool = False  # the same word stands there in small letters: few names do

    @property
    def only_begins(self) -> bool:
        """Whether it stands nowhere but at the beginning of a sentence, where every word has a capital."""
        return self.kind == "word" and self.inside == 0


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    text: str
    is_address: bool
    begins: bool
    gap: str  # what stands between it and the word before

    @property
    def has_capital(self) -> bool:
        return any(letter.isupper() or unicodedata.category(letter) == "Lt" for letter in self.text)


def plain_letters(text: str) -> str:
    """A text with each letter written in one way, and without what nobody sees."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))


def capitalised_words(passages: Iterable[Passage]) -> list[Found]:
    """Every capitalised word of these passages: names of several words first, then addresses, then words by how often
    they stand inside a sentence. Words at the beginning of sentences alone come last, as they tell least; among their
    like, those that stand there in small letters too."""
    found: dict[tuple[str, str], Found] = {}
    small: set[str] = set()
    for passage in passages:
        text = plain_letters(passage.text)
        tokens = list(_tokens(text))
        for token in tokens:
            if token.is_address:
                _note(found, "address", token.text, text, token.start, token.end, passage.where, inside=True)
            elif not token.has_capital:
                small.add(token.text)
            elif not _ENGLISH_I.fullmatch(token.text):
                word = _POSSESSIVE.sub("", token.text)
                _note(found, "word", word, text, token.start, token.end, passage.where, inside=not token.begins)
        for run in _names(tokens):
            start, end = run[0].start, run[-1].end
            name = " ".join(_POSSESSIVE.sub("", text[start:end]).split())
            _note(found, "name", name, text, start, end, passage.where, inside=True)
    for one in found.values():
        one.is_small_too = one.kind == "word" and one.word.lower() in small
    order = {"name": 0, "address": 1, "word": 2}
    return sorted(
        found.values(),
        key=lambda one: (order[one.kind], one.only_begins, one.is_small_too, -one.inside, -one.count, one.word),
    )


def knows_no_capitals(passages: Iterable[Passage]) -> bool:
    """Whether some of it is written in letters that know no capitals, where no name can be found by its capital."""
    return any(_is_caseless(letter) for passage in passages for letter in passage.text if letter > "\x7f")


def _is_caseless(letter: str) -> bool:
    # (Georgian has capitals in Unicode, and begins no name with one)
    return unicodedata.category(letter) == "Lo" and letter not in "ªº" or "\u10d0" <= letter <= "\u10ff"


def _note(
    found: dict[tuple[str, str], Found], kind: str, word: str, text: str, start: int, end: int, where: str, *,
    inside: bool,
) -> None:  # fmt: skip
    one = found.get((kind, word))
    if one is None:
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        one = found[kind, word] = Found(word, kind, before=before.split("\n")[-1], after=after.split("\n")[0])
    one.count += 1
    one.inside += inside
    if where not in one.where:
        one.where.append(where)


def _tokens(text: str) -> Iterator[_Token]:
    last = None
    for match in _TOKEN.finditer(text):
        gap = text[last.end if last else 0 : match.start()]
        begins = last is None or _ENDS_SENTENCE.search(gap) is not None and not _is_initial(last.text, gap)
        last = _Token(match.start(), match.end(), match.group(), match["address"] is not None, begins, gap)
        yield last


def _is_initial(before: str, gap: str) -> bool:
    """Whether a full stop belongs to the word before it: an initial, or a short title."""
    return _AFTER_INITIAL.fullmatch(gap) is not None and (len(before) == 1 or before.lower() in TITLES)


def _names(tokens: list[_Token]) -> Iterator[list[_Token]]:
    """Capitalised words that follow one another, with the particles between them."""
    run: list[_Token] = []
    for token, following in zip_longest(tokens, tokens[1:]):
        joined = bool(run) and (_BETWEEN_NAMES.fullmatch(token.gap) is not None or _is_initial(run[-1].text, token.gap))
        is_i = _ENGLISH_I.fullmatch(token.text) and not (following and _is_initial(token.text, following.gap))
        may_be_name = token.has_capital and not token.is_address and not is_i
        belongs = may_be_name or joined and token.text in PARTICLES
        if run and not (joined and belongs and len(run) < LONGEST_NAME):
            yield from _whole(run)
            run = []
        if belongs and (run or may_be_name):
            run.append(token)
    yield from _whole(run)


def _whole(run: list[_Token]) -> Iterator[list[_Token]]:
    """A run that ends with a capitalised word and has two of them at least."""
    while run and not run[-1].has_capital:
        run = run[:-1]
    if sum(token.has_capital for token in run) > 1:
        yield run
