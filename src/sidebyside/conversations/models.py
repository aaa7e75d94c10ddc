"""Notes that a partnership writes, and a coach's own scratch notes."""

from django.db import models

from sidebyside.base.models import Joint, Removable
from sidebyside.base.vault import SealedTextField
from sidebyside.cycles.models import Cycle
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person


class Note(Joint, Removable):
    """A note of a partnership. Its author's, until another member writes in it: then it is theirs together."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="notes")
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, related_name="notes")
    stage = models.SlugField(max_length=40, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = SealedTextField()
    written_at = models.DateTimeField()
    together_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["partnership", "-written_at"], name="note_latest")]

    def __str__(self) -> str:
        return f"note {self.pk}"

    def vault_scope(self) -> str:
        together = f"p{self.partnership_id}"
        return together if self.together_at else f"{together}/a{self.author_id}"


class ScratchNote(models.Model):
    """A coach's own few words. They go 30 days after their last change, and nobody else ever reads them."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    author = models.ForeignKey(Person, models.CASCADE, related_name="+")
    text = SealedTextField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "author"], name="scratch_note_once")]

    def __str__(self) -> str:
        return f"scratch note {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}/a{self.author_id}"
