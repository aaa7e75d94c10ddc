"""Whoever leaves keeps, to read and to take along, what was written while she was there; and nothing later."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from sidebyside import policy
from sidebyside.base import bin
from sidebyside.base.refusals import Refused
from sidebyside.conversations import actions as conversations
from sidebyside.conversations.models import Note
from sidebyside.cycles import actions as cycles
from sidebyside.cycles.models import Contact, Goal, Sheet
from sidebyside.journals import actions as journals
from sidebyside.journals.models import Entry
from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Agreement, Member, Partnership
from sidebyside.people.models import Person
from tests.pairs import NOW, Pair, pair

pytestmark = pytest.mark.django_db
THEN, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


@pytest.fixture
def ours() -> Pair:
    """Ana and Ben have written one of everything; both are to be read under a mark."""
    made = pair()
    by, cycle = {"by": made.coach, "at": NOW}, made.cycle
    cycles.add_goal(cycle, text="MARK goal", evidence="", by_date=None, place_goal=None, **by)
    cycles.write_sheet(cycle, kind="focus", text="MARK focus", version=0, **by)
    cycles.write_sheet(cycle, kind="needs", text="MARK needs", version=0, **by)
    cycles.log_contact(made.partnership, kinds=["training"], minutes=5, began_at=NOW, **by)
    texts = {"norms": "MARK norms", "habits": "", "roles": "", "confidence": "MARK c"}
    actions.write_agreement(made.partnership, **texts, **by)
    journals.share(journals.write_entry(cycle, text="MARK entry", version=0, **by), **by)
    conversations.write_note(made.partnership, text="MARK hers", cycle=cycle, by=made.partner, at=NOW)
    return made


def fresh(person: Person) -> Person:
    """The same person at her next request."""
    return Person.objects.get(pk=person.pk)


def taken(person: Person) -> str:
    """Her own work as she takes it along."""
    client = Client()
    client.force_login(person)
    file = zipfile.ZipFile(io.BytesIO(client.get(reverse("my_work_file")).content))
    return json.dumps(json.loads(file.read("my-work.json")), ensure_ascii=False)


def leave(ours: Pair) -> None:
    actions.leave(ours.partnership, by=ours.partner, at=THEN)


def test_who_left_takes_along_what_was_there(ours: Pair) -> None:
    leave(ours)
    work = taken(ours.partner)
    for words in ("MARK goal", "MARK focus", "MARK needs", "MARK norms", "MARK hers", "Ana Quay"):
        assert words in work, words
    assert "MARK entry" not in work  # what Ana wrote for her to read stays with Ana
    me = fresh(ours.partner)
    for model in (Agreement, Contact, Entry, Goal, Note):
        assert policy.seen(me, model).count() == 1, model
    assert policy.seen(me, Sheet).count() == 2


def test_what_is_changed_or_written_later_is_not_hers(ours: Pair) -> None:
    leave(ours)
    by, cycle = {"by": ours.coach, "at": LATER}, ours.cycle
    focus = Sheet.objects.get(kind="focus")
    cycles.write_sheet(cycle, kind="focus", text="LATER focus", version=focus.version, **by)
    cycles.write_sheet(cycle, kind="next_step", text="LATER step", version=0, **by)
    conversations.write_note(ours.partnership, text="LATER note", cycle=cycle, **by)
    goal = Goal.objects.get()
    values = {"text": "LATER goal", "evidence": "", "by_date": None, "place_goal": None}
    cycles.change_goal(goal, **values, version=goal.version, **by)
    cycles.correct(Contact.objects.get(), kinds=["errand"], minutes=9, began_at=NOW, **by)
    entry = Entry.objects.get()
    journals.write_entry(cycle, text="LATER entry", version=entry.version, **by)
    work = taken(ours.partner)
    assert "LATER" not in work
    assert "MARK needs" in work
    assert "MARK hers" in work
    me = fresh(ours.partner)
    for model in (Contact, Entry, Goal):
        assert not policy.seen(me, model).exists(), model
    assert list(policy.seen(me, Note).values_list("author", flat=True)) == [me.pk]


def test_what_the_others_remove_later_is_gone_for_her_too_and_in_no_bin_of_hers(ours: Pair) -> None:
    leave(ours)
    bin.remove(Goal.objects.get(), by=ours.coach, at=LATER)
    assert not policy.seen(fresh(ours.partner), Goal).exists()


def test_she_reads_and_does_nothing(ours: Pair) -> None:
    leave(ours)
    me = fresh(ours.partner)
    with pytest.raises(Http404):
        policy.find(me, Partnership, ours.partnership.pk)
    for name, model in (("change goal", Goal), ("change contact", Contact), ("change sheet", Sheet)):
        with pytest.raises(PermissionDenied):
            policy.ask(me, name, model, model.objects.first().pk)


def test_one_changed_letter_does_not_take_her_note(ours: Pair) -> None:
    note = Note.objects.get()
    leave(ours)
    with pytest.raises(Refused, match="Write a new note"):
        conversations.change_note(note, text="MARK hers.", version=note.version, by=ours.coach, at=LATER)
    assert "MARK hers" in taken(ours.partner)
    with pytest.raises(PermissionDenied):
        policy.ask(fresh(ours.coach), "change note", Note, note.pk)


def test_who_joined_later_and_left_sees_her_own_time_alone(ours: Pair) -> None:
    joined = NOW + timedelta(minutes=30)
    Member.objects.create(
        partnership=ours.partnership, person=ours.outsider, part="partner", joined_at=joined, sees_from=joined
    )
    conversations.write_note(ours.partnership, text="MIDDLE", by=ours.coach, at=joined + timedelta(minutes=1))
    actions.leave(ours.partnership, by=ours.outsider, at=THEN)
    me = fresh(ours.outsider)
    assert policy.seen(me, Note).count() == 1
    assert not policy.seen(me, Goal).exists()
    assert "MARK" not in taken(ours.outsider).replace("MARK norms", "").replace("MARK c", "")


def test_outsiders_see_nothing_of_it(ours: Pair) -> None:
    leave(ours)
    for model in (Agreement, Contact, Entry, Goal, Note, Sheet):
        assert not policy.seen(fresh(ours.outsider), model).exists(), model


def test_in_the_test_world_noor_keeps_her_own(world) -> None:
    cycles.begin(world.ana_and_noor, template=world.ana_and_ben_cycle.template, by=world.ana, at=world.at)
    member = world.ana_and_noor.members.get(person=world.noor)
    partner = actions.propose(
        by=world.ana, form="team", seats=[(world.lena, "partner")], at=world.at, joining=world.ana_and_noor
    )
    for person in (world.lena, world.noor):
        actions.accept(partner, by=person, at=world.at)
    actions.go_on_without(world.ana_and_noor, member=member, by=world.ana, at=world.at + timedelta(hours=1))
    assert "We begin with the Year 9 probability unit." in taken(fresh(world.noor))
    assert "We may be slow." in taken(fresh(world.noor))


def test_standing_still_costs_one_query(ours: Pair, django_assert_num_queries) -> None:
    leave(ours)
    policy.standing(ours.partner)
    with django_assert_num_queries(1):
        standing = policy.standing(ours.partner)
    assert [pk for pk, _since, _until in standing.left] == [ours.partnership.pk]
    assert not standing.partnerships
