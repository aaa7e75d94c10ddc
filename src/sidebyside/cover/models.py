"""Cover: who is away, which lessons need somebody, who takes them, and how it adds up."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sidebyside.base.vault import SealedTextField
from sidebyside.calendars.models import TimetableLesson
from sidebyside.people.models import Person
from sidebyside.places.models import Place


class CoverRules(models.Model):
    """How a school arranges cover: limits for each person, and over which time covers are counted."""

    class Window(models.TextChoices):
        WEEK = "week", _("this week")
        FOUR_WEEKS = "four_weeks", _("the last four weeks")
        TERM = "term", _("this term")
        YEAR = "year", _("the last twelve months")

    school = models.OneToOneField(Place, models.CASCADE, related_name="cover_rules")
    most_a_day = models.PositiveSmallIntegerField(null=True)
    most_a_week = models.PositiveSmallIntegerField(null=True)
    most_a_term = models.PositiveSmallIntegerField(null=True)
    window = models.CharField(max_length=10, choices=Window, default=Window.TERM)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"cover rules of {self.school_id}"


class CoverLimit(models.Model):
    """Other limits for one person than her school's: part time, an agreement, a full load."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="cover_limits")
    school = models.ForeignKey(Place, models.CASCADE, related_name="+")
    most_a_day = models.PositiveSmallIntegerField(null=True)
    most_a_week = models.PositiveSmallIntegerField(null=True)
    most_a_term = models.PositiveSmallIntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "school"], name="cover_limit_once")]

    def __str__(self) -> str:
        return f"cover limit of {self.person_id}"


class Away(models.Model):
    """Somebody is away from school for a while. Why is nobody's business and has no field."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="away")
    school = models.ForeignKey(Place, models.CASCADE, related_name="+")
    begin = models.DateTimeField()
    end = models.DateTimeField()
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # She comes after all.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["school", "begin"], name="away_at"),
            models.Index(fields=["person", "begin"], name="away_of"),
        ]
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("begin")), name="away_ends_after_it_began")]

    def __str__(self) -> str:
        return f"{self.person_id} is away"


class CoverRequest(models.Model):
    """A lesson that somebody else has to take. Time, room and class of this lesson, and never what she does meanwhile.

    What the timetable said is copied, so that history keeps the room of its day.
    """

    school = models.ForeignKey(Place, models.PROTECT, related_name="cover_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="cover_requests")
    lesson = models.ForeignKey(TimetableLesson, models.SET_NULL, null=True, related_name="+")
    on = models.DateField()
    begin = models.DateTimeField()
    end = models.DateTimeField()
    period = models.CharField(max_length=150, blank=True)
    subject = models.CharField(max_length=150, blank=True)
    classes = models.JSONField(default=list)
    rooms = models.JSONField(default=list)
    # What the colleague needs to know: what the class does meanwhile, where the things lie.
    notes = SealedTextField(null=True)
    # Set where somebody is away; else it was asked for, for professional learning.
    away = models.ForeignKey(Away, models.CASCADE, null=True, related_name="requests")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # Why the last proposal found nobody (cover.assignment.Reason); empty where somebody was found or none was made.
    open_because = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "on"], name="cover_request_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "begin"], condition=Q(cancelled_at=None), name="cover_request_once"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("begin")), name="cover_request_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"cover request {self.pk}"

    def vault_scope(self) -> str:
        return f"a{self.person_id}"


class SubstituteDay(models.Model):
    """Somebody from outside who takes lessons on one day, one after the other."""

    school = models.ForeignKey(Place, models.CASCADE, related_name="substitute_days")
    name = models.CharField(max_length=150)
    on = models.DateField()
    begin = models.DateTimeField()
    end = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "on"], name="substitute_day_of")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("begin")), name="substitute_day_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return f"substitute day {self.pk}"


class CoverOffer(models.Model):
    """One way to cover a request: proposed, asked for, accepted, declined or withdrawn. One at a time is alive."""

    class Kind(models.TextChoices):
        COLLEAGUE = "colleague", _("A colleague who is free")
        SWAP = "swap", _("A swap between the two")
        ADMINISTRATOR = "administrator", _("A school leader takes the class")
        SUBSTITUTE = "substitute", _("A substitute")
        TOGETHER = "together", _("A co-teacher or two classes together")

    request = models.ForeignKey(CoverRequest, models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=13, choices=Kind)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="cover_offers")
    substitute = models.ForeignKey(SubstituteDay, models.CASCADE, null=True, related_name="offers")
    # The times of the request, here too: whether somebody is free is asked of this table alone.
    on = models.DateField()
    begin = models.DateTimeField()
    end = models.DateTimeField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # The desk keeps it so when it is planned anew.
    locked_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    yes_at = models.DateTimeField(null=True)
    no_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    thanked_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="The mail that asks has gone.")
    told_withdrawn_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    told_taken_at = models.DateTimeField(null=True, help_text="Whose lesson it is was told who takes it.")

    class Meta:
        indexes = [models.Index(fields=["person", "on"], name="cover_offer_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(no_at=None, withdrawn_at=None), name="cover_offer_one_alive"
            ),
            models.UniqueConstraint(
                fields=["person", "begin"],
                condition=Q(no_at=None, withdrawn_at=None, person__isnull=False),
                name="cover_offer_not_twice_at_once",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(substitute__isnull=False), name="cover_offer_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"cover offer {self.pk}"

    @property
    def is_alive(self) -> bool:
        return self.no_at is None and self.withdrawn_at is None
