"""What is agreed is what is released, also when two act in the same moment."""

import threading

import pytest
from django.db import connections, transaction

from sidebyside.base.refusals import Refused
from sidebyside.summaries import actions
from sidebyside.summaries.models import Summary, SummaryRelease

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_change_waits_for_the_release_that_is_under_way(world):
    summary = Summary.objects.get(partnership=world.ana_and_chen)
    actions.agree(summary, version=1, by=world.ana, at=world.at)
    released, said = threading.Event(), []

    def change():
        released.wait(10)
        try:
            fields = {"focus": "Nobody agreed to this"}
            actions.change(Summary.objects.get(pk=summary.pk), fields=fields, version=1, by=world.chen, at=world.at)
            said.append("changed")
        except Refused as refused:
            said.append(refused.sentence)
        finally:
            connections.close_all()

    changing = threading.Thread(target=change)
    changing.start()
    with transaction.atomic():
        actions.release(summary, to=world.dara, by=world.ana, at=world.at)
        released.set()
        changing.join(0.5)
        assert said == []
    changing.join(10)
    assert said == ["Others can read this now. Take it back first; then you can change it."]
    assert Summary.objects.get(pk=summary.pk).version == 1
    assert SummaryRelease.objects.filter(summary=summary).count() == 1
