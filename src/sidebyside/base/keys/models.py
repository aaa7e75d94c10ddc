"""The key store: its own small database, never the main one, never in its backup."""

from django.db import models


class DataKey(models.Model):
    """The key of one author in one partnership, or of what they wrote together, wrapped by the master key.

    Each text names the key that sealed it by its mark. To delete this row is to erase every text sealed with it;
    the next word of the same scope gets a key with another mark.
    """

    mark = models.CharField(max_length=32, unique=True, help_text="Random, in hexadecimal: it never comes again.")
    scope = models.CharField(max_length=60, db_index=True)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.scope


class KeyStore(models.Model):
    """The one row that says to which installation and to which master key this key store belongs."""

    mark = models.CharField(max_length=32, help_text="Random; the same stands in the main database.")
    proof = models.BinaryField(help_text="The mark, wrapped by the master key: who can unwrap it has the right one.")
    bound_at = models.DateTimeField(null=True, help_text="When the main database was seen to keep the mark.")

    def __str__(self) -> str:
        return f"key store of {self.mark}"
