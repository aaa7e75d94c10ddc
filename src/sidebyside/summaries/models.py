"""What a partnership releases about its work, and to whom."""

from django.db import models
from django.db.models import Q

from sidebyside.base.models import Joint, Release
from sidebyside.base.vault import SealedTextField
from sidebyside.cycles.models import Cycle
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person


class Summary(Joint):
    """The summary form of a cycle: it fills itself from the work, the partnership edits it.

    `body` is a JSON object of the form's fields, sealed as one text.
    """

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="summaries")
    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="summary")
    body = SealedTextField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"summary {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}"


class Plan(Joint):
    """The plan of a cycle as a partnership shows it, with at most one line that asks for something.

    `body` is a JSON object (goals, steps, dates) as it stood when it was made; the leader answers, never approves.
    """

    class Ask(models.TextChoices):
        NOTHING = ""
        TIME = "time"
        ROOM = "room"
        DEVICE = "device"
        TRAINING = "training"

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="plans")
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="plans")
    body = SealedTextField()
    ask = models.CharField(max_length=10, choices=Ask, blank=True)
    line = SealedTextField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"plan {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}"


class Consent(models.Model):
    """A member agrees that this version of a summary or plan may be released. All must, before it can be."""

    summary = models.ForeignKey(Summary, models.CASCADE, null=True, related_name="consents")
    plan = models.ForeignKey(Plan, models.CASCADE, null=True, related_name="consents")
    version = models.PositiveIntegerField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(summary=None, plan__isnull=False) | Q(plan=None, summary__isnull=False),
                name="consent_to_one_thing",
            ),
            models.UniqueConstraint(fields=["summary", "version", "person"], name="summary_consent_once"),
            models.UniqueConstraint(fields=["plan", "version", "person"], name="plan_consent_once"),
        ]

    def __str__(self) -> str:
        return f"consent of {self.person_id}"


class SummaryRelease(Release):
    summary = models.ForeignKey(Summary, models.CASCADE, related_name="releases")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["summary", "to"], condition=Q(withdrawn_at=None), name="summary_release_once"
            ),
        ]

    def __str__(self) -> str:
        return f"summary {self.summary_id} to {self.to_id}"


class PlanRelease(Release):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="releases")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "to"], condition=Q(withdrawn_at=None), name="plan_release_once"),
        ]

    def __str__(self) -> str:
        return f"plan {self.plan_id} to {self.to_id}"


class Answer(models.Model):
    """What a leader answers to a plan that was released to her. An answer is no approval."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="answers")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = SealedTextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answer {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}/a{self.by_id}"
