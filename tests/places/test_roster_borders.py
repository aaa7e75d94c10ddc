"""A roster and the people of other places: a lead of one school takes over nobody, by no row."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sidebyside.people import actions as people
from sidebyside.people.models import EntryPass, Person
from sidebyside.places.actions import give_post, give_role
from sidebyside.places.actions.rosters import apply_roster, name_source
from sidebyside.places.models import Post, Role, RosterImport, SourcePerson
from sidebyside.places.roster_queries import preview
from tests.places.roster.archives import ORG_COLUMNS, ROLE_COLUMNS, USER_COLUMNS, Parts, manifest, pack, sheet

ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
VICTIMS = ["kofi", "ines", "emre", "dara", "ana", "noor"]


def staff(**rows: dict[str, str]) -> Parts:
    """An archive of one school, Fell, with these people as teachers."""
    users = [
        {"sourcedId": key, "enabledUser": "true", "givenName": "M.", "familyName": "X."} | row
        for key, row in rows.items()
    ]
    roles = [
        {"sourcedId": f"r-{key}", "userSourcedId": key, "roleType": "primary", "role": "teacher", "orgSourcedId": "s"}
        for key in rows
    ]
    place = [{"sourcedId": "s", "name": "Fell School", "type": "school", "parentSourcedId": ""}]
    return {
        "manifest.csv": manifest("1.2", orgs="bulk", users="bulk", roles="bulk"),
        "orgs.csv": sheet(ORG_COLUMNS, place),
        "users.csv": sheet(USER_COLUMNS, users),
        "roles.csv": sheet(ROLE_COLUMNS, roles),
    }


class Office:
    """Who looks after the rosters of Fell."""

    def __init__(self, world, folder):
        self.world, self._path, self.day = world, folder / "r.zip", 0
        self.source = name_source("fell", under=world.fell, by=None, at=AT)

    def apply(self, by_operator=False, leaving=None, **rows):
        """Apply a bulk roster; what it would not do, as sentences."""
        self.day += 1
        at = AT + timedelta(days=self.day)
        seen = preview(
            pack(self._path, staff(**rows)),
            source=self.source,
            on=ON + timedelta(days=self.day),
            by_operator=by_operator,
        )
        apply_roster(seen, by=None, at=at, on=at.date(), refused_accepted=True, leaving=leaving)
        return [fault.reason for fault in seen.changes.refused]


@pytest.fixture
def office(world, tmp_path) -> Office:
    return Office(world, tmp_path)


@pytest.mark.parametrize("name", VICTIMS)
def test_nobody_of_elsewhere_is_taken_for_one_of_the_school(world, office, name):
    victim = getattr(world, name)
    posts = list(victim.posts.values_list("pk", "to_date"))
    told = office.apply(a={"email": victim.email})
    assert len(told) == 1
    assert "works elsewhere" in told[0]
    assert victim.given_name not in told[0]
    assert list(victim.posts.values_list("pk", "to_date")) == posts
    assert not SourcePerson.objects.filter(person=victim).exists()
    assert Person.objects.get(pk=victim.pk).name == victim.name


@pytest.mark.parametrize("name", ["kofi", "ines"])
def test_the_attack_as_it_was_found(world, client, tmp_path, name):
    """Mai, a lead at Fell alone: first the owner's address, then her own in its place."""
    victim = getattr(world, name)
    give_role(world.mai, kind=Role.Kind.LEAD, place=world.fell, by=world.kofi, at=AT)
    client.force_login(world.mai)
    for email in (f"{name}@example.org", "attacker@example.org"):
        found = pack(tmp_path / "r.zip", staff(k={"email": email}, m={"email": "mai@example.org"}))
        form = {"place": world.fell.pk, "source": "fell", "file": SimpleUploadedFile("r.zip", found.read_bytes())}
        answer = client.post(reverse("rosters"), form)
        assert answer.status_code == 302
        upload = RosterImport.objects.latest("pk")
        page = client.get(reverse("roster", args=[upload.pk])).content.decode()
        assert victim.family_name not in page
        last = RosterImport.objects.exclude(applied_at=None).order_by("-pk").first()
        said = {"after": last.pk if last else "", "refused_accepted": "on"}
        client.post(reverse("roster_application", args=[upload.pk]), said)
        upload.refresh_from_db()
        assert upload.applied_at is not None
    victim.refresh_from_db()
    assert victim.email == f"{name}@example.org"
    assert not Post.objects.filter(person=victim, place=world.fell).exists()
    thief = Person.objects.get(email="attacker@example.org")
    assert thief.pk != victim.pk
    assert not Role.objects.filter(person=thief).exists()


def test_who_belongs_nowhere_yet_is_taken_in(world, office):
    new = Person.objects.create(given_name="New", email="new@example.org")
    assert office.apply(a={"email": "new@example.org"}) == []
    assert new.posts.get().place == world.fell


@pytest.mark.parametrize("how", ["joined", "owner", "role"])
def test_who_has_no_post_but_something_to_lose_is_not(world, office, how):
    new = Person.objects.create(given_name="New", email="new@example.org")
    if how == "joined":
        people.admit(new, at=AT)
    elif how == "owner":
        people.make_owner(new, by=world.kofi, at=AT)
    else:
        give_role(new, kind=Role.Kind.COACH, place=world.linden, by=world.kofi, at=AT)
    assert len(office.apply(a={"email": "new@example.org"})) == 1
    assert not new.posts.exists()


