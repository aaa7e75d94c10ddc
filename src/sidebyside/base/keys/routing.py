"""Which database holds what: keys apart from everything else."""


class KeysApart:
    """The models of `keys` live in the database "keys" and nothing else does."""

    def db_for_read(self, model, **hints):
        return "keys" if model._meta.app_label == "keys" else "default"

    db_for_write = db_for_read

    def allow_relation(self, one, other, **hints):
        return (one._meta.app_label == "keys") == (other._meta.app_label == "keys")

    def allow_migrate(self, db, app_label, **hints):
        return (db == "keys") == (app_label == "keys")
