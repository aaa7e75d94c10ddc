"""Three write in one text at the same time, far apart and out of order: they come to the same, and no word is lost.

Seeded, so that a round that fails can be had again: `play(seed)`.
"""

import random
import re

import pytest
from pycrdt import Doc, Text

from sidebyside.base.live import updates
from sidebyside.base.live.models import LiveDocument
from sidebyside.base.live.room import Room, Size
from sidebyside.base.live.shape import Shape
from sidebyside.base.rich_text import shared
from sidebyside.base.rich_text.lines import LEVELS, Kind, Line, nested
from sidebyside.base.rich_text.merging import merge
from sidebyside.base.rich_text.nodes import clean_words, line_of, lines_of
from sidebyside.lessons.text import characters, kind_of_root

ROUNDS, STEPS = 200, 30
TOKEN = re.compile(r"w\d{5}x ?|.", re.DOTALL)
WORD = re.compile(r"w\d{5}x")


class Writer:
    """Somebody with a document of her own, and what of each other one's changes she has."""

    def __init__(self, number, chance, world):
        self.number, self.chance, self.world = number, chance, world
        self.doc = Doc(client_id=number + 1)
        self.text = self.doc.get("text:aaaaaaaa", type=Text)
        # (what comes too early waits there, as in the server; the library itself loses some of it)
        self.room = Room(1, "p1", characters, kind_of_root)
        self.room.fill(self.doc, Shape(kind_of_root), Size(0, 0), LiveDocument(), [])
        self.made = []
        self.doc.observe(lambda event: self.made.append(event.update))
        self.before = shared.read(self.text)  # what the plain form was opened with

    def said(self):
        return str(self.text)

    def place(self):
        """A place that is in no word."""
        pieces = TOKEN.findall(self.said())
        return len("".join(pieces[: self.chance.randrange(len(pieces) + 1)]))

    def ends(self):
        return [place for place, letter in enumerate(self.said()) if letter == "\n"]

    def end(self):
        return self.chance.choice(self.ends() or [0])

    def does(self, act):
        """Does something, which the guard of the server lets in."""
        known = len(self.made)
        act()
        assert all(self.room.shape.take(updates.read(update)) for update in self.made[known:])

    def hears(self, update):
        known = len(self.made)
        self.room.take_written(update)
        del self.made[known:]

    # What she does

    def types(self):
        word, place = self.world.new_word(), self.place()
        self.text.insert(place, f"{word} ", self.chance.choice([{}, {"bold": True}]))

    def splits(self):
        self.text.insert(self.place(), "\n", self.kind().attributes())

    def joins(self):
        if self.ends():
            place = self.end()
            del self.text[place : place + 1]

    def changes_kind(self):
        if self.ends():
            place = self.end()
            wanted = self.kind().attributes()
            names = ("heading", "list", "depth", "start", "more", "quote")
            self.text.format(place, place + 1, {name: wanted.get(name) for name in names})

    def removes(self):
        pieces = TOKEN.findall(self.said())
        begin = self.chance.randrange(len(pieces) + 1)
        gone = "".join(pieces[begin : begin + self.chance.randrange(1, 7)])
        self.world.gone |= set(WORD.findall(gone))
        first = len("".join(pieces[:begin]))
        del self.text[first : first + len(gone)]

    def writes(self):
        """What the server does for somebody whose browser runs no script."""
        self.write(self.other_than(shared.read(self.text)))

    def opens_the_plain_form(self):
        self.before = shared.read(self.text)

    def sends_the_plain_form(self):
        mine = self.other_than(self.before)
        self.write(merge(self.before, mine, shared.read(self.text)))
        self.before = shared.read(self.text)

    def write(self, nodes):
        with self.doc.transaction():
            shared.write(self.text, nodes)
        assert shared.read(self.text) == nodes

    def other_than(self, nodes):
        """Some blocks, and what somebody makes of them."""
        lines = lines_of(nodes)
        for _change in range(self.chance.randrange(1, 4)):
            at = self.chance.randrange(len(lines) + 1)
            act = self.chance.choice(["kind", "kind", "join", "split", "add", "remove", "type"])
            if act == "add" or not lines[at:]:
                lines.insert(at, Line(words(self.world.new_word() + " "), self.kind()))
            elif act == "kind":
                lines[at] = lines[at]._replace(kind=self.kind())
            elif act == "type":
                lines[at] = Line(
                    words(self.world.new_word() + " " + line_of({"content": lines[at].content})), self.kind()
                )
            elif act == "join" and lines[at + 1 :]:
                lines[at : at + 2] = [Line(clean_words([*lines[at].content, *lines[at + 1].content]), lines[at].kind)]
            elif act == "split":
                pieces = TOKEN.findall(line_of({"content": lines[at].content}))
                half = self.chance.randrange(len(pieces) + 1)
                halves = "".join(pieces[:half]), "".join(pieces[half:])
                lines[at : at + 1] = [Line(words(each), lines[at].kind) for each in halves]
            elif act == "remove":
                self.world.gone |= set(WORD.findall(line_of({"content": lines[at].content})))
                del lines[at]
        return nested(lines_of(nested(lines)))

    def kind(self):
        listed = Kind(list=self.chance.choice(["bullet", "number"]), depth=self.chance.randrange(3))
        return self.chance.choice([
            Kind(), Kind(heading=self.chance.choice(LEVELS)), listed, listed._replace(more=True),
            Kind(quote=True), listed._replace(quote=True), Kind(list="number", start=4),
        ])  # fmt: skip


