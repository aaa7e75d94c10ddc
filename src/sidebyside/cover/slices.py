"""Which lessons a substitute takes one after the other: a substitute's day packed in slices, proved best.

What is wanted, in this order: most lessons taken; then most minutes; then as few substitutes as will do. A slice is
20 to 50 minutes long; other lessons are taken only where the desk says so, and then whole.

Method: lessons with fixed times on a few days with hours of their own are interval scheduling on several machines
(Arkin and Silverberg, "Scheduling jobs with fixed start and end times", Discrete Applied Mathematics 18, 1987; with
hours for each machine the k-track assignment of Brucker and Nordmann, Computing 52, 1994). A day takes at most one of
the lessons that run at the moment at which one of them begins; CP-SAT of OR-Tools finds the best, with one worker and
a fixed seed, so that the same input has the same answer. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from sidebyside.calendars.slots import Span

SHORTEST, LONGEST = 20, 50  # minutes of a slice
MOST_WORK = 4.0  # of the solver's own deterministic seconds


@dataclass(frozen=True, slots=True)
class Piece:
    """A lesson that needs somebody."""

    key: int
    span: Span

    @property
    def is_slice(self) -> bool:
        """Whether it is as long as a slice may be."""
        return SHORTEST <= self.span.minutes <= LONGEST


@dataclass(frozen=True, slots=True)
class Hours:
    """When a substitute is there on that day, and what she takes already."""

    key: int
    span: Span
    taken: tuple[Span, ...] = ()

    def can_take(self, piece: Piece) -> bool:
        """Whether the lesson lies within her hours and beside what she takes already."""
        inside = self.span.begin <= piece.span.begin and piece.span.end <= self.span.end
        return inside and not any(piece.span.overlaps(one) for one in self.taken)


@dataclass(frozen=True, slots=True)
class Packing:
    """Who takes what, by key. `proved`: no other packing is better."""

    taken: dict[int, int]
    proved: bool


def pack(pieces: Iterable[Piece], hours: Iterable[Hours], *, others_too: bool = False) -> Packing:
    """The best packing of these lessons into these hours, as the module says. With `others_too` lessons that are
    shorter or longer than a slice are taken as well, whole."""
    wanted = sorted((one for one in pieces if one.is_slice or others_too), key=lambda one: (one.span.begin, one.key))
    days = sorted(hours, key=lambda one: one.key)
    model = cp_model.CpModel()
    takes = {(piece.key, day.key): model.new_bool_var("") for day in days for piece in wanted if day.can_take(piece)}
    for piece in wanted:
        model.add_at_most_one(takes[piece.key, day.key] for day in days if (piece.key, day.key) in takes)
    comes = {day.key: model.new_bool_var("") for day in days}
    for day in days:
        hers = [piece for piece in wanted if (piece.key, day.key) in takes]
        for together in _at_once(hers):
            model.add(sum(takes[piece.key, day.key] for piece in together) <= comes[day.key])
    minutes = len(days) + 1
    lessons = minutes * (sum(piece.span.minutes for piece in wanted) + 1)
    gain = {piece.key: lessons + minutes * piece.span.minutes for piece in wanted}
    model.maximize(sum(gain[key] * one for (key, _day), one in takes.items()) - sum(comes.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = MOST_WORK
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Packing({}, False)
    found = {piece: day for (piece, day), one in takes.items() if solver.value(one)}
    return Packing(found, status == cp_model.OPTIMAL)


def _at_once(pieces: Collection[Piece]) -> Iterable[list[Piece]]:
    """The lessons that run at the moment at which one of them begins; each with that one alone at least."""
    for piece in pieces:
        moment = piece.span.begin
        yield [one for one in pieces if one.span.begin <= moment < one.span.end]
