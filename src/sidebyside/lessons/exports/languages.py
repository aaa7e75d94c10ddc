"""Which language a text is in, as far as its letters tell, and which way it runs. Pure: no Django."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

RIGHT_TO_LEFT = frozenset(["ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"])
# The name of a letter begins with its script. Cyrillic, Arabic and others are each written in many languages:
# the most spoken stands for all, and a reader's own comes first.
_LANGUAGES = {
    "ARABIC": "ar", "HEBREW": "he", "GREEK": "el", "CYRILLIC": "ru", "HANGUL": "ko", "HIRAGANA": "ja",
    "KATAKANA": "ja", "CJK": "zh", "THAI": "th", "DEVANAGARI": "hi",
}  # fmt: skip
# Languages that are written in these letters, so that a reader of one of them is not told that it is another.
_WRITTEN_IN = {
    "ar": RIGHT_TO_LEFT - {"he", "yi", "dv"},
    "he": {"he", "yi"},
    "ru": {"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "uk"},
    "zh": {"ja", "zh"},
    "hi": {"hi", "mr", "ne"},
}
_LOOKED_AT = 4_000  # letters


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code (BCP 47, the first part), and whether it runs from right to left."""

    code: str

    @property
    def direction(self) -> str:
        return "rtl" if self.code in RIGHT_TO_LEFT else "ltr"


def language_of(text: str, otherwise: str) -> Language:
    """The language of a text by the letters that most of it is written in; `otherwise` (the reader's) for Latin ones,
    and where it is written in the same."""
    reader = otherwise.split("-")[0].lower()
    found = Counter(_script(letter) for letter in text[:_LOOKED_AT] if letter.isalpha())
    if found["ja"] and found["zh"]:
        found["ja"] += found.pop("zh")
    if not found:
        return Language(reader if len(reader) == 2 else "en")
    code = found.most_common(1)[0][0]
    if code == "" or reader in _WRITTEN_IN.get(code, ()):
        return Language(reader if len(reader) == 2 else "en")
    return Language(code)


def _script(letter: str) -> str:
    return _LANGUAGES.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0], "")
