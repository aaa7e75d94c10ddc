"""Text for searching: small letters without accents. Pure: no Django."""

from __future__ import annotations

import unicodedata

# Letters that stand alone in Unicode and that people type without their stroke.
ALONE = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŧ": "t"}
)
# Marks that a writer may leave out: accents, Hebrew points, Arabic vowel signs and the stretching stroke. The vowel
# signs of Indian and Thai writing are no accents: without them words become others.
LEFT_OUT = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670))
MARKS = dict.fromkeys(code for first, last in LEFT_OUT for code in range(first, last + 1))
SIGNS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})


def unaccented(text: str) -> str:
    """A text as it is searched: small letters, no accents, width and quotes made alike, one space between words."""
    split = unicodedata.normalize("NFKD", text.casefold()).translate(MARKS)
    shown = "".join(sign for sign in split if unicodedata.category(sign) != "Cf") if not split.isascii() else split
    return " ".join(unicodedata.normalize("NFKC", shown).translate(ALONE).translate(SIGNS).casefold().split())
