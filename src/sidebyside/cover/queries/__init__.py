"""Questions about cover: who is engaged, who is free, how it adds up, what a day needs."""

from sidebyside.cover.queries.engagements import away_between, duties, engaged_with_cover

__all__ = ["away_between", "duties", "engaged_with_cover"]
