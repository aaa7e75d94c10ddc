"""The test world at the cost of a few inserts: it is made through the verbs once, and put back as rows."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from sidebyside.base.master_key import forget_master_key, master_key
from sidebyside.demo.world import World, make


@dataclass
class Copies:
    """The world, and the rows of it by model."""

    world: World
    rows: list[tuple[type[models.Model], list[models.Model]]]

    @classmethod
    def made(cls) -> "Copies":
        """Make the world, take down its rows, and undo all of it."""
        forget_master_key()  # a test may have begun a key store, and undone it
        with transaction.atomic("default"), transaction.atomic("keys"):
            world = make(at=timezone.now())
            copies = cls.of(world)
            transaction.set_rollback(True, "default")
            transaction.set_rollback(True, "keys")
        return copies

    @classmethod
    def of(cls, world: World) -> "Copies":
        """Take down the rows that there are."""
        every = apps.get_models(include_auto_created=True)  # who teaches a lesson stands in a table of its own
        ours = [model for model in every if model.__module__.startswith("sidebyside.")]
        rows = [(model, list(model._default_manager.order_by("pk"))) for model in ours]
        return cls(world, [(model, found) for model, found in rows if found])

    def put_back(self) -> None:
        """Put the rows into the databases. Foreign keys are looked at when the transaction ends."""
        with transaction.atomic("default"), transaction.atomic("keys"):
            for model, found in self.rows:
                model._default_manager.bulk_create(found)
        master_key()  # looked for once a process: not within what a test counts
