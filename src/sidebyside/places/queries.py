"""Questions about the tree."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from sidebyside.people.models import Person
from sidebyside.places.models import Link, Place, Post, Role


def ids_below(places: Iterable[int]) -> QuerySet:
    """The ids of these places and of all below them, as a subquery."""
    return Link.objects.filter(above__in=list(places)).values("place")


def ids_above(places: Iterable[int]) -> QuerySet:
    """The ids of these places and of all above them, as a subquery."""
    return Link.objects.filter(place__in=list(places)).values("above")


def path_of(place: Place) -> list[Place]:
    """The places above this one, the root first, and the place itself last."""
    return list(Place.objects.filter(links_below__place=place).order_by("-links_below__depth"))


def school_of(place: Place | None) -> Place | None:
    """The school this place is or lies in; the place itself where it lies in none."""
    if place is None:
        return None
    above = Place.objects.filter(links_below__place=place, kind=Place.Kind.SCHOOL)
    return above.order_by("links_below__depth").first() or place


def faculty_of(place: Place | None) -> Place | None:
    """The place itself where it is a faculty, else none."""
    return place if place is not None and place.kind == Place.Kind.FACULTY else None


# Lists for pages: each takes the rows that somebody may see


LONGEST_SEARCH = 100


def searched(text: str) -> str:
    """What somebody typed into a search, without what no database can look for."""
    kept = text[:LONGEST_SEARCH].replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
    return " ".join(kept.split())


def children_of(places: QuerySet[Place], place: Place | None) -> QuerySet[Place]:
    """Of these, the places just below `place` (None: the roots), open ones first, by name."""
    return places.filter(parent=place).order_by(F("closed_at").asc(nulls_first=True), "name", "pk")


def places_named(places: QuerySet[Place], text: str) -> QuerySet[Place]:
    """Of these, the places whose names hold every word of `text`, with the place above each; open ones first."""
    for word in searched(text).split():
        places = places.filter(any_case("name__contains", word))
    return places.select_related("parent").order_by(F("closed_at").asc(nulls_first=True), "name", "pk")


def places_of(places: QuerySet[Place], person_id: int) -> QuerySet[Place]:
    """Of these, the places where somebody works or has a role today."""
    works = Post.objects.filter(person=person_id, to_date=None).values("place")
    acts = Role.objects.filter(person=person_id, ended_at=None).values("place")
    return places.filter(Q(pk__in=works) | Q(pk__in=acts)).select_related("parent").order_by("name", "pk")


def people_named(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Of these, the persons for whom every word of `text` begins a given or a family name, by name."""
    for word in searched(text).split():
        people = people.filter(
            any_case("given_name__startswith", word)
            | any_case("family_name__startswith", word)
            | any_case("given_name__contains", f" {word}")
            | any_case("family_name__contains", f" {word}")
        )
    return people.order_by("family_name", "given_name", "pk")


def people_at(people: QuerySet[Person], place: Place) -> QuerySet[Person]:
    """Of these, the persons who work at this place or below it today, by name."""
    posts = Post.objects.filter(to_date=None, place__in=ids_below([place.pk]))
    return people.filter(pk__in=posts.values("person")).order_by("family_name", "given_name", "pk")


def posts_by_person(posts: QuerySet[Post], people: Iterable[Person]) -> dict[int, list[Post]]:
    """Of these, the posts that these persons have today, with their places."""
    found: dict[int, list[Post]] = {}
    for post in (
        posts.filter(person__in=list(people), to_date=None).select_related("place").order_by("place__name", "pk")
    ):
        found.setdefault(post.person_id, []).append(post)
    return found


def roles_by_person(roles: QuerySet[Role], people: Iterable[Person]) -> dict[int, list[Role]]:
    """Of these, the roles that these persons hold today, with their places."""
    found: dict[int, list[Role]] = {}
    current = roles.filter(person__in=list(people), ended_at=None).select_related("place")
    for role in current.order_by("kind", "place__name", "pk"):
        found.setdefault(role.person_id, []).append(role)
    return found


def roles_at(roles: QuerySet[Role], place: Place) -> QuerySet[Role]:
    """Of these, the roles held today at this place itself, with their persons."""
    held = roles.filter(place=place, ended_at=None).select_related("person")
    return held.order_by("kind", "person__family_name", "person__given_name", "pk")


def roles_above(roles: QuerySet[Role], place: Place) -> QuerySet[Role]:
    """Of these, the roles held today above this place, which count here too, with their persons and places."""
    held = roles.filter(place__links_below__place=place, place__links_below__depth__gt=0, ended_at=None)
    return held.select_related("person", "place").order_by("-place__links_below__depth", "kind", "person__family_name")


def has_lead(place: Place) -> bool:
    """Whether anybody is programme lead at this place or above it."""
    return Role.objects.filter(place__in=ids_above([place.pk]), kind=Role.Kind.LEAD, ended_at=None).exists()


def any_case(lookup: str, word: str) -> Q:
    """`word` in small letters and in capitals: SQLite itself knows both of the 26 letters of English only."""
    field, kind = lookup.rsplit("__", 1)
    forms = dict.fromkeys([word, word.lower(), word.upper(), word.capitalize()])
    rule = Q()
    for form in forms:
        rule |= Q(**{f"{field}__i{kind}": form})
    return rule
