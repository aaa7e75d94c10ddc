"""What has to go by and by: where one thing cannot be done, the others are."""

import json
import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sidebyside.calendars.actions.connections import add_calendar
from sidebyside.places.models import Place


def test_what_fails_stops_nothing_else(world, caplog):
    # A zone that this computer does not know: no mail about cover at Linden can say when the lesson is.
    Place.objects.filter(pk=world.linden.pk).update(time_zone="Nowhere/Atall")
    calendar = add_calendar(world.goran, address="http://127.0.0.1/a.ics", by=world.goran, at=timezone.now())
    out = StringIO()
    with caplog.at_level(logging.ERROR), pytest.raises(CommandError, match="cover"):
        call_command("periodic", "--json", stdout=out)
    assert json.loads(out.getvalue())["cover"] == 0
    calendar.refresh_from_db()
    assert calendar.failed_at is not None  # it was tried, and lies inside the network
    assert "Nowhere" not in caplog.text
