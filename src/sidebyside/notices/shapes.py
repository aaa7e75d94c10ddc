"""What a person is told: kinds, ids and names, never an address, and no sealed text but that of her own page.

A door knows what to call a kind and which page it leads to.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Who:
    """A person as a page names her."""

    pk: int
    given_name: str
    family_name: str
    part: str = ""
    has_left: bool = False

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initial(self) -> str:
        return self.given_name[:1].upper()


@dataclass(frozen=True)
class OwnStep:
    """The next step of the plan that has a date and is hers. `text` is opened; empty where its key is gone."""

    pk: int
    partnership: int
    text: str
    by_date: date


@dataclass(frozen=True)
class Work:
    """One partnership of hers, as it stands. `state`: "moving", "quiet" or "resting"."""

    pk: int
    form: str
    me: Who
    others: tuple[Who, ...]
    state: str
    formed_at: datetime
    rested_at: datetime | None
    asks_how_to_go_on_at: datetime | None
    cycle: int | None = None
    stage: str = ""
    stage_since: datetime | None = None
    paused_at: datetime | None = None
    latest_contact: datetime | None = None
    step: OwnStep | None = None

    @property
    def goes_on(self) -> bool:
        """Whether there is something to do in it now: nobody rests, nobody has paused."""
        return self.rested_at is None and self.paused_at is None


@dataclass(frozen=True)
class Coming:
    """Something in the calendar of a partnership. `kind` is that of an appointment; `visit` the visit it is part of, if
    of any, with who is visited and who visits; `needs_time` where that visit lost its time. `pk` is the appointment's,
    or the visit's where it has none."""

    pk: int
    partnership: int
    visit: int | None
    kind: str
    begin: datetime
    end: datetime
    room: str
    subject: str
    observed: int | None
    observer: int | None
    needs_time: bool = False


@dataclass(frozen=True)
class Next:
    """The one thing that is next. `kind`: "step" (hers, dated), "coming" (an appointment, `coming`), "stage" (where a
    cycle is), "begin" (no cycle yet)."""

    kind: str
    work: Work
    coming: Coming | None = None


@dataclass(frozen=True)
class Waiting:
    """Something waits for her. `about` is the id of what the kind is about; `who` has done, or asks, something.

    Kinds, in the order in which they are told: see `waiting.ORDER`.
    """

    kind: str
    about: int
    partnership: int | None = None
    who: Who | None = None
    at: datetime | None = None
    number: int = 0


@dataclass(frozen=True)
class Stuck:
    """A partnership that does not move; it may need an act or none. `kind`: "quiet" or "paused"."""

    kind: str
    work: Work
    since: datetime | None


@dataclass(frozen=True)
class Home:
    """What is next, what waits for her, what is stuck; her partnerships; and what she has asked and awaits."""

    next: Next | None
    waiting: tuple[Waiting, ...]
    stuck: tuple[Stuck, ...]
    partnerships: tuple[Work, ...]
    asked: tuple[Waiting, ...] = ()
