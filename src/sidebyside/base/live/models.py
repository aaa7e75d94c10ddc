"""Texts that several people write at the same time."""

from django.db import models

from sidebyside.base.vault import SealedBytesField


class LiveDocument(models.Model):
    """A text that several people write at the same time (a Yjs document). Which record it belongs to, that record says.

    Its state is the snapshot and all updates since; an update is written before anybody else is sent it.
    """

    # Whose key seals it (base/vault.py).
    scope = models.CharField(max_length=40)
    snapshot = SealedBytesField(null=True)
    # Counts snapshots: of two who compact at once, one wins.
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"live document {self.pk}"

    def vault_scope(self) -> str:
        return self.scope


class LiveUpdate(models.Model):
    """What somebody changed in a live document, until it is part of the snapshot."""

    document = models.ForeignKey(LiveDocument, models.CASCADE, related_name="updates")
    scope = models.CharField(max_length=40)
    content = SealedBytesField()

    def __str__(self) -> str:
        return f"update {self.pk} of live document {self.document_id}"

    def vault_scope(self) -> str:
        return self.scope
