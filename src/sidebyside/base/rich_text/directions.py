"""Which way words run."""

import unicodedata


def direction_of(text: str) -> str:
    """Which way a text runs by its first letter that says so: "ltr", "rtl", or "" where none does."""
    for letter in text:
        bidi = unicodedata.bidirectional(letter)
        if bidi in ("R", "AL"):
            return "rtl"
        if bidi == "L":
            return "ltr"
    return ""
