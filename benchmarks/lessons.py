"""Lessons to measure: `python -m benchmarks.lessons PEOPLE` makes an installation and prints who writes in what (JSON).

Pairs of people, one lesson each, everybody signed in; and two lessons of 60,000 characters with 20,000 edits in their
history, one edited in bursts of 25 letters, one all over the place. Their last edits are not part of a snapshot yet.
"""

import json
import os
import random
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.config.settings")
django.setup()

from django.core.management import call_command
from django.utils import timezone
from pycrdt import Doc, Text

from benchmarks.measured import session_for
from sidebyside.base import vault
from sidebyside.base.live import documents
from sidebyside.base.live.models import LiveDocument, LiveUpdate
from sidebyside.base.live.rooms import UPDATES_BEFORE_COMPACTING
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions import lessons as acts
from sidebyside.lessons.models import Lesson
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, give_post
from sidebyside.places.models import Place

CHARACTERS, EDITS, PARAGRAPHS, BURST = 60_000, 20_000, 240, 25
TAIL = UPDATES_BEFORE_COMPACTING - 1
LETTERS = "the quick brown fox jumps over the lazy dog and thinks about halves and quarters "
# The words a lesson about fractions is made of, often used ones more often.
SAID = """the of a and to in is they their it each for that with one two which how are learners half whole part equal
fraction fractions paper fold pieces compare explain partner show write share groups draw number line larger
smaller quarter third why because evidence claim task board minutes discuss question answer model strip same
different think first then together teacher asks listens walks around notes what you see say does not when"""
WORDS = SAID.split()


def main(people: int) -> None:
    """Make them, and print what there is."""
    call_command("migrate", verbosity=0)
    call_command("migrate", database="keys", verbosity=0)
    at = timezone.now() - timedelta(days=30)
    school = add_place(kind=Place.Kind.SCHOOL, name="Linden School", parent=None, by=None, at=at)
    pairs = []
    for number in range(people // 2):
        pair = [_person(2 * number + each, school, at) for each in range(2)]
        lesson = _lesson(pair, at)
        pairs.append({"path": f"/lessons/{lesson.pk}/", "sessions": [session_for(person) for person in pair]})
    long_ones = {name: _long(how, pairs and pair, at) for name, how in (("bursts", BURST), ("scattered", 1))}
    print(json.dumps({"pairs": pairs, "session": pairs[-1]["sessions"][0], "long": long_ones}))


def _person(number: int, school: Place, at) -> Person:
    person = Person.objects.create(
        given_name=f"Teacher {number}", family_name="Linden", email=f"teacher{number}@example.org", joined_at=at
    )
    give_post(person, place=school, title="teacher", from_date=at.date(), at=at)
    return person


def _lesson(pair: list[Person], at) -> Lesson:
    seats = [(pair[0], Part.PEER), (pair[1], Part.PEER)]
    proposal = partnerships.propose(by=pair[0], form=Form.PEERS, seats=seats, at=at)
    partnership = partnerships.accept(proposal, by=pair[1], at=at)
    return acts.begin(partnership=partnership, teacher=pair[0], title="Halves", about="", by=pair[0], at=at)


def _long(burst: int, pair: list[Person], at) -> dict:
    """A long lesson whose edits come in bursts of so many letters."""
    lesson = acts.begin(partnership=None, teacher=pair[0], title="Long", about="", by=pair[0], at=at)
    chosen = random.Random(burst)
    doc: Doc = Doc(client_id=chosen.getrandbits(32))  # as a browser has; the library's own take more room
    doc.apply_update(documents.state_of(lesson.document))
    part = lesson_text.read(doc).parts[0].id
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    text = _paragraphs(doc, part, chosen)
    began, length, left = len(updates), CHARACTERS, EDITS
    while left:
        place = chosen.randrange(length + 1)
        # As much goes as comes, so that the lesson stays as long as it is.
        removing = chosen.random() < 0.5
        for _letter in range(min(burst, left)):
            left -= 1
            if removing:
                place = min(place, length - 1)
                del text[place : place + 1]
                length -= 1
            else:
                text.insert(place, chosen.choice(LETTERS), {})
                place += 1
                length += 1
    assert len(updates) - began == EDITS
    snapshot = documents.made_of(documents.merged([documents.state_of(lesson.document), *updates[:-TAIL]])).get_update()
    sealed = vault.seal_bytes(
        snapshot, scope=lesson.document.scope, field=str(LiveDocument._meta.get_field("snapshot"))
    )
    LiveDocument.objects.filter(pk=lesson.document_id).update(snapshot=sealed)
    for update in updates[-TAIL:]:
        documents.write_many([(lesson.document_id, lesson.document.scope, update)], at=at)
    began_at = time.perf_counter()
    fresh: Doc = Doc()
    for update in updates:
        fresh.apply_update(update)
    replayed = time.perf_counter() - began_at
    return {
        "path": f"/lessons/{lesson.pk}/",
        "characters": lesson_text.characters(doc),
        "tail": LiveUpdate.objects.filter(document=lesson.document_id).count(),
        "replay_ms": replayed * 1000,
    }


def _paragraphs(doc: Doc, part: str, chosen: random.Random) -> Text:
    text = doc.get(f"text:{part}", type=Text)
    for _number in range(PARAGRAPHS):
        words = ""
        while len(words) < CHARACTERS // PARAGRAPHS:
            words += WORDS[int(len(WORDS) * chosen.random() ** 2)] + " "
        text.insert(len(text), words[: CHARACTERS // PARAGRAPHS - 1] + "\n", {})
    return text


if __name__ == "__main__":
    main(int(sys.argv[1]))
