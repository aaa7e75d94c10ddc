"""Linden's term, proposed."""

from datetime import timedelta

import pytest

from sidebyside.visits.actions import planning
from sidebyside.visits.models import PlannedVisit, TermPlan, Visit

WEEK = timedelta(days=7)


@pytest.fixture
def days(world):
    """From today on for twelve weeks."""
    return {"begin": world.at.date(), "end": world.at.date() + 12 * WEEK}


@pytest.fixture
def proposed(world, days):
    """Nothing of Ana and Ben is booked; two visits are proposed to them and one to Ana and Chen."""
    Visit.objects.all().delete()
    TermPlan.objects.all().delete()
    planning.plan_term(world.linden, **days, by=world.emre, at=world.at)
    return list(PlannedVisit.objects.filter(partnership=world.ana_and_ben).order_by("begin"))
