"""What a roster would change about what its source said before."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sidebyside.places.roster.changes import Changes, HeldPost
from sidebyside.places.roster.comparing import titles
from sidebyside.places.roster.reading import read
from sidebyside.places.roster.records import ArchiveRefused, Roster
from sidebyside.places.roster.rows import places_in_a_circle
from tests.places.roster.archives import (
    ROLE_COLUMNS,
    USER_COLUMNS,
    USER_COLUMNS_11,
    Parts,
    delta,
    orgs,
    parts,
    parts_11,
    replaced,
    roles,
    sheet,
    user,
    user_11,
)
from tests.places.roster.conftest import TODAY, Register

REAL = Path(__file__).parents[3].parent / "shared" / "data" / "rosters"
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/rosters is not here")
Reading = Callable[[Parts], Roster]


def counts(changes: Changes) -> dict[str, int]:
    """The people of every verdict that has any."""
    return {verdict: n for verdict, n in changes.count()["people"].items() if n}


def places(changes: Changes) -> dict[str, int]:
    return {verdict: n for verdict, n in changes.count()["places"].items() if n}


def with_users(rows: list[dict[str, str]], role_rows: list[dict[str, str]] | None = None) -> Parts:
    found = parts() | {"users.csv": sheet(USER_COLUMNS, rows)}
    return found if role_rows is None else found | {"roles.csv": sheet(ROLE_COLUMNS, role_rows)}


def everybody(**changed: dict[str, str]) -> list[dict[str, str]]:
    """All users, with changes by id ("u_02")."""
    return [user(n, **changed.get(f"u_{n:02d}", {})) for n in range(1, 13)]


def all_roles() -> list[dict[str, str]]:
    return [row for n in range(1, 13) for row in roles(n)]


# --- the threshold, and who may be retired at all


@pytest.mark.parametrize(("leave", "asks"), [(0, None), (1, None), (2, 2), (12, 12)])
def test_more_than_a_tenth_leaving_is_a_question(
    leave: int, asks: int | None, register: Register, roster: Reading
) -> None:
    register.apply(roster(parts()))
    changes = register.apply(roster(with_users(everybody()[leave:])))
    assert changes.leaving == leave
    assert changes.question == asks


def test_a_sheet_with_a_header_alone_retires_nobody_unasked(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    changes = register.apply(roster(with_users([])))
    assert counts(changes) == {"leaving": 12}
    assert changes.question == 12
    assert not changes.refused


def test_everybody_marked_as_leaving_is_a_question(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    gone = {f"u_{n:02d}": {"status": "tobedeleted"} for n in range(1, 13)}
    assert register.apply(roster(with_users(everybody(**gone)))).question == 12


def test_a_source_retires_nobody_of_another(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    other = register.of_other_source()
    rows = [user(n, sourcedId=f"v-{n}", email=f"v-{n}@bay.example") for n in range(1, 4)]
    role_rows = [roles(n)[0] | {"userSourcedId": f"v-{n}"} for n in range(1, 4)]
    changes = other.apply(roster(with_users(rows, role_rows)))
    assert counts(changes) == {"new": 3}


def test_one_address_in_two_sources_is_one_person(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    other = register.of_other_source()
    rows = [user(2, sourcedId="v-2"), user(11, sourcedId="v-11", email="else@bay.example")]
    role_rows = [roles(n)[0] | {"userSourcedId": f"v-{n}"} for n in (2, 11)]
    changes = other.apply(roster(with_users(rows, role_rows)))
    assert counts(changes) == {"new": 2}
    joined = {change.sourced_id: change.person for change in changes.people}
    assert joined == {"v-2": register.current.people["u-02"].person, "v-11": None}


def test_a_refused_row_retires_nobody(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    spoiled = replaced(parts(), "users.csv", lambda t: t.replace("u-02@harbour.example", "u-02@harbour"))
    spoiled = replaced(spoiled, "roles.csv", lambda t: t.replace(",principal,", ",wizard,"))
    changes = register.apply(roster(spoiled))
    assert counts(changes) == {"unchanged": 12}
    assert len(changes.refused) == 4


# --- the same again, and each verdict


@pytest.mark.parametrize("make", [parts, parts_11])
def test_the_same_again_changes_nothing(make, register: Register, roster: Reading) -> None:
    first = register.apply(roster(make()))
    assert (counts(first), places(first)) == ({"new": 12}, {"new": 9})
    assert first.question is None
    again = register.apply(roster(make()))
    assert (counts(again), places(again)) == ({"unchanged": 12}, {"unchanged": 9})
    assert (again.people, again.quiet, again.places) == ([], [], [])


def test_each_person_counts_once(register: Register, roster: Reading) -> None:
    """Leaving before moved before changed."""
    register.apply(roster(parts()))
    users = everybody(
        u_02={"familyName": "Gone", "status": "tobedeleted"},
        u_03={"familyName": "Moved"},
        u_04={"familyName": "Changed"},
    )
    role_rows = [row for n in range(1, 13) for row in roles(n, "s-quay" if n in (2, 3) else None)]
    changes = register.apply(roster(with_users([*users, user(13)], role_rows + roles(13, "s-oak"))))
    assert counts(changes) == {"new": 1, "leaving": 1, "moved": 1, "changed": 1, "unchanged": 9}
    moved = next(change for change in changes.people if change.verdict == "moved")
    assert (moved.family, set(moved.ends)) == ("Moved", {"s-mill", "s-mill-m"})
    assert set(moved.begins) == {"s-quay", "s-quay-m"}
    assert moved.begins["s-quay"].begins == date(2026, 8, 17)


@pytest.mark.parametrize(
    ("role", "verdict"),
    [
        ({"role": "principal"}, "changed"),
        ({"orgSourcedId": "s-oak"}, "moved"),
        ({"orgSourcedId": "s-mill-m"}, "changed"),
        ({"sourcedId": "another"}, "unchanged"),
        ({"beginDate": "2026-09-01"}, "unchanged"),
        ({"endDate": "2027-06-11"}, "unchanged"),
    ],
)
def test_changes_of_a_post(role: dict[str, str], verdict: str, register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    role_rows = [r | (role if r["sourcedId"] == "r-u-02" else {}) for r in all_roles()]
    assert counts(register.apply(roster(with_users(everybody(), role_rows)))).get(verdict, 0) > 0
    assert counts(register.apply(roster(with_users(everybody(), role_rows)))) == {"unchanged": 12}


def test_an_address_taken_out_of_the_roster_stays(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    changes = register.apply(roster(with_users(everybody(u_02={"email": ""}))))
    assert counts(changes) == {"unchanged": 12}


def test_a_person_who_comes_back_is_the_same_person(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    who = register.current.people["u-02"].person
    register.apply(roster(delta(users=[user(2, status="tobedeleted")])))
    changes = register.apply(roster(parts()))
    assert counts(changes) == {"new": 1, "unchanged": 11}
    assert changes.people[0].person == who


def test_a_person_under_a_new_id_is_the_same_person(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    who = register.current.people["u-02"].person
    users = everybody(u_02={"sourcedId": "n-02"})
    role_rows = [r | ({"userSourcedId": "n-02"} if r["userSourcedId"] == "u-02" else {}) for r in all_roles()]
    changes = register.apply(roster(with_users(users, role_rows)))
    assert counts(changes) == {"unchanged": 12}
    assert register.current.people["n-02"].person == who
    assert "u-02" not in register.current.people


def test_two_people_may_swap_addresses(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    swapped = everybody(u_02={"email": user(3)["email"]}, u_03={"email": user(2)["email"]})
    changes = register.apply(roster(with_users(swapped)))
    assert counts(changes) == {"changed": 2, "unchanged": 10}
    assert not changes.refused


def test_an_address_of_somebody_else_is_not_taken_over(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    changes = register.apply(roster(delta(users=[user(2, email=user(3)["email"])])))
    assert counts(changes) == {"unchanged": 12}
    assert [(fault.file, fault.line) for fault in changes.refused] == [("users.csv", 2)]
    assert "harbour" not in changes.refused[0].reason


# --- deltas


def test_a_delta_touches_only_what_it_names(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    found = delta(
        users=[
            user(2, status="tobedeleted"),
            user(3, familyName="Halabi", status="active"),
            user(4, status="active"),
        ],
        role_rows=[roles(4, "s-oak")[0] | {"status": "active"}],
        org_rows=[{"sourcedId": "s-quay", "name": "Quay", "type": "school", "parentSourcedId": "d-north"}],
    )
    changes = register.apply(roster(found))
    assert counts(changes) == {"leaving": 1, "changed": 1, "moved": 1, "unchanged": 9}
    assert places(changes) == {"moved": 1, "unchanged": 8}
    assert {post.place for post in register.current.people["u-04"].posts.values()} == {"s-oak"}
    again = register.apply(roster(found))
    assert counts(again) == {"unchanged": 11}


def test_a_delta_of_roles_alone(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    ended = [row | {"status": "tobedeleted"} for row in roles(2)]
    stranger = {**roles(3)[0], "sourcedId": "r-x", "userSourcedId": "u-99"}
    changes = register.apply(roster(delta(role_rows=[*ended, roles(3, "s-oak")[0], stranger])))
    assert counts(changes) == {"leaving": 1, "moved": 1, "unchanged": 10}
    assert [(fault.file, fault.line) for fault in changes.refused] == [("roles.csv", 5)]


def test_a_delta_that_makes_a_teacher_a_student_ends_the_post(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    rows = [row | {"role": "student"} for row in roles(2)]
    assert counts(register.apply(roster(delta(role_rows=rows)))) == {"leaving": 1, "unchanged": 11}
    stranger = [{**roles(3)[0], "sourcedId": "r-x", "userSourcedId": "u-99", "role": "student"}]
    assert register.apply(roster(delta(role_rows=stranger))).ignored == {"student": 1}


def test_an_unknown_school_refuses_the_row(register: Register, roster: Reading) -> None:
    spoiled = replaced(parts(), "roles.csv", lambda t: t.replace(",s-mill,", ",nowhere,", 1))
    changes = register.apply(roster(spoiled))
    assert counts(changes) == {"new": 11}
    assert [fault.as_json() for fault in changes.refused] == [
        {"file": "roles.csv", "line": 2, "reason": "The roster has no place “nowhere”."}
    ]
    old = replaced(parts_11(), "users.csv", lambda t: t.replace("s-mill-m", "nowhere", 1))
    changes = Register().apply(roster(old))
    assert counts(changes) == {"new": 11}
    assert [(fault.file, fault.line) for fault in changes.refused] == [("users.csv", 3)]


# --- places


def test_a_closed_place_keeps_its_people(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    closing = {"sourcedId": "s-oak", "name": "Oak Hill School", "type": "school", "status": "tobedeleted"}
    changes = register.apply(roster(delta(org_rows=[closing | {"parentSourcedId": "d-north"}])))
    assert counts(changes) == {"unchanged": 12}
    assert places(changes) == {"leaving": 1, "unchanged": 8}
    assert register.current.places["s-oak"].closed


def test_a_place_gone_from_a_bulk_roster_closes_and_keeps_its_people(register: Register, roster: Reading) -> None:
    """Whether or not the roster still names the people, and until they work elsewhere."""
    register.apply(roster(parts()))
    fewer = replaced(
        parts(), "orgs.csv", lambda t: "\r\n".join(x for x in t.split("\r\n") if not x.startswith("s-oak"))
    )
    still_named = register.apply(roster(fewer))
    assert (counts(still_named), places(still_named)) == (
        {"unchanged": 12},
        {"leaving": 2, "unchanged": 7},
    )
    users = [row for row in everybody() if row["sourcedId"] not in ("u-05", "u-06")]
    role_rows = [row for n in (1, 2, 3, 4, 9, 10, 11, 12) for row in roles(n)] + roles(7, "s-mill")
    later = fewer | {
        "users.csv": sheet(USER_COLUMNS, users),
        "roles.csv": sheet(ROLE_COLUMNS, role_rows),
    }
    changes = register.apply(roster(later))
    assert counts(changes) == {"moved": 1, "unchanged": 11}
    assert counts(register.apply(roster(later))) == {"unchanged": 12}
    leaving = later | {"users.csv": sheet(USER_COLUMNS, [*users, user(5, status="tobedeleted")])}
    assert counts(register.apply(roster(leaving))) == {"leaving": 1, "unchanged": 11}


def test_a_place_opens_again_moves_and_is_renamed(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    for changed, verdict in (
        ({"status": "tobedeleted"}, "leaving"),
        ({}, "changed"),
        ({"name": "Oak Rise School"}, "changed"),
        ({"name": "Oak Rise School", "parentSourcedId": "d-south"}, "moved"),
    ):
        found = parts() | {"orgs.csv": orgs(s_oak=changed)}
        assert places(register.apply(roster(found))) == {verdict: 1, "unchanged": 8}


def test_a_parent_that_nobody_knows_leaves_the_place_at_the_top(register: Register, roster: Reading) -> None:
    found = parts() | {"orgs.csv": orgs(county={"parentSourcedId": "the-state"})}
    changes = register.apply(roster(found))
    assert next(place for place in changes.places if place.sourced_id == "county").parent is None
    assert places(register.apply(roster(found))) == {"unchanged": 9}


def test_a_delta_that_closes_a_circle_of_places_is_refused(register: Register, roster: Reading) -> None:
    register.apply(roster(parts()))
    turned = {"sourcedId": "county", "name": "Harbour County", "type": "local", "parentSourcedId": "s-oak"}
    with pytest.raises(ArchiveRefused) as caught:
        register.apply(roster(delta(org_rows=[turned])))
    assert (caught.value.faults[0].file, caught.value.faults[0].line) == ("orgs.csv", 2)


def test_a_long_chain_of_places_is_no_circle() -> None:
    chain: dict[str, str | None] = {str(n): str(n + 1) for n in range(50_000)}
    assert places_in_a_circle(chain) is None
    assert places_in_a_circle(chain | {"50000": "7"}) is not None


def test_the_weightiest_role_names_a_post() -> None:
    posts = [HeldPost("a", "aide"), HeldPost("a", "leader"), HeldPost("a", "teacher"), HeldPost("b", "aide")]
    assert titles(posts) == {"a": "leader", "b": "aide"}


def test_version_1_1_rows_replace_all_posts(register: Register, roster: Reading) -> None:
    register.apply(roster(parts_11()))
    rows = [user_11(n) for n in range(1, 13)]
    rows[1] = user_11(2, orgSourcedIds="s-quay,s-quay-m")
    changes = register.apply(roster(parts_11() | {"users.csv": sheet(USER_COLUMNS_11, rows)}))
    assert counts(changes) == {"moved": 1, "unchanged": 11}


# --- real size


@real
def test_real_counties_and_the_delta(register: Register) -> None:
    def take(name: str, into: Register) -> Changes:
        return into.apply(read(REAL / name, today=TODAY))

    assert counts(take("marin-1.2.zip", register)) == {"new": 1047}
    assert counts(take("marin-1.2.zip", register)) == {"unchanged": 1047}
    changes = take("marin-1.2-delta.zip", register)
    assert counts(changes) == {"leaving": 12, "moved": 8, "changed": 3, "unchanged": 1024}
    assert places(changes) == {"leaving": 1, "unchanged": 266}
    assert changes.question is None
    other = register.of_other_source()
    changes = take("alameda-1.1.zip", other)
    assert (counts(changes), changes.question) == ({"new": 5748}, None)
    assert all(change.person is None for change in changes.people)


@real
@pytest.mark.parametrize("name", ["everyone-leaves", "header-only"])
def test_real_archives_that_would_retire_everybody(name: str, register: Register) -> None:
    register.apply(read(REAL / "marin-1.2.zip", today=TODAY))
    assert register.apply(read(REAL / "hostile" / f"{name}.zip", today=TODAY)).question == 1047


@real
@pytest.mark.parametrize("name", ["unknown-school", "unknown-role", "duplicate-person"])
def test_real_faults_of_a_row(name: str, register: Register) -> None:
    changes = register.apply(read(REAL / "hostile" / f"{name}.zip", today=TODAY))
    assert len(changes.refused) == 1
    register.apply(read(REAL / "marin-1.2.zip", today=TODAY))
    again = register.apply(read(REAL / "hostile" / f"{name}.zip", today=TODAY))
    assert counts(again) == {"unchanged": 1047}