def words(said):
    return clean_words([{"type": "text", "text": said}])


class Round:
    """Three who begin with one text."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.count, self.gone, self.all = 0, set(), set()
        self.writers = [Writer(number, self.chance, self) for number in range(3)]
        first = self.writers[0]
        lines = [Line(words(f"{self.new_word()} {self.new_word()} "), first.kind()) for _line in range(4)]
        first.does(lambda: first.write(nested(lines)))
        self.told = {}
        self.tell_all()

    def new_word(self):
        self.count += 1
        word = f"w{self.count:05}x"
        self.all.add(word)
        return word

    def tell(self, source, to, share):
        """Tell somebody some of what another one did, in any order."""
        known = self.told.setdefault((source.number, to.number), set())
        news = [number for number in range(len(source.made)) if number not in known]
        self.chance.shuffle(news)
        for number in news[: round(len(news) * share)]:
            known.add(number)
            to.hears(source.made[number])

    def tell_all(self):
        pairs = [(one, other) for one in self.writers for other in self.writers if one is not other]
        self.chance.shuffle(pairs)
        for one, other in pairs:
            self.tell(one, other, 1.0)

    def step(self):
        writer = self.chance.choice(self.writers)
        acts = [writer.types] * 5 + [writer.splits, writer.joins, writer.changes_kind] * 2
        acts += [writer.removes, writer.writes, writer.opens_the_plain_form, writer.sends_the_plain_form]
        writer.does(self.chance.choice(acts))
        if self.chance.random() < 0.3:
            one, other = self.chance.sample(self.writers, 2)
            self.tell(one, other, self.chance.random())


def play(seed):
    """One round. Returns how many words were written, and which of those that nobody removed are lost."""
    game = Round(seed)
    for _step in range(STEPS):
        game.step()
    game.tell_all()
    first, *others = game.writers
    for other in others:
        assert other.said() == first.said(), seed
        assert shared.read(other.text) == shared.read(first.text), seed
    return len(game.all), game.all - game.gone - set(WORD.findall(first.said()))


@pytest.mark.parametrize("tenth", range(10))
def test_no_word_is_lost(tenth):
    written = 0
    for seed in range(tenth * ROUNDS // 10, (tenth + 1) * ROUNDS // 10):
        count, lost = play(seed)
        written += count
        assert not lost, (seed, lost)
    assert written > ROUNDS
