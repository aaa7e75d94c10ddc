"""Questions of the demonstration."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sidebyside.demo.world import PEOPLE
from sidebyside.people.models import Person

STORIES = {
    "ana": _("coach at Linden School, with three partnerships in different stages"),
    "ben": _("learning partner, in the middle of a cycle with Ana"),
    "chen": _("learning partner at the end of a short cycle"),
    "dara": _("school leader of Linden School"),
    "emre": _("facilitator of Harbour District"),
    "fatima": _("facilitator, school leader and cover desk of Quay School at once"),
    "goran": _("works with Hana as a peer; they rest for now"),
    "hana": _("works with Goran as a peer"),
    "ines": _("programme lead of Northshore"),
    "jonas": _("evaluator of Northshore"),
    "kofi": _("owner of this installation: sees nobody's work"),
    "lena": _("teacher at Linden School, would like a coach"),
    "mai": _("coach in another district"),
    "noor": _("has left Linden School and takes her work with her"),
    "olu": _("deputy at Linden School, keeps its timetable and finds cover"),
}


def has_world() -> bool:
    """Whether the test world is here already."""
    return Person.objects.filter(email="ana@example.org").exists()


def named_people() -> QuerySet[Person]:
    """The people of the test world by name."""
    return Person.objects.filter(email__in=[f"{name}@example.org" for name in PEOPLE]).order_by("email")


def named(name: str) -> Person | None:
    """One of them, or none."""
    return named_people().filter(email=f"{name}@example.org").first()
