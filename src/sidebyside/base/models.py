"""What many domains need and no word of the programme names."""

from django.db import models


class Event(models.Model):
    """What happened: append-only, who, what, when. It holds kinds and ids, never text."""

    kind = models.CharField(max_length=60)
    by = models.BigIntegerField(null=True, help_text="The person's id; none where nobody may be named.")
    about = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    partnership_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    particulars = models.JSONField(default=dict, help_text="Ids and codes only.")

    class Meta:
        indexes = [
            models.Index(fields=["about", "about_id", "at"], name="event_about"),
            models.Index(fields=["partnership_id", "at"], name="event_partnership"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about} {self.about_id}"


class Release(models.Model):
    """The act of showing one record to a named person. A table of its own stands beside each kind of record."""

    to = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_in_force(self) -> bool:
        return self.withdrawn_at is None


class Joint(models.Model):
    """A text that members of a partnership may all change: it has a version, so that nobody overwrites unseen."""

    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Removable(models.Model):
    """What is removed lies 30 days in the bin of its owners: its author, or all members where it is theirs together."""

    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True


class SentForm(models.Model):
    """A form that was sent, by the mark it carried: sent twice, it acts once. The rows go after a day."""

    mark = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    led_to = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"sent form {self.pk}"


class Installation(models.Model):
    """The one row with the mark of this installation. The key store has the same: who lost the one that belongs to
    the other is told so, before anything is written under new keys."""

    mark = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"installation {self.mark}"
