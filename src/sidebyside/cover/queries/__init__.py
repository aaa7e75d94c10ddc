"""Questions about cover: who is engaged, who is free, how it adds up, what a day needs."""

from sidebyside.cover.queries.days import (
    STATES,
    SchoolDay,
    State,
    next_school_day,
    people_at_school,
    school_day,
    today_at,
)
from sidebyside.cover.queries.engagements import away_between, duties, engaged_with_cover
from sidebyside.cover.queries.ledger import (
    Counts,
    Limits,
    Line,
    counts_of,
    ledger,
    limits_of,
    rules_of,
    term_of,
    window_of,
)
from sidebyside.cover.queries.planning import Familiar, Plan, familiar_by_person, hours_of, plan, stands

__all__ = [
    "STATES",
    "Counts",
    "Familiar",
    "Limits",
    "Line",
    "Plan",
    "SchoolDay",
    "State",
    "away_between",
    "counts_of",
    "duties",
    "engaged_with_cover",
    "familiar_by_person",
    "hours_of",
    "ledger",
    "limits_of",
    "next_school_day",
    "people_at_school",
    "plan",
    "rules_of",
    "school_day",
    "stands",
    "term_of",
    "today_at",
    "window_of",
]
