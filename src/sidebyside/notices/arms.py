"""The arms of the one question about what waits: each row says what, about which record, in which partnership, who did
it, when, and how many."""

from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    IntegerField,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

NO_ID = Cast(Value(None), BigIntegerField())
NO_MOMENT = Cast(Value(None), DateTimeField())


def arm(
    kind: str,
    of: QuerySet,
    *,
    about: Any = "pk",
    partnership: Any = NO_ID,
    who: str = "",
    at: Any = NO_MOMENT,
    number: Any = 0,
) -> QuerySet:
    """The rows of one kind: of each record of `of` the values at these paths."""
    words = CharField()
    return of.order_by().values_list(
        Value(kind, words),
        F(about) if isinstance(about, str) else about,
        F(partnership) if isinstance(partnership, str) else partnership,
        F(f"{who}_id") if who else NO_ID,
        F(f"{who}__given_name") if who else Value("", words),
        F(f"{who}__family_name") if who else Value("", words),
        F(at) if isinstance(at, str) else at,
        Value(number, IntegerField()) if isinstance(number, int) else number,
    )
