"""Files that people bring along."""

from django.db import models

from sidebyside.base.vault import SealedTextField


class StoredFile(models.Model):
    """A file as it lies in the files folder: sealed, under a name that says nothing. The record that shows it says
    who may see it."""

    mark = models.CharField(max_length=32, unique=True, help_text="Its name on the disk.")
    scope = models.CharField(max_length=40)
    name = SealedTextField()
    kind = models.CharField(max_length=100, help_text="Its media type, found by looking at what it holds.")
    size = models.PositiveIntegerField(help_text="Bytes, before it is sealed.")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True, help_text="The person's id.")

    def __str__(self) -> str:
        return f"stored file {self.pk}"

    def vault_scope(self) -> str:
        return self.scope

    @property
    def is_picture(self) -> bool:
        return self.kind.startswith("image/")
