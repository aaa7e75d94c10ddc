"""Visits: a booked observation with its talks and its cover; plans of a term; who may see when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sidebyside.base.models import Release
from sidebyside.base.vault import SealedTextField
from sidebyside.calendars.models import Appointment, Term, TimetableLesson
from sidebyside.cover.models import CoverRequest
from sidebyside.cycles.models import Cycle
from sidebyside.lessons.models import LessonVersion
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person
from sidebyside.places.models import Place


class Visit(models.Model):
    """Somebody sees a lesson of her partner, because the partner asked her to."""

    class Way(models.TextChoices):
        IN_PERSON = "in_person", _("In the classroom")
        VIDEO = "video", _("By video instead")

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="visits")
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, related_name="visits")
    observed = models.ForeignKey(Person, models.PROTECT, related_name="+")
    observer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    way = models.CharField(max_length=9, choices=Way, default=Way.IN_PERSON)
    lesson = models.ForeignKey(TimetableLesson, models.SET_NULL, null=True, related_name="+")
    # What is taught in it: a version of a lesson that they improve together.
    version = models.ForeignKey(LessonVersion, models.SET_NULL, null=True, related_name="visits")
    # What the timetable said that day. The visited lesson is known to the partnership alone.
    begin = models.DateTimeField()
    end = models.DateTimeField()
    period = models.CharField(max_length=150, blank=True)
    subject = models.CharField(max_length=150, blank=True)
    classes = models.JSONField(default=list)
    rooms = models.JSONField(default=list)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    # Somebody cannot come, or a part lost its time: the partnership chooses another.
    unsettled_at = models.DateTimeField(null=True)
    # Who cannot come; nobody where the timetable changed.
    unsettled_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["partnership", "begin"], name="visit_of")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("begin")), name="visit_ends_after_it_began"),
            models.CheckConstraint(condition=~Q(observed=F("observer")), name="visit_of_another"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.cancelled_at is None and self.held_at is None


class Meeting(models.Model):
    """An appointment of a partnership: a part of a visit, or a meeting of its own."""

    appointment = models.OneToOneField(Appointment, models.CASCADE, related_name="meeting")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="meetings")
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, related_name="meetings")
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, related_name="meetings")

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class VisitCover(models.Model):
    """A lesson of the observer that is covered for a visit, or what she does instead of asking for cover."""

    class Answer(models.TextChoices):
        REQUEST = "request", _("Ask the cover desk")
        SWAP = "swap", _("We swap between ourselves")
        TOGETHER = "together", _("My co-teacher stays with the class")
        OWN_TIME = "own_time", _("I arrange it in my own time")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="covers")
    lesson = models.ForeignKey(TimetableLesson, models.SET_NULL, null=True, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer)
    request = models.OneToOneField(CoverRequest, models.SET_NULL, null=True, related_name="visit_cover")
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"cover of visit {self.visit_id}"


class TermPlan(models.Model):
    """A proposal for a term: visits and talks for some partnerships of a school. Each takes its part of it or not."""

    school = models.ForeignKey(Place, models.CASCADE, related_name="term_plans")
    # Set where one partnership plans for itself.
    partnership = models.ForeignKey(Partnership, models.CASCADE, null=True, related_name="term_plans")
    term = models.ForeignKey(Term, models.SET_NULL, null=True, related_name="+")
    begin = models.DateField()
    end = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # Counts only: partnerships, visits, covers, whether it was proved best, the gap. Never who.
    numbers = models.JSONField(default=dict)
    put_away_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"term plan {self.pk}"


class PlannedVisit(models.Model):
    """One visit of a plan with its talks: a proposal to its partnership, until it is taken or passed over."""

    plan = models.ForeignKey(TermPlan, models.CASCADE, related_name="visits")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="planned_visits")
    observed = models.ForeignKey(Person, models.CASCADE, related_name="+")
    observer = models.ForeignKey(Person, models.CASCADE, related_name="+")
    lesson = models.ForeignKey(TimetableLesson, models.CASCADE, related_name="+")
    begin = models.DateTimeField()
    end = models.DateTimeField()
    talk_before = models.DateTimeField(null=True)
    talk_after = models.DateTimeField(null=True)
    talk_minutes = models.PositiveSmallIntegerField(default=20)
    minutes_to_cover = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    visit = models.OneToOneField(Visit, models.SET_NULL, null=True, related_name="planned")
    passed_over_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["partnership", "begin"], name="planned_visit_of")]

    def __str__(self) -> str:
        return f"planned visit {self.pk}"


class CalendarRelease(Release):
    """A partnership shows one leader when it meets. It holds once every member has agreed."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="calendar_releases")
    in_force_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "to"], condition=Q(withdrawn_at=None), name="calendar_release_once"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.partnership_id}"


class CalendarConsent(models.Model):
    """A member agrees that this leader sees when they meet."""

    release = models.ForeignKey(CalendarRelease, models.CASCADE, related_name="consents")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "person"], name="calendar_consent_once")]

    def __str__(self) -> str:
        return f"{self.person_id} agrees to {self.release_id}"


class CalendarRemark(models.Model):
    """What a leader asks or offers on a calendar she was shown."""

    class Kind(models.TextChoices):
        ASK = "ask", _("I ask")
        OFFER = "offer", _("I offer")

    release = models.ForeignKey(CalendarRelease, models.CASCADE, related_name="remarks")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    text = SealedTextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"remark {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}/a{self.by_id}"
