"""What waits about cover: for who was asked to take a lesson, and for the cover desk."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.notices.arms import arm
from sidebyside.people.models import Person
from sidebyside.places.models import Role
from sidebyside.policy import Standing, below


def cover_waiting(me: Standing, *, now: datetime, soon: datetime) -> Iterator[QuerySet]:
    """Lessons she was asked to take and has not answered; for a cover desk, lessons until `soon` for which nobody was
    asked."""
    alive = CoverOffer.objects.filter(no_at=None, withdrawn_at=None, request__cancelled_at=None)
    asked = alive.filter(person=me.person_id, asked_at__isnull=False, yes_at=None, end__gt=now)
    yield arm("cover_question", asked, about="request_id", who="proposed_by", at="begin")
    desks = me.at(Role.Kind.COVER_DESK)
    if desks:
        stands = alive.filter(request=OuterRef("pk")).exclude(asked_at=None)
        needed = CoverRequest.objects.filter(below(desks, "school_id", False), cancelled_at=None)
        needed = needed.filter(~Exists(stands), end__gt=now, begin__lt=soon)
        counted = needed.order_by().values("cancelled_at").annotate(number=Count("pk")).values("number")
        number = Coalesce(Subquery(counted), 0, output_field=IntegerField())
        herself = Person.objects.filter(pk=me.person_id).annotate(open_lessons=number).filter(open_lessons__gt=0)
        yield arm("cover_desk", herself, number=F("open_lessons"))
