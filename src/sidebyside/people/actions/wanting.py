"""What a person wants to be shown and sent."""

from datetime import datetime

from django.db import transaction

from sidebyside.base.events import record
from sidebyside.people.models import Person


@transaction.atomic
def put_arrival_away(person: Person, *, by: Person, at: datetime) -> None:
    """Put the first steps away from her home page. Away already: nothing happens."""
    if Person.objects.filter(pk=person.pk, arrival_put_away_at=None).update(arrival_put_away_at=at):
        person.arrival_put_away_at = at
        record("person.arrival_put_away", person, by=by, at=at)


@transaction.atomic
def bring_arrival_back(person: Person, *, by: Person, at: datetime) -> None:
    """Show the first steps on her home page again. There already: nothing happens."""
    if Person.objects.filter(pk=person.pk, arrival_put_away_at__isnull=False).update(arrival_put_away_at=None):
        person.arrival_put_away_at = None
        record("person.arrival_brought_back", person, by=by, at=at)


@transaction.atomic
def stop_mails(person: Person, *, by: Person, at: datetime) -> None:
    """Send her no mails any more, but those to sign in. Stopped already: nothing happens."""
    if Person.objects.filter(pk=person.pk, mails_stopped_at=None).update(mails_stopped_at=at):
        person.mails_stopped_at = at
        record("person.mails_stopped", person, by=by, at=at)


@transaction.atomic
def want_mails(person: Person, *, by: Person, at: datetime) -> None:
    """Send her mails again. Not stopped: nothing happens."""
    if Person.objects.filter(pk=person.pk, mails_stopped_at__isnull=False).update(mails_stopped_at=None):
        person.mails_stopped_at = None
        record("person.mails_wanted", person, by=by, at=at)