def test_who_works_or_worked_here_is_one_of_the_school(world, office):
    give_post(world.noor, place=world.fell, title="", from_date=ON, at=AT)
    assert office.apply(a={"email": "mai@example.org"}, b={"email": "noor@example.org"}) == []
    assert SourcePerson.objects.filter(person__in=[world.mai, world.noor]).count() == 2


def test_the_operator_may_take_people_of_several_places_for_one(world, office):
    assert office.apply(by_operator=True, a={"email": "ben@example.org"}) == []
    assert world.ben.posts.filter(place=world.fell, to_date=None).exists()


def test_at_the_top_of_the_tree_nobody_is_elsewhere(world, tmp_path):
    source = name_source("all", under=world.northshore, by=world.ines, at=AT)
    found = pack(tmp_path / "r.zip", staff(a={"email": "ben@example.org"}, k={"email": "kofi@example.org"}))
    assert preview(found, source=source, on=ON).changes.refused == []


@pytest.mark.parametrize("by_operator", [False, True])
def test_who_has_joined_keeps_her_address_and_takes_the_rest(world, office, by_operator):
    office.apply(m={"email": "mai@example.org"})
    told = office.apply(by_operator, m={"email": "attacker@example.org", "familyName": "Nguyễn"})
    assert ["signs in with another address" in sentence for sentence in told] == [True]
    world.mai.refresh_from_db()
    assert (world.mai.email, world.mai.family_name) == ("mai@example.org", "Nguyễn")
    assert not Person.objects.filter(email="attacker@example.org").exists()
    # It is said once, and said again only when the source says something new.
    assert office.apply(by_operator, m={"email": "attacker@example.org", "familyName": "Nguyễn"}) == []


def test_an_address_that_is_kept_is_no_change(world, office):
    office.apply(m={"email": "mai@example.org"})
    seen = preview(pack(office._path, staff(m={"email": "new@example.org"})), source=office.source, on=ON)
    assert [change.verdict for change in seen.changes.people] == []
    assert seen.changes.unchanged_people == 1


@pytest.mark.parametrize("how", ["owner", "role above", "role elsewhere", "post elsewhere"])
def test_who_is_somebody_elsewhere_keeps_it_before_she_has_joined(world, office, how):
    office.apply(a={"email": "new@example.org"})
    new = Person.objects.get(email="new@example.org")
    if how == "owner":
        people.make_owner(new, by=world.kofi, at=AT)
    elif how == "post elsewhere":
        give_post(new, place=world.linden, title="", from_date=ON, at=AT)
    else:
        place = world.upland if how == "role above" else world.linden
        give_role(new, kind=Role.Kind.LEAD, place=place, by=world.kofi, at=AT)
    assert len(office.apply(a={"email": "attacker@example.org"})) == 1
    new.refresh_from_db()
    assert new.email == "new@example.org"


def test_swapping_with_somebody_who_keeps_hers_leaves_both(world, office):
    office.apply(m={"email": "mai@example.org"}, a={"email": "new@example.org"})
    told = office.apply(m={"email": "new@example.org"}, a={"email": "mai@example.org"})
    assert len(told) == 2
    new = Person.objects.get(email="new@example.org")
    world.mai.refresh_from_db()
    assert world.mai.email == "mai@example.org"
    assert new.pk != world.mai.pk
    for _again in range(2):
        office.apply(m={"email": "new@example.org"}, a={"email": "mai@example.org"})
        office.apply(m={"email": "third@example.org"}, a={"email": "mai@example.org"})
    world.mai.refresh_from_db()
    assert world.mai.email == "mai@example.org"


def test_another_address_voids_what_lay_at_the_former(world, office):
    office.apply(a={"email": "new@example.org"})
    new = Person.objects.get(email="new@example.org")
    link = people.give_link(new, kind=EntryPass.Kind.INVITATION, by=world.ines, at=AT)
    ((_person, codes),) = people.print_codes([new], by=world.ines, at=AT)
    assert office.apply(a={"email": "newer@example.org"}) == []
    new.refresh_from_db()
    assert new.email == "newer@example.org"
    for secret in (link, *codes):
        with pytest.raises(people.NoWayIn):
            people.use_pass(secret, at=AT + timedelta(days=3))


def test_a_role_outside_does_not_end_with_a_post(world, office):
    """Nor does the person leave: else a school could retire a lead of its district."""
    give_role(world.mai, kind=Role.Kind.LEAD, place=world.upland, by=world.kofi, at=AT)
    Post.objects.filter(person=world.mai).update(to_date=ON)
    office.apply(m={"email": "mai@example.org"})
    office.apply(leaving=1, b={"email": "b@example.org"})
    world.mai.refresh_from_db()
    assert world.mai.left_at is None
    assert world.mai.roles.filter(kind=Role.Kind.LEAD, ended_at=None).exists()


def test_a_source_ends_no_post_of_another(world, office):
    by_hand = world.mai.posts.get()
    office.apply(m={"email": "mai@example.org"})
    office.apply(leaving=1, b={"email": "b@example.org"})
    by_hand.refresh_from_db()
    world.mai.refresh_from_db()
    assert (by_hand.to_date, world.mai.left_at) == (None, None)
