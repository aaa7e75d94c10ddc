"""What is wrong with a file that somebody handed in, and where. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row, or everything, is refused: the sentence, and where to look.

    `sentence` is the text to look up in a catalogue, `values` what to put into it. Values are words of
    the format (a column, a place's code, a role), never a person's name or address.
    """

    file: str | None
    line: int | None
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The sentence in English, filled in."""
        return self.sentence % self.values

    def as_json(self) -> dict[str, object]:
        """The shape that commands promise with --json."""
        return {"file": self.file, "line": self.line, "reason": self.reason}


class InputRefused(Exception):
    """What was handed in is refused whole. `faults` has at least one entry."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.reason for fault in faults))
        self.faults = list(faults)
