"""A comparison made short enough for one page: what stayed the same is hinted at. Pure: no Django."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sidebyside.base.rich_text.aligning import WORD
from sidebyside.lessons.comparison import Block, Run

ELLIPSIS = "…"
# So many words are left at each end of words that stayed.
WORDS_AROUND = 8


@dataclass(frozen=True)
class Left:
    """Blocks that stayed the same and are left out."""

    blocks: int
    words: int


def shortened(blocks: Iterable[Block]) -> list[Block | Left]:
    """The blocks that changed, with the words that stayed in them hinted at; what is left out between them is
    counted. Words that came or went are all there."""
    short: list[Block | Left] = []
    for block in blocks:
        if block.what == "same":
            before = short.pop() if short and isinstance(short[-1], Left) else Left(0, 0)
            assert isinstance(before, Left)
            short.append(Left(before.blocks + 1, before.words + sum(run.words for run in block.runs)))
        else:
            short.append(replace(block, runs=tuple(_hinted(block.runs))))
    return short


def _hinted(runs: tuple[Run, ...]) -> list[Run]:
    last = len(runs) - 1
    return [
        Run("same", _ends(run.text, first=place > 0, last=place < last)) if run.what == "same" else run
        for place, run in enumerate(runs)
    ]


def _ends(text: str, *, first: bool, last: bool) -> str:
    """A long text without its middle; without its beginning or end where nothing changed there."""
    begin = WORDS_AROUND if first else 0
    end = WORDS_AROUND if last else 0
    if not (begin or end):
        begin = WORDS_AROUND
    return without_middle(text, begin, end)


def without_middle(text: str, begin: int, end: int) -> str:
    """A text of many words with so many at its beginning and at its end, and a sign between them; one that is hardly
    longer stays as it is."""
    words = list(WORD.finditer(text))
    if len(words) <= begin + end + 4:
        return text
    # (of what is cut off at an end the white space stays: the words that changed stand against it)
    head = f"{text[: words[begin - 1].end()]} " if begin else _space(text[:1])
    tail = f" {text[words[-end].start() :]}" if end else _space(text[-1:])
    return f"{head}{ELLIPSIS}{tail}"


def _space(letter: str) -> str:
    return " " if letter.isspace() else ""
