"""The policy, drawn: every person of the test world against every kind of record and every deed."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

from sidebyside import policy
from sidebyside.demo.world import World

HEAD = """\
# Who sees what, and who may do what, in the test world (demo/world.py). Written by tests/test_policy_matrix.py;
# read every change of it like code. A kind of record, then each person with what she sees: "all", "none", or
# the records by the partnership, person or place they belong to. People who see the same share a line.
# A deed shows the records to which she may do it.
"""


def draw(world: World) -> str:
    """The whole matrix as text, the same for the same world and policy."""
    names = _names(world)
    lines = [HEAD]
    for model in policy.SIGHTS:
        label = _labels(model, names)
        lines += _block(f"see {model.__name__}", world, label, lambda person, of=model: policy.seen(person, of))
    for deed, (model, _rule) in sorted(policy.DEEDS.items()):
        label = _labels(model, names)

        def allowed(person: Any, deed: str = deed, of: type[models.Model] = model) -> list[models.Model]:
            return [record for record in policy.seen(person, of) if policy.may(person, deed, record)]

        lines += _block(f"may: {deed} ({model.__name__})", world, label, allowed)
    return "\n".join(lines)


def _names(world: World) -> dict[tuple[str, int], str]:
    """What the world calls its people, places, partnerships and cycles."""
    kinds = (world.people, world.places, world.partnerships, world.cycles, world.visits)
    every = [pair for kind in kinds for pair in kind.items()]
    return {(record._meta.label, record.pk): name for name, record in every}


def _labels(model: type[models.Model], names: dict[tuple[str, int], str]) -> dict[int, str]:
    """A name for each record: its own, or of what it belongs to with a number."""
    labels, met = {}, Counter()
    for record in model._default_manager.order_by("pk"):
        name = names.get((record._meta.label, record.pk))
        if name is None:
            of = _belongs_to(record, names)
            met[of] += 1
            name = f"{of}#{met[of]}"
        labels[record.pk] = name
    return labels


BELONGS = (
    "partnership",
    "visit",
    "meeting",
    "request",
    "appointment",
    "release",
    "agreement",
    "summary",
    "plan",
    "proposal",
    "person",
    "author",
    "by",
    "place",
    "above",
    "to",
)


def _belongs_to(record: models.Model, names: dict[tuple[str, int], str]) -> str:
    for field in BELONGS:
        other = getattr(record, field, None)
        if isinstance(other, models.Model):
            return names.get((other._meta.label, other.pk)) or _belongs_to(other, names)
    return getattr(record, "kind", record._meta.model_name)


def _block(title: str, world: World, labels: dict[int, str], of: Callable[[Any], Any]) -> Iterator[str]:
    seen: dict[str, list[str]] = {}
    for name, person in world.people.items():
        keys = {record.pk for record in of(person)}
        shown = "none" if not keys else "all" if keys == set(labels) else " ".join(labels[key] for key in sorted(keys))
        seen.setdefault(shown, []).append(name)
    yield f"\n{title}"
    for shown, people in seen.items():
        yield f"  {' '.join(people)}: {shown}"
