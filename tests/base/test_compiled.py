"""Questions that are built once answer as those that are built each time."""

from datetime import timedelta

import pytest
from django.db.models import Count

from sidebyside import policy
from sidebyside.base.compiled import Marks, compiled, filled, room
from sidebyside.conversations.models import Note
from sidebyside.cycles.models import Contact, Cycle
from sidebyside.partnerships.models import Member, Partnership
from sidebyside.people.models import Person


def hers(rows, marks):
    return rows.filter(partnership=marks.number("partnership")).order_by("pk")


def test_records_are_those_of_the_queryset_with_what_was_selected_beside_them(world, django_assert_num_queries):
    marks = Marks()
    members = Member.objects.filter(partnership=marks.number("pair")).select_related("person", "school").order_by("pk")
    question = compiled(members, marks)
    expected = list(Member.objects.filter(partnership=world.ana_and_ben).order_by("pk"))
    with django_assert_num_queries(1):
        found = question.records({"pair": world.ana_and_ben.pk})
        assert [(each.person.name, each.school.name) for each in found] == [
            ("Ana Sousa", "Linden School"),
            ("Ben Okafor", "Linden School"),
        ]
    assert found == expected
    assert found[0].joined_at == expected[0].joined_at


def test_values_are_converted_as_the_queryset_would(world):
    marks = Marks()
    contacts = Contact.objects.filter(began_at__gte=marks.moment("since")).order_by("pk")
    question = compiled(contacts.values_list("began_at", "kinds", "minutes"), marks)
    since = world.at - timedelta(days=21)
    expected = Contact.objects.filter(began_at__gte=since).order_by("pk").values_list("began_at", "kinds", "minutes")
    assert question.rows({"since": since}) == list(expected) != []


def test_annotations_come_along(world):
    marks = Marks()
    pairs = Partnership.objects.filter(pk=marks.number("pk")).annotate(number=Count("members"))
    [found] = compiled(pairs, marks).records({"pk": world.ana_and_ben.pk})
    assert found.number == 2


def test_a_question_nobody_can_answer_has_no_rows(world):
    assert compiled(Person.objects.none(), Marks()).records({}) == []


def test_a_missing_value_is_a_fault(world):
    marks = Marks()
    question = compiled(Person.objects.filter(pk=marks.number("pk")), marks)
    with pytest.raises(KeyError):
        question.records({})


@pytest.mark.parametrize(("count", "wanted"), [(0, 0), (1, 1), (2, 2), (3, 4), (5, 8), (9, 16)])
def test_few_questions_are_built_for_many_numbers_of_values(count, wanted):
    assert room(count) == wanted
    assert len(filled("place", list(range(count)))) == wanted


@pytest.mark.parametrize("model", sorted(policy.OF_MEMBERS, key=lambda model: model.__name__))
def test_what_is_seen_often_is_what_is_seen(world, model):
    """For everybody, of every kind that belongs to partnerships: neither more nor less."""

    def all_of_them(rows, marks):
        return rows.order_by("pk")

    for person in world.people.values():
        assert policy.seen_often(person, model, all_of_them) == list(policy.seen(person, model).order_by("pk"))


def test_who_joined_later_sees_often_what_she_sees(world):
    Member.objects.create(
        partnership=world.ana_and_ben,
        person=world.lena,
        part="partner",
        joined_at=world.at,
        sees_from=world.at - timedelta(days=6, hours=1),
    )
    found = policy.seen_often(world.lena, Note, hers, partnership=world.ana_and_ben.pk)
    assert found == list(policy.seen(world.lena, Note).filter(partnership=world.ana_and_ben).order_by("pk"))
    assert 0 < len(found) < Note.objects.filter(partnership=world.ana_and_ben).count() + 1


def test_what_depends_on_more_than_partnerships_is_not_seen_often(world):
    with pytest.raises(TypeError, match="depends on more"):
        policy.seen_often(world.ana, Person, hers)


@pytest.mark.parametrize("model", [Partnership, Cycle])
def test_find_agrees_with_sees_for_everybody_and_every_record(world, model):
    for person in world.people.values():
        for record in model.objects.all():
            try:
                found = policy.find(person, model, record.pk)
            except policy.Http404:
                found = None
            assert (found == record) is policy.sees(person, record)
