"""The test world at the cost of a few inserts: it is made through the verbs once, and put back as rows."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.utils import timezone

from sidebyside.base.master_key import forget_master_key, master_key
from sidebyside.demo.world import World, make


@dataclass
class Copies:
    """The world, and the rows of it by model."""

    world: World
    rows: list[tuple[type[models.Model], list[models.Model]]]
    # What puts them back, as (database, SQL, values): to build it anew each time would take longer than to run it.
    inserts: list[tuple[str, str, Any]] = field(default_factory=list)

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
            if self.inserts:
                for alias, sql, values in self.inserts:
                    with connections[alias].cursor() as cursor:
                        cursor.execute(sql, values)
            else:
                self._put_back_and_note()
        master_key()  # looked for once a process: not within what a test counts

    def _put_back_and_note(self) -> None:
        with ExitStack() as noting:
            for alias in ("default", "keys"):
                noting.enter_context(connections[alias].execute_wrapper(self._note))
            for model, found in self.rows:
                model._default_manager.bulk_create(found)

    def _note(self, execute: Any, sql: str, values: Any, many: bool, context: dict[str, Any]) -> Any:
        self.inserts.append((context["connection"].alias, sql, values))
        return execute(sql, values, many, context)
