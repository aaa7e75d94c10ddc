"""Which database holds what: keys apart from everything else."""

from typing import Any

from django.db.models import Model


class KeysApart:
    """The models of `keys` live in the database "keys" and nothing else does."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return "keys" if model._meta.app_label == "keys" else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return (one._meta.app_label == "keys") == (other._meta.app_label == "keys")

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == "keys") == (app_label == "keys")
