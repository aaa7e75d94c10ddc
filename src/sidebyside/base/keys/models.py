"""The key store: its own small database, never the main one, never in its backup."""

from django.db import models


class DataKey(models.Model):
    """The key of one author in one partnership, or of what they wrote together, wrapped by the master key.

    To delete this row is to erase every text sealed with it.
    """

    scope = models.CharField(max_length=60, unique=True)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.scope
