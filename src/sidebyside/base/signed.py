"""Secrets that stand for one record and one purpose, for an address in a mail. Nothing of them is stored.

80 bits of HMAC-SHA256 under the installation's secret key, in letters and digits that survive the local part of a
mail address and a change to small letters.
"""

import hmac

from django.utils.crypto import salted_hmac

LENGTH = 20  # hexadecimal digits


def signed(purpose: str, number: int) -> str:
    """The secret for this number (0 or more) and purpose, such as "57-0f3c…"."""
    return f"{number}-{_mark(purpose, number)}"


def unsigned(purpose: str, secret: str) -> int | None:
    """The number that `signed` gave this secret for, for the same purpose; None for any other text."""
    number, _dash, mark = secret.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = int(number)
    return found if hmac.compare_digest(mark.lower().encode(), _mark(purpose, found).encode()) else None


def _mark(purpose: str, number: int) -> str:
    return salted_hmac(f"sidebyside.signed.{purpose}", str(number), algorithm="sha256").hexdigest()[:LENGTH]
