"""Documents on the disk: sealed, in any order, and without what was deleted once they are compacted."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pycrdt import Doc, Text

from sidebyside.base import vault
from sidebyside.base.live import documents
from sidebyside.base.live.models import LiveDocument, LiveUpdate

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def document():
    return documents.begin("p1", at=NOW)


def typed(letters):
    """One update for each letter, and the document they were typed in."""
    doc, made = Doc(), []
    doc.observe(lambda event: made.append(event.update))
    text = doc.get("text", type=Text)
    for letter in letters:
        text += letter
    return doc, made


def kept(document, updates, at=NOW):
    return documents.write_many([(document.pk, document.scope, update) for update in updates], at=at)


def text_of(document):
    return str(documents.doc_of(document).get("text", type=Text))


def rows():
    """Everything the database holds of documents, as bytes."""
    with connection.cursor() as cursor:
        found = b""
        for table, column in (("live_livedocument", "snapshot"), ("live_liveupdate", "content")):
            cursor.execute(f"SELECT {column} FROM {table}")
            found += b"".join(bytes(row[0]) for row in cursor.fetchall() if row[0])
        return found


def test_any_order_and_twice_say_the_same(document):
    doc, updates = typed("The same, in any order.")
    shuffled = updates * 2
    random.Random(4).shuffle(shuffled)
    kept(document, shuffled)
    assert text_of(document) == str(doc.get("text", type=Text))


def test_nothing_can_be_read_in_the_database(document):
    _doc, updates = typed(["She finds it hard."])
    kept(document, updates)
    documents.compact(document.pk)
    kept(document, typed(["He does too."])[1])
    assert b"hard" not in rows()
    assert b"too" not in rows()
    assert "hard" in text_of(document)


def test_many_are_written_with_the_same_queries_as_one(document):
    updates = typed("x" * 200)[1]
    kept(document, updates[:1])
    with CaptureQueriesContext(connection) as one:
        kept(document, updates[1:2])
    with CaptureQueriesContext(connection) as many:
        kept(document, updates[2:])
    assert len(many) <= len(one) + 1  # (SQLite takes so many values at once)


def test_compacting_takes_exactly_what_it_has_read(document):
    doc, updates = typed("abc")
    kept(document, updates[:2])
    row, state, loose = documents.read(document.pk)
    (later,) = kept(document, updates[2:])
    assert documents.replace(row, documents.made_of(state).get_update(), loose)
    assert list(LiveUpdate.objects.values_list("pk", flat=True)) == [later]
    assert text_of(document) == "abc"


def test_of_two_who_compact_at_once_one_does_it(document):
    _doc, updates = typed("abc")
    kept(document, updates[:2])
    row, state, loose = documents.read(document.pk)
    kept(document, updates[2:])
    assert documents.compact(document.pk)
    assert not documents.replace(row, documents.made_of(state).get_update(), loose)
    assert text_of(document) == "abc"
    assert not documents.compact(document.pk)


def test_what_was_deleted_is_gone_after_compacting(document):
    doc, made = typed(["a secret"])
    doc.observe(lambda event: made.append(event.update))
    del doc.get("text", type=Text)[0:8]
    kept(document, made)
    assert b"secret" in documents.state_of(document)
    documents.compact(document.pk)
    assert b"secret" not in documents.state_of(document)


def test_documents_left_with_loose_updates_are_compacted_when_they_are_quiet(document):
    other = documents.begin("p2", at=NOW)
    kept(document, typed("abc")[1], at=NOW - timedelta(hours=1))
    kept(other, typed("abc")[1], at=NOW)
    assert documents.compact_all(at=NOW) == 1
    assert not document.updates.exists()
    assert other.updates.count() == 3


def test_erased_is_said_and_compacting_leaves_it_alone(document):
    ids = kept(document, typed("abc")[1])
    vault.destroy(["p1"])
    for ask in (documents.state_of, lambda row: documents.updates_of(row.updates.filter(pk__in=ids))):
        with pytest.raises(documents.Gone):
            ask(document)
    assert not documents.compact(document.pk)


def test_a_change_of_a_page_is_one_update_and_is_told(document, django_capture_on_commit_callbacks):
    heard = []
    documents.told.append(lambda *told: heard.append(told))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            with documents.changing(document, at=NOW + timedelta(days=1)) as doc:
                text = doc.get("text", type=Text)
                text += "one"
                text += " two"
            with documents.changing(document, at=NOW):
                pass
    finally:
        documents.told.pop()
    assert text_of(document) == "one two"
    assert heard == [(document.pk, [LiveUpdate.objects.get().pk])]
    assert LiveDocument.objects.get().changed_at == NOW + timedelta(days=1)
