"""Applying rosters to the database: people, posts, places, leaders, leavers, and what stays untouched."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.people.models import Ownership, Person
from sidebyside.places.actions.rosters import (
    Outdated,
    Unanswered,
    allow_leaders,
    apply_roster,
    folder_of_uploads,
    forbid_leaders,
    keep_upload,
    name_source,
    path_of,
    put_away,
    put_away_old,
    unanswered,
)
from sidebyside.places.actions.tree import closure
from sidebyside.places.models import (
    Link,
    Place,
    Post,
    Role,
    RosterImport,
    Source,
    SourcePerson,
    SourcePost,
)
from sidebyside.places.roster_queries import Preview, preview, source_named
from tests.places.roster.archives import (
    ROLE_COLUMNS,
    USER_COLUMNS,
    Parts,
    delta,
    orgs,
    pack,
    parts,
    parts_11,
    replaced,
    roles,
    sheet,
    user,
)

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "rosters"
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/rosters is not here")


class Office:
    """Brings rosters in, one day after the other."""

    def __init__(self, folder: Path):
        self._path = folder / "roster.zip"
        self.at, self.on = AT, ON

    def look(self, found: Parts | Path, source: str = "personnel office") -> Preview:
        path = found if isinstance(found, Path) else pack(self._path, found)
        return preview(path, source=source_named(source), on=self.on)

    def apply(self, found: Parts | Path, source: str = "personnel office", **said: object) -> dict[str, int]:
        """Apply, and return how many people had each verdict that had any."""
        self.at, self.on = self.at + timedelta(days=1), self.on + timedelta(days=1)
        applied = apply_roster(self.look(found, source), by=None, at=self.at, on=self.on, file_name="r.zip", **said)
        return {verdict: number for verdict, number in applied.numbers["people"].items() if number}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def person(number: int) -> Person:
    return SourcePerson.objects.get(key=f"u-{number:02d}").person


def posts(of: Person) -> dict[str, str]:
    """Where a person works now, and as what."""
    return dict(of.posts.filter(to_date=None).values_list("place__name", "title"))


def users(**changed: dict[str, str]) -> bytes:
    return sheet(USER_COLUMNS, [user(n, **changed.get(f"u_{n:02d}", {})) for n in range(1, 13)])


def links() -> set[tuple[int, int, int]]:
    return set(Link.objects.values_list("above", "place", "depth"))


def true_links() -> set[tuple[int, int, int]]:
    return set(closure(dict(Place.objects.values_list("pk", "parent"))))


def everything() -> list[object]:
    """All rows that a roster may touch, to see that nothing was."""
    models = (Person, Place, Link, Post, Role, Source, SourcePerson, SourcePost, RosterImport, Event)
    return [list(model.objects.order_by("pk").values()) for model in models]


# --- nothing happens unasked


@pytest.mark.parametrize(
    ("spoil", "said", "applied"),
    [
        ({"users.csv": users(u_02={"email": "none"})}, {}, False),
        ({"users.csv": users(u_02={"email": "none"})}, {"refused_accepted": True}, True),
        ({"users.csv": sheet(USER_COLUMNS, [])}, {}, False),
        ({"users.csv": sheet(USER_COLUMNS, [])}, {"refused_accepted": True}, False),
        ({"users.csv": sheet(USER_COLUMNS, [])}, {"leaving": 11}, False),
        ({"users.csv": sheet(USER_COLUMNS, [])}, {"leaving": 12}, True),
    ],
)
def test_what_must_be_said_before(spoil: Parts, said: dict, applied: bool, office: Office) -> None:
    office.apply(parts())
    before = everything()
    if applied:
        office.apply(parts() | spoil, **said)
        assert RosterImport.objects.count() == 2
        return
    with pytest.raises(Unanswered):
        office.apply(parts() | spoil, **said)
    assert everything() == before


def test_questions_are_sentences(office: Office) -> None:
    office.apply(parts())
    spoiled = parts() | {"users.csv": users(u_02={"email": "none"})}
    (sentence,) = unanswered(office.look(spoiled).changes, refused_accepted=False, leaving=None)
    assert sentence.startswith("1 row is refused.")


def test_a_preview_writes_nothing(office: Office) -> None:
    before = everything()
    office.look(parts())
    assert everything() == before


def test_a_preview_overtaken_by_another_import_is_not_applied(office: Office) -> None:
    office.apply(parts())
    seen = office.look(delta(users=[user(2, status="tobedeleted")]))
    office.apply(delta(users=[user(3, familyName="Halabi")]))
    before = everything()
    with pytest.raises(Outdated):
        apply_roster(seen, by=None, at=office.at, on=office.on)
    assert everything() == before


def test_an_address_taken_meanwhile_undoes_everything(office: Office) -> None:
    seen = office.look(parts())
    Person.objects.create(given_name="Uri", email="u-07@harbour.example")
    before = everything()
    with pytest.raises(Outdated):
        apply_roster(seen, by=None, at=AT, on=ON)
    assert everything() == before


# --- what a first roster brings


def test_people_places_and_posts(office: Office) -> None:
    assert office.apply(parts()) == {"new": 12}
    wei = person(2)
    assert (wei.name, wei.email, wei.left_at) == ("Wei Lin", "u-02@harbour.example", None)
    assert not wei.has_usable_password()
    assert posts(wei) == {"Mill Lane School": "teacher", "Mathematics": "teacher"}
    assert wei.posts.first().from_date == date(2026, 8, 17)
    assert person(3).family_name == "حداد"
    county = Place.objects.get(kind="region")
    assert Place.objects.filter(links_above__above=county, kind="school").count() == 3
    assert links() == true_links()
    assert Place.objects.get(name="Quay Street School").parent.name == "South Harbour"


def test_an_import_is_one_event_and_names_nobody(office: Office) -> None:
    office.apply(parts())
    (event,) = Event.objects.filter(kind="roster.applied")
    assert set(event.particulars) == {"source", "left", "returned", "moved"}
    assert Event.objects.exclude(kind__in=["roster.applied", "source.named"]).count() == 0
    kept = str(RosterImport.objects.get().numbers)
    assert "harbour" not in kept
    assert "Wei" not in kept


def test_a_roster_gives_no_role_unless_it_was_allowed(office: Office) -> None:
    office.apply(parts())
    assert not Role.objects.exists()


def test_a_roster_makes_school_leaders_where_a_lead_allowed_it(office: Office) -> None:
    office.apply(parts())
    source, lead = Source.objects.get(), Person.objects.create(given_name="Lea")
    allow_leaders(source, by=lead, at=AT)
    office.apply(parts())
    found = Role.objects.values_list("kind", "place__name", "from_source", "ended_at")
    assert set(found) == {
        ("leader", name, source.pk, None) for name in ("Mill Lane School", "Oak Hill School", "Quay Street School")
    }
    taught = replaced(parts(), "roles.csv", lambda t: t.replace("principal", "teacher", 1))
    office.apply(taught)
    assert Role.objects.get(person=person(1)).ended_at == office.at
    assert Role.objects.filter(ended_at=None).count() == 2
    forbid_leaders(source, by=lead, at=AT)
    office.apply(parts())
    assert Role.objects.filter(ended_at=None).count() == 2


def test_a_leader_by_hand_is_not_unmade(office: Office) -> None:
    office.apply(parts())
    school = Place.objects.get(name="Mill Lane School")
    Role.objects.create(person=person(2), place=school, kind="leader", given_at=AT)
    Role.objects.create(person=person(1), place=school, kind="leader", given_at=AT)
    allow_leaders(Source.objects.get(), by=person(1), at=AT)
    office.apply(parts())
    assert Role.objects.filter(place=school, ended_at=None).count() == 2


# --- moving, changing, leaving, coming back


def test_the_same_again_writes_only_that_it_came(office: Office) -> None:
    for make in (parts, parts_11):
        office.apply(make(), make.__name__)
        before = everything()
        assert office.apply(make(), make.__name__) == {"unchanged": 12}
        after = everything()
        assert after[:8] == before[:8]


def test_who_moves_keeps_her_history(office: Office) -> None:
    office.apply(parts())
    rows = [row for n in range(1, 13) for row in roles(n, "s-quay" if n == 2 else None)]
    assert office.apply(parts() | {"roles.csv": sheet(ROLE_COLUMNS, rows)}) == {"moved": 1, "unchanged": 11}
    ended = Post.objects.filter(person=person(2)).exclude(to_date=None)
    assert {post.place.name for post in ended} == {"Mill Lane School", "Mathematics"}
    assert {post.to_date for post in ended} == {office.on}
    begun = Post.objects.filter(person=person(2), to_date=None)
    assert {post.place.name for post in begun} == {"Quay Street School", "Mathematics"}
    assert {post.from_date for post in begun} == {office.on}
    assert Event.objects.filter(kind="roster.applied").last().particulars["moved"] == [person(2).pk]


def test_a_leaver_keeps_her_work_and_loses_her_roles(office: Office) -> None:
    office.apply(parts())
    gone, school = person(2), Place.objects.get(name="Mill Lane School")
    role = Role.objects.create(person=gone, place=school, kind="coach", given_at=AT)
    assert office.apply(delta(users=[user(2, status="tobedeleted")])) == {"leaving": 1, "unchanged": 11}
    gone.refresh_from_db()
    role.refresh_from_db()
    assert (gone.left_at, role.ended_at) == (office.at, office.at)
    assert posts(gone) == {}
    assert gone.posts.count() == 2
    assert Event.objects.filter(kind="roster.applied").last().particulars["left"] == [gone.pk]
    assert office.apply(parts()) == {"new": 1, "unchanged": 11}
    gone.refresh_from_db()
    assert gone.left_at is None
    assert posts(gone) == {"Mill Lane School": "teacher", "Mathematics": "teacher"}
    assert Person.objects.count() == 12


def test_an_owner_does_not_leave_with_her_last_post(office: Office) -> None:
    office.apply(parts())
    Ownership.objects.create(person=person(2), made_at=AT)
    office.apply(parts() | {"users.csv": sheet(USER_COLUMNS, [])}, leaving=12)
    assert posts(person(2)) == {}
    assert list(Person.objects.filter(left_at=None)) == [person(2)]
    assert Ownership.objects.get().ended_at is None


def test_names_she_changed_herself_stay(office: Office) -> None:
    office.apply(parts())
    Person.objects.filter(pk=person(2).pk).update(given_name="Vivian")
    assert office.apply(parts()) == {"unchanged": 12}
    assert person(2).given_name == "Vivian"
    assert office.apply(parts() | {"users.csv": users(u_02={"familyName": "Lin-Ortega"})}) == {
        "changed": 1,
        "unchanged": 11,
    }
    assert person(2).name == "Wei Lin-Ortega"


def test_two_people_swap_their_addresses(office: Office) -> None:
    office.apply(parts())
    two, three = person(2), person(3)
    swapped = users(u_02={"email": three.email}, u_03={"email": two.email})
    assert office.apply(parts() | {"users.csv": swapped}) == {"changed": 2, "unchanged": 10}
    assert (person(2).email, person(3).email) == (three.email, two.email)
    assert (person(2).pk, person(3).pk) == (two.pk, three.pk)


def test_people_without_a_mailbox(office: Office) -> None:
    found = parts() | {"users.csv": users(u_02={"email": ""}, u_03={"email": ""})}
    assert office.apply(found) == {"new": 12}
    assert person(2).email is None
    assert office.apply(found) == {"unchanged": 12}
    assert office.apply(parts()) == {"changed": 2, "unchanged": 10}
    assert person(2).email == "u-02@harbour.example"


def test_a_new_id_for_the_same_person(office: Office) -> None:
    office.apply(parts())
    before = person(2).pk
    renamed = {
        "users.csv": users(u_02={"sourcedId": "n-02"}),
        "roles.csv": parts()["roles.csv"].replace(b"u-02", b"n-02"),
    }
    assert office.apply(parts() | renamed) == {"unchanged": 12}
    assert SourcePerson.objects.get(key="n-02").person_id == before
    assert not SourcePerson.objects.filter(key="u-02").exists()
    assert office.apply(parts() | renamed) == {"unchanged": 12}


# --- several sources


def test_one_person_of_two_sources(office: Office) -> None:
    office.apply(parts())
    assert office.apply(parts_11(range(2, 5)), "the other county") == {"new": 3}
    assert Person.objects.count() == 12
    assert Post.objects.filter(person=person_of("personnel office", "u-02"), to_date=None).count() == 4
    assert office.apply(parts()) == {"unchanged": 12}
    assert office.apply(delta(users=[user(2, status="tobedeleted")])) == {"leaving": 1, "unchanged": 11}
    still = person_of("personnel office", "u-02")
    assert (still.left_at, Post.objects.filter(person=still, to_date=None).count()) == (None, 2)


def person_of(source: str, key: str) -> Person:
    return SourcePerson.objects.get(source__name=source, key=key).person


def test_a_source_belongs_to_one_place(office: Office) -> None:
    here = Place.objects.create(kind="district", name="Here")
    there = Place.objects.create(kind="district", name="There")
    source = name_source("  HR   office ", under=here, by=None, at=AT)
    assert name_source("HR office", under=here, by=None, at=AT) == source
    with pytest.raises(Refused):
        name_source("HR office", under=there, by=None, at=AT)
    with pytest.raises(Refused):
        name_source("x" * 81, under=here, by=None, at=AT)


# --- places


def root(name: str = "Harbour Network") -> Place:
    place = Place.objects.create(kind="region", name=name)
    Link.objects.create(above=place, place=place, depth=0)
    return place


def test_a_roster_hangs_below_the_place_of_its_source(office: Office) -> None:
    top = root()
    office.apply(parts())
    assert Source.objects.get().under == top
    assert Place.objects.get(name="Harbour County").parent == top
    assert links() == true_links()


def test_a_place_made_by_hand_is_taken_for_the_roster_s_own(office: Office) -> None:
    top = root("Harbour County")
    office.apply(parts())
    assert Place.objects.get(name="Harbour County") == top
    assert Place.objects.get(name="North Harbour").parent == top
    assert office.apply(parts()) == {"unchanged": 12}


def test_the_plain_form_finds_schools_by_name(office: Office, tmp_path: Path) -> None:
    top = root()
    office.apply(parts())
    path = tmp_path / "staff.csv"
    path.write_text(
        "email,given_name,family_name,place,role\n"
        "a@b.example,Ada,Byron,oak hill school,teacher\n"
        "u-02@harbour.example,Wei,Lin,Boat School,teacher\n"
    )
    assert office.apply(path, "by hand") == {"new": 2}
    assert posts(Person.objects.get(email="a@b.example")) == {"Oak Hill School": "teacher"}
    assert Place.objects.get(name="Boat School").parent == top
    assert Person.objects.count() == 13
    assert office.apply(path, "by hand") == {"unchanged": 2}


def test_a_closed_place_is_shown_as_closed_and_keeps_its_people(office: Office) -> None:
    office.apply(parts())
    closed = parts() | {"orgs.csv": orgs(s_oak={"status": "tobedeleted"})}
    assert office.apply(closed) == {"unchanged": 12}
    school = Place.objects.get(name="Oak Hill School")
    assert school.closed_at == office.at
    assert Post.objects.filter(place=school, to_date=None).count() == 4
    assert office.apply(parts()) == {"unchanged": 12}
    assert Place.objects.get(name="Oak Hill School").closed_at is None


def test_a_place_that_moves_takes_its_people_along(office: Office) -> None:
    office.apply(parts())
    turned = parts() | {"orgs.csv": orgs(s_oak={"parentSourcedId": "d-south", "name": "Oak Rise"})}
    assert office.apply(turned) == {"unchanged": 12}
    south = Place.objects.get(name="South Harbour")
    assert set(south.children.values_list("name", flat=True)) == {"Oak Rise", "Quay Street School"}
    assert links() == true_links()


def test_a_source_that_came_before_any_place_belongs_to_the_root_it_brought(office: Office) -> None:
    office.apply(parts())
    county = Place.objects.get(name="Harbour County")
    assert Source.objects.get().under == county
    state = {"sourcedId": "state", "name": "Coast", "type": "state", "parentSourcedId": ""}
    below = {"sourcedId": "county", "name": "Harbour County", "type": "local", "parentSourcedId": "state"}
    office.apply(delta(org_rows=[state, below]))
    county.refresh_from_db()
    assert county.parent.name == "Coast"
    assert county.parent.parent is None
    assert links() == true_links()
    office.apply(delta(org_rows=[below | {"parentSourcedId": ""}]))
    county.refresh_from_db()
    assert county.parent is None
    assert links() == true_links()


# --- uploads


def upload(office: Office, found: Parts, at: datetime = AT) -> RosterImport:
    by = Person.objects.get_or_create(given_name="Lea", email="lea@x.example")[0]
    source = name_source("personnel office", under=None, by=by, at=at)
    content = pack(office._path, found).read_bytes()
    return keep_upload(io.BytesIO(content), source=source, file_name="staff.zip", by=by, at=at)


def test_an_upload_goes_once_it_is_applied(office: Office) -> None:
    kept = upload(office, parts())
    path = path_of(kept)
    assert path is not None
    assert path.stat().st_mode & 0o077 == 0
    seen = preview(path, source=kept.source, on=ON)
    applied = apply_roster(seen, by=kept.by, at=AT, on=ON, upload=kept)
    assert (applied.pk, applied.applied_by, applied.stored_as) == (kept.pk, kept.by, "")
    assert not path.exists()
    with pytest.raises(Refused):
        apply_roster(seen, by=kept.by, at=AT, on=ON, upload=kept)
    assert Person.objects.count() == 13


def test_an_upload_goes_when_it_is_put_away(office: Office) -> None:
    kept = upload(office, parts())
    path = path_of(kept)
    assert path is not None
    assert put_away(kept, by=kept.by, at=AT)
    assert not path.exists()
    assert not put_away(kept, by=kept.by, at=AT)
    assert path_of(RosterImport.objects.get()) is None


def test_an_upload_goes_after_a_day(office: Office) -> None:
    old, young = upload(office, parts(), AT - timedelta(hours=25)), upload(office, parts())
    gone = path_of(old)
    stray = folder_of_uploads() / "stray"
    stray.write_bytes(b"x")
    assert put_away_old(at=AT) == 1
    assert gone is not None
    assert not gone.exists()
    assert path_of(young) is not None
    put_away_old(at=datetime.now(UTC) + timedelta(days=2))
    assert not stray.exists()


# --- real size


@real
def test_real_counties(office: Office) -> None:
    assert office.apply(REAL / "marin-1.2.zip", "marin") == {"new": 1047}
    assert office.apply(REAL / "marin-1.2.zip", "marin") == {"unchanged": 1047}
    assert office.apply(REAL / "marin-1.2-delta.zip", "marin") == {
        "leaving": 12, "moved": 8, "changed": 3, "unchanged": 1024,
    }  # fmt: skip
    assert Place.objects.exclude(closed_at=None).count() == 1
    assert Person.objects.exclude(left_at=None).count() == 12
    assert office.apply(REAL / "alameda-1.1.zip", "alameda") == {"new": 5748}
    assert Person.objects.count() == 6795
    assert Place.objects.filter(kind="school").count() == 50 + 279
    assert Place.objects.filter(kind="district").count() == 14 + 17
    assert Person.objects.exclude(left_at=None).count() == 12
    assert links() == true_links()
