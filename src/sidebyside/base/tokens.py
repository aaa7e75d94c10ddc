"""Secrets that are handed out once and kept only as a digest."""

import hashlib
import secrets

# No letter or digit that can be taken for another when read from paper.
READABLE = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def new_token() -> str:
    """A secret for a link: 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A code for a printed sheet: twelve letters in three groups (58 bits)."""
    letters = "".join(secrets.choice(READABLE) for _ in range(12))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def tidy_code(written: str) -> str:
    """The code as it was printed, however it was typed."""
    letters = "".join(character for character in written.upper() if character in READABLE)
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def digest(secret: str) -> str:
    """What is kept of a secret. The secrets are random, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
