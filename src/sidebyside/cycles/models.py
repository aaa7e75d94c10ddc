"""One round of work of a partnership: its stages, texts, goals, plan and contacts."""

from django.db import models
from django.db.models import Q

from sidebyside.base.models import Joint, Removable
from sidebyside.base.vault import SealedTextField
from sidebyside.materials.models import MaterialVersion, PlaceGoal
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person


class Cycle(models.Model):
    """A round along the stages of the template version it began with."""

    class Ending(models.TextChoices):
        COMPLETED = "completed"
        STOPPED = "stopped"

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="cycles")
    number = models.PositiveIntegerField()
    template = models.ForeignKey(MaterialVersion, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    stage = models.SlugField(max_length=40)
    stage_since = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    paused_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    ending = models.CharField(max_length=10, choices=Ending, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="cycle_once"),
            models.UniqueConstraint(fields=["partnership"], condition=Q(ended_at=None), name="one_cycle_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"cycle {self.number} of {self.partnership_id}"

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and self.paused_at is None


class Sheet(Joint):
    """A text of a cycle that all its members write: needs, focus, next step."""

    class Kind(models.TextChoices):
        NEEDS = "needs"
        FOCUS = "focus"
        NEXT_STEP = "next_step"

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="sheets")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    text = SealedTextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "kind"], name="sheet_once")]

    def __str__(self) -> str:
        return f"{self.kind} of cycle {self.cycle_id}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}"


class Goal(Joint, Removable):
    """What the partner wants for her students, how she would know, and by when."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="goals")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    text = SealedTextField()
    evidence = SealedTextField()
    by_date = models.DateField(null=True)
    place_goal = models.ForeignKey(PlaceGoal, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)
    reached_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"goal {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}"


class Step(Joint, Removable):
    """One line of the action plan: what, who, by when."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="steps")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    text = SealedTextField()
    who = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    by_date = models.DateField(null=True)
    written_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"step {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}"


class Contact(Removable):
    """One line in the log of a partnership: when, how long, what kinds of help. No text."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="contacts")
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, related_name="contacts")
    stage = models.SlugField(max_length=40, blank=True)
    began_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    kinds = models.JSONField(help_text="Codes of kinds of help, sorted.")
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(null=True)
    corrected_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # Two entries for the same half hour are offered as one; this one was found to be another talk.
    kept_apart_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["partnership", "-began_at"], name="contact_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=600), name="contact_minutes"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"

    @property
    def is_coaching(self) -> bool:
        return self.kinds != ["errand"]
