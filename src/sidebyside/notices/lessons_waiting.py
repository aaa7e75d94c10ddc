"""What waits about lessons: arms of the one question of `waiting`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from sidebyside.lessons.models import Rating, Remark
from sidebyside.notices.arms import arm
from sidebyside.partnerships.models import Member
from sidebyside.policy import SIGHTS, Standing, of_my_partnerships


def lessons_waiting(me: Standing, *, lately: datetime) -> Iterator[QuerySet]:
    """Questions and suggestions about her lesson that she has not answered, one line for each lesson; answers to what
    she said; and ratings that a partner asked her for."""
    if not me.partnerships:
        return
    going = of_my_partnerships(me, "lesson__begun_at") & Q(partnership__ended_at=None, lesson__removed_at=None)
    said: Any = Remark.objects.filter(SIGHTS[Remark](me, False) & going, removed_at=None)
    lesson = {"about": "lesson_id", "partnership": "partnership_id", "at": "written_at", "who": "author"}
    hers = Remark.objects.filter(answers=OuterRef("pk"), author=me.person_id, removed_at=None)
    open_ones = said.filter(~Exists(hers), answers=None, settled_at=None, accepted_at=None, led_at=None)
    asked = open_ones.filter(lesson__teacher=me.person_id).exclude(author=me.person_id).exclude(kind="remark")
    yield arm("lesson_question", _latest(asked), **lesson)
    answered = said.filter(answers__author=me.person_id, answers__settled_at=None, answers__removed_at=None)
    answered = answered.filter(written_at__gte=lately)
    last_word = Remark.objects.filter(
        answers=OuterRef("answers"), author=me.person_id, pk__gt=OuterRef("pk"), removed_at=None
    )
    answered = answered.exclude(author=me.person_id).filter(~Exists(last_word))
    yield arm("lesson_answer", _latest(answered), **lesson)
    mine = Rating.objects.filter(version=OuterRef("version"), material=OuterRef("material"), by=me.person_id)
    wanted = Rating.objects.filter(going, ~Exists(mine), asked_at__gte=lately, by=F("lesson__teacher"))
    # (after its teacher has left nobody rates her lesson any more)
    here = Member.objects.filter(partnership=OuterRef("partnership"), person=OuterRef("by"), left_at=None)
    wanted = wanted.filter(Exists(here)).exclude(by=me.person_id)
    newer = wanted.filter(lesson=OuterRef("lesson"), pk__gt=OuterRef("pk"))
    yield arm(
        "rating_asked", wanted.filter(~Exists(newer)), about="lesson_id", partnership="partnership_id", who="by",
        at="asked_at",
    )  # fmt: skip


def _latest(remarks: QuerySet) -> QuerySet:
    """Of each lesson the latest of these."""
    return remarks.filter(~Exists(remarks.filter(lesson=OuterRef("lesson"), pk__gt=OuterRef("pk"))))
