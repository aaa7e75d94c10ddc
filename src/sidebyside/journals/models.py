"""Reflections, each with an audience chosen by its author."""

from django.db import models
from django.db.models import Q

from sidebyside.base.models import Removable
from sidebyside.base.vault import SealedTextField
from sidebyside.cycles.models import Cycle
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person


class Entry(Removable):
    """A reflection. Its author's own, until she shares it with her partnership; she may take it back."""

    author = models.ForeignKey(Person, models.PROTECT, related_name="entries")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="entries")
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="entries")
    text = SealedTextField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    shared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "author"], condition=Q(removed_at=None), name="entry_once"),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}/a{self.author_id}"
