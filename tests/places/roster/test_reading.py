"""Rosters that are spoiled, hostile, or merely unusual."""

import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest

from sidebyside.base.faults import Fault
from sidebyside.places.roster import archives as limits
from sidebyside.places.roster.plain import TEMPLATE
from sidebyside.places.roster.reading import read
from sidebyside.places.roster.records import ArchiveRefused, Roster
from tests.places.roster.archives import (
    ROLE_COLUMNS,
    USER_COLUMNS,
    Parts,
    delta,
    manifest,
    orgs,
    pack,
    parts,
    parts_11,
    person,
    replaced,
    roles,
    sheet,
    user,
)

TODAY = date(2026, 11, 22)
REAL = Path(__file__).parents[3].parent / "shared" / "data" / "rosters"
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/rosters is not here")


def refused(path: Path) -> Fault:
    """The one fault for which the whole is refused."""
    with pytest.raises(ArchiveRefused) as caught:
        read(path, today=TODAY)
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].reason
    return caught.value.faults[0]


def read_parts(folder: Path, found: Parts) -> Roster:
    return read(pack(folder / "roster.zip", found), today=TODAY)


# --- the whole archive is refused


def without(name: str) -> Parts:
    return {key: content for key, content in parts().items() if key != name}


def spoil(name: str, old: str, new: str) -> Parts:
    return replaced(parts(), name, lambda text: text.replace(old, new, 1))


LATIN = replaced(parts(), "users.csv", lambda t: t)["users.csv"].decode().encode("latin-1", "replace")

SPOILED = {
    "no manifest": (without("manifest.csv"), "manifest.csv", None),
    "no users": (without("users.csv"), "users.csv", None),
    "no places": (without("orgs.csv"), "orgs.csv", None),
    "no roles": (without("roles.csv"), "roles.csv", None),
    "another version": (
        parts() | {"manifest.csv": manifest("1.0", orgs="bulk", users="bulk", roles="bulk")},
        "manifest.csv",
        None,
    ),
    "users said to be absent": (
        parts() | {"manifest.csv": manifest("1.2", orgs="bulk", users="absent", roles="bulk")},
        "manifest.csv",
        None,
    ),
    "an unknown mode": (
        parts() | {"manifest.csv": manifest("1.2", orgs="bulk", users="some", roles="bulk")},
        "manifest.csv",
        None,
    ),
    "a column is missing": (spoil("users.csv", "familyName", "surname"), "users.csv", 1),
    "a column stands twice": (spoil("users.csv", "middleName", "familyName"), "users.csv", 1),
    "zero bytes": (spoil("users.csv", "u-03", "u-\0\0\x003"), "users.csv", 4),
    "latin-1": (parts() | {"users.csv": LATIN}, "users.csv", 5),
    "half a UTF-16 character": (
        parts() | {"users.csv": parts()["users.csv"].decode().encode("utf-16") + b"\x00\xd8"},
        "users.csv",
        14,
    ),
    "a row cut in two": (spoil("users.csv", "@harbour.example,", "@harbour.example\r\n"), "users.csv", 2),
    "a cell too many": (spoil("roles.csv", ",teacher,", ",teacher,,"), "roles.csv", 3),
    "a quote never closed": (spoil("users.csv", "Wei", '"Wei'), "users.csv", 3),
    "text after a quote": (spoil("users.csv", "Wei", '"Wei"x'), "users.csv", 3),
    "places in a circle": (
        parts() | {"orgs.csv": orgs(county={"parentSourcedId": "d-north"})},
        "orgs.csv",
        2,
    ),
    "a place below itself": (
        parts() | {"orgs.csv": orgs(s_oak={"parentSourcedId": "s-oak"})},
        "orgs.csv",
        6,
    ),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_fault_of_the_archive_refuses_it_whole(name: str, tmp_path: Path) -> None:
    found, file, line = SPOILED[name]
    fault = refused(pack(tmp_path / "roster.zip", found))
    assert (fault.file, fault.line) == (file, line)


def test_no_sentence_repeats_a_person(tmp_path: Path) -> None:
    for number, (found, _, _) in enumerate(SPOILED.values()):
        reason = refused(pack(tmp_path / f"{number}.zip", found)).reason
        assert "harbour.example" not in reason
        assert not any(word in reason for word in ("Petrov", "Wei", "Lin", "Núñez"))


@pytest.mark.parametrize("name", ["../../outside.csv", "/etc/outside.csv", "..\\outside.csv", "C:\\a.csv"])
def test_a_file_that_leaves_its_folder_refuses_the_archive(name: str, tmp_path: Path) -> None:
    path = pack(tmp_path / "roster.zip", parts() | {name: b"x"})
    assert "outside" in refused(path).reason
    assert sorted(p.name for p in tmp_path.iterdir()) == ["roster.zip"]


def test_a_zip_bomb_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = pack(tmp_path / "roster.zip", parts())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("demographics.csv")
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as stream:
            block = b"0" * limits.MEBIBYTE
            for _ in range(4):
                stream.write(block)
    content = bytearray(path.read_bytes())
    # The list of contents claims a gigabyte for it, as the list of a real bomb would.
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (1 << 30).to_bytes(4, "little")
    path.write_bytes(content)
    fault = refused(path)
    assert fault.file == "demographics.csv"
    assert "MB" in fault.reason


def test_many_large_files_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_TOTAL", 3000)
    extra = {f"{number}.csv": b"x" * 1000 for number in range(4)}
    assert "unpacks to more than" in refused(pack(tmp_path / "roster.zip", extra)).reason


def test_a_sheet_that_claims_to_be_small_fills_no_memory(tmp_path: Path) -> None:
    """A bomb with a false size: the reader gets what is declared and then finds the sum wrong."""
    path = pack(tmp_path / "roster.zip", parts() | {"users.csv": b"0" * (30 * limits.MEBIBYTE)})
    content = bytearray(path.read_bytes())
    at = content.rfind(b"users.csv") - 46
    content[at + 24 : at + 28] = (500).to_bytes(4, "little")
    path.write_bytes(content)
    tracemalloc.start()
    refused(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * limits.MEBIBYTE


def test_a_line_without_end_is_refused_early(tmp_path: Path) -> None:
    path = pack(tmp_path / "roster.zip", parts() | {"users.csv": b"a" * (20 * limits.MEBIBYTE)})
    tracemalloc.start()
    fault = refused(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (fault.file, fault.line) == ("users.csv", 1)
    assert most < 8 * limits.MEBIBYTE


def test_a_row_that_never_ends_is_refused(tmp_path: Path) -> None:
    head, rest = parts()["users.csv"].split(b"\r\n", 1)
    endless = head + b"\r\n" + b'"a\n",' * 400_000 + rest
    fault = refused(pack(tmp_path / "roster.zip", parts() | {"users.csv": endless}))
    assert fault.file == "users.csv"


def test_a_list_of_contents_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3000):
            archive.writestr("x" * 400 + str(number), b"")
    assert "far more files" in refused(path).reason


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.zip"
    for content in (b"PK\x03\x04 this is no archive", b"PK", b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18):
        path.write_bytes(content)
        refused(path)


@pytest.mark.parametrize("keep", [30, 400, -10, -30, -200])
def test_a_zip_cut_short_is_refused(keep: int, tmp_path: Path) -> None:
    path = pack(tmp_path / "roster.zip", parts())
    path.write_bytes(path.read_bytes()[:keep])
    refused(path)


def test_damaged_bytes_inside_a_zip_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "roster.zip", parts())
    content = bytearray(path.read_bytes())
    at = content.find(b"users.csv") + 60
    content[at : at + 8] = b"\xff" * 8
    path.write_bytes(content)
    assert refused(path).file == "users.csv"


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "roster.zip", parts())
    content = bytearray(path.read_bytes())
    at = content.rfind(b"users.csv") - 46
    content[at + 8] |= 1
    path.write_bytes(content)
    assert "password" in refused(path).reason


def test_a_spreadsheet_is_told_from_a_broken_roster(tmp_path: Path) -> None:
    path = pack(tmp_path / "staff.xlsx", {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"})
    assert "spreadsheet" in refused(path).reason


def test_nothing_there_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nothing.zip")
    refused(tmp_path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(b"")
    refused(path)


def test_a_device_is_not_read() -> None:
    refused(Path("/dev/zero"))


def test_thousands_of_faults_refuse_the_whole(tmp_path: Path) -> None:
    rows = [user(n, sourcedId=f"x{n}", givenName="", familyName="") for n in range(1, 5003)]
    bad_roles = [{**roles(1)[0], "sourcedId": f"r{n}", "userSourcedId": f"x{n}"} for n in range(1, 5003)]
    found = parts() | {"users.csv": sheet(USER_COLUMNS, rows), "roles.csv": sheet(ROLE_COLUMNS, bad_roles)}
    assert "rows are at fault" in refused(pack(tmp_path / "roster.zip", found)).reason


# --- one row is refused


ROWS = {
    "a person twice": ("users.csv", lambda t: t + t.split("\r\n")[1] + "\r\n", 14),
    "an address twice": ("users.csv", lambda t: t.replace("u-02@", "u-01@"), 3),
    "an address cut short": ("users.csv", lambda t: t.replace("u-02@harbour.example", "u-02@harbour"), 3),
    "no name": ("users.csv", lambda t: t.replace("Wei,Lin", ","), 3),
    "a name without end": ("users.csv", lambda t: t.replace("Wei", "W" * 151), 3),
    "a role of no vocabulary": ("roles.csv", lambda t: t.replace(",teacher,", ",wizard,", 1), 3),
    "a role twice": ("roles.csv", lambda t: t.replace("r2-u-02", "r-u-02"), 4),
    "a kind of place of no vocabulary": ("orgs.csv", lambda t: t.replace(",department,", ",castle,", 1), 8),
    "a place without a name": ("orgs.csv", lambda t: t.replace("Oak Hill School", " "), 6),
    "a place twice": ("orgs.csv", lambda t: t + t.split("\r\n")[9] + "\r\n", 11),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_fault_of_a_row_refuses_that_row(name: str, tmp_path: Path) -> None:
    file, change, line = ROWS[name]
    roster = read_parts(tmp_path, replaced(parts(), file, change))
    assert [(fault.file, fault.line) for fault in roster.refused] == [(file, line)]
    assert len(roster.people) >= 11
    assert "harbour" not in roster.refused[0].reason
    assert "Wei" not in roster.refused[0].reason


# --- sound, though unusual


def test_a_sound_archive(tmp_path: Path) -> None:
    roster = read_parts(tmp_path, parts())
    assert (roster.version, roster.all_people, roster.all_places) == ("1.2", True, True)
    assert len(roster.people) == 12
    assert [place.kind for place in roster.places.values()].count("school") == 3
    wei = roster.people["u-02"]
    assert (wei.given, wei.family, wei.email) == ("Wei", "Lin", "u-02@harbour.example")
    assert {post.place: post.title for post in wei.posts.values()} == {
        "s-mill": "teacher",
        "s-mill-m": "teacher",
    }
    assert wei.posts["r-u-02"].begins == date(2026, 8, 17)
    assert [post.title for post in roster.people["u-01"].posts.values()] == ["leader"]
    assert not roster.refused
    assert not roster.ignored


def test_version_1_1_says_the_same(tmp_path: Path) -> None:
    new = read_parts(tmp_path, parts())
    old = read_parts(tmp_path, parts_11())
    assert old.people.keys() == new.people.keys()
    for key, row in old.people.items():
        posts = {post.place: post.title for post in new.people[key].posts.values()}
        assert {post.place: post.title for post in row.posts.values()} == posts


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b"\xef\xbb\xbf" + b.replace(b"\r\n", b"\n"),
        lambda b: b.decode().encode("utf-16"),
        lambda b: b.decode().encode("utf-16-le"),
        lambda b: b.decode().encode("utf-16-be"),
        lambda b: b.replace(b"\r\n", b",x\r\n").replace(b"pronouns,x", b"pronouns,metadata.hr"),
        lambda b: b + b"\r\n" + b"," * 22 + b"\r\n",
        lambda b: b.replace(b"sourcedId,status", b'"sourcedId", STATUS ', 1),
    ],
    ids=["mark and LF", "UTF-16", "UTF-16 LE", "UTF-16 BE", "own columns", "empty rows", "other case"],
)
def test_unusual_text_is_read(change, tmp_path: Path) -> None:
    found = parts()
    roster = read_parts(tmp_path, found | {"users.csv": change(found["users.csv"])})
    assert len(roster.people) == 12
    assert roster.people["u-03"].family == "حداد"
    assert not roster.refused


def test_sheets_in_a_folder_and_in_a_folder_of_the_zip(tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    for name, content in parts().items():
        (folder / name).write_bytes(content)
    assert len(read(folder, today=TODAY).people) == 12
    path = pack(tmp_path / "a.zip", parts(), within="export 2026/")
    assert len(read(path, today=TODAY).people) == 12


def test_script_and_formula_are_text(tmp_path: Path) -> None:
    found = replaced(parts(), "users.csv", lambda t: t.replace("Wei", '"=HYPERLINK(""http://x"")"'))
    found = replaced(found, "orgs.csv", lambda t: t.replace("Oak Hill", "<script>alert(1)</script>"))
    roster = read_parts(tmp_path, found)
    assert roster.people["u-02"].given == '=HYPERLINK("http://x")'
    assert roster.places["s-oak"].name == "<script>alert(1)</script> School"


def test_names_are_one_line_of_composed_characters(tmp_path: Path) -> None:
    found = replaced(parts(), "users.csv", lambda t: t.replace("José", '"Jose\u0301 \t\n\u200fP."'))
    assert read_parts(tmp_path, found).people["u-04"].given == "José \u200fP."


def test_preferred_names_are_used(tmp_path: Path) -> None:
    rows = [user(2, preferredGivenName="Vivian")]
    found = parts() | {"users.csv": sheet(USER_COLUMNS, rows)}
    assert read_parts(tmp_path, found).people["u-02"].given == "Vivian"


def test_a_person_without_a_mailbox_is_no_fault(tmp_path: Path) -> None:
    found = parts() | {"users.csv": sheet(USER_COLUMNS, [user(2, email=""), user(3, email="")])}
    roster = read_parts(tmp_path, found)
    assert len(roster.people) == 2
    assert not roster.refused


def test_others_than_staff_are_counted_and_not_kept(tmp_path: Path) -> None:
    kinds = ["student", "student", "guardian", "parent", "relative", "proctor", "systemAdministrator"]
    users = [user(2)] + [user(n, sourcedId=f"o{n}", email="") for n in range(20, 28)]
    role_rows = roles(2) + [
        {"sourcedId": f"ro{n}", "userSourcedId": f"o{n}", "role": kind, "orgSourcedId": "s-oak"}
        for n, kind in enumerate(kinds, start=20)
    ]
    found = parts() | {
        "users.csv": sheet(USER_COLUMNS, users),
        "roles.csv": sheet(ROLE_COLUMNS, role_rows),
    }
    roster = read_parts(tmp_path, found)
    assert list(roster.people) == ["u-02"]
    assert roster.ignored == {
        "student": 2,
        "guardian": 1,
        "parent": 1,
        "relative": 1,
        "proctor": 1,
        "systemAdministrator": 1,
        "without a role": 1,
    }


def test_version_1_1_counts_others_too(tmp_path: Path) -> None:
    found = replaced(parts_11(), "users.csv", lambda t: t.replace(",teacher,", ",student,"))
    roster = read_parts(tmp_path, found)
    assert (len(roster.people), roster.ignored) == (3, {"student": 9})


def test_every_staff_role_of_both_vocabularies_is_a_post(tmp_path: Path) -> None:
    words = {
        "teacher": "teacher",
        "principal": "leader",
        "siteAdministrator": "leader",
        "administrator": "leader",
        "districtAdministrator": "administrator",
        "counselor": "counselor",
        "aide": "aide",
    }
    role_rows = [roles(n)[0] | {"role": word} for n, word in enumerate(words, start=1)]
    roster = read_parts(tmp_path, parts() | {"roles.csv": sheet(ROLE_COLUMNS, role_rows)})
    found = [roster.people[person(n)].posts[f"r-{person(n)}"].title for n in range(1, 8)]
    assert found == list(words.values())


def test_staff_who_are_parents_too_are_staff(tmp_path: Path) -> None:
    first = {"sourcedId": "p", "userSourcedId": "u-02", "role": "parent", "orgSourcedId": "s-oak"}
    found = parts() | {"roles.csv": sheet(ROLE_COLUMNS, [first, *roles(2)])}
    assert set(read_parts(tmp_path, found).people["u-02"].posts) == {"r-u-02", "r2-u-02"}


def test_posts_that_have_ended_and_people_switched_off(tmp_path: Path) -> None:
    role_rows = [
        roles(1)[0] | {"endDate": "2026-11-21"},
        roles(2)[0] | {"endDate": "2026-11-22"},
        roles(3)[0] | {"status": "tobedeleted"},
        roles(4)[0],
        roles(5)[0],
    ]
    users = [user(n) for n in range(1, 4)]
    users += [user(4, enabledUser="FALSE"), user(5, status="tobedeleted")]
    found = parts() | {
        "users.csv": sheet(USER_COLUMNS, users),
        "roles.csv": sheet(ROLE_COLUMNS, role_rows),
    }
    roster = read_parts(tmp_path, found)
    assert list(roster.people) == ["u-02"]
    assert roster.gone == {"u-04": ("users.csv", 5), "u-05": ("users.csv", 6)}


def test_a_delta_may_leave_sheets_out(tmp_path: Path) -> None:
    roster = read_parts(tmp_path, delta(users=[user(2, familyName="Lin-Ortega")]))
    assert (roster.all_people, roster.all_places) == (False, False)
    assert roster.people["u-02"].family == "Lin-Ortega"


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    path = pack(tmp_path / "roster.zip", parts())
    read(path, today=TODAY, progress=lambda file, rows: told.append((file, rows)))
    assert ("users.csv", 12) in told


# --- the plain form


def plain(folder: Path, text: str, encoding: str = "utf-8") -> Roster:
    path = folder / "staff.csv"
    path.write_bytes(text.encode(encoding))
    return read(path, today=TODAY)


HEAD = "email,given_name,family_name,place,role\n"


def test_the_template_is_read(tmp_path: Path) -> None:
    roster = plain(tmp_path, TEMPLATE)
    assert len(roster.people) == 2
    assert [place.kind for place in roster.places.values()] == ["district", "school", "faculty"]
    assert not roster.refused
    assert roster.all_people
    assert not roster.all_places


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_of_spreadsheets(mark: str, tmp_path: Path) -> None:
    text = HEAD + "a@b.example,Ada,Byron,Mill Lane,teacher\n"
    assert len(plain(tmp_path, text.replace(",", mark), "utf-8-sig").people) == 1


def test_two_rows_are_two_posts_of_one_person(tmp_path: Path) -> None:
    text = HEAD + "a@b.example,Ada,Byron,Mill,teacher\nA@B.example,Ada,Byron,Oak,leader\n"
    roster = plain(tmp_path, text)
    (ada,) = roster.people.values()
    assert {post.place: post.title for post in ada.posts.values()} == {"mill": "teacher", "oak": "leader"}


@pytest.mark.parametrize(
    "row",
    [
        "a@b.example,Ada,Byron,Mill,teacher",
        "a@b.example,Eve,Byron,Oak,teacher",
        "c@b.example,Eve,Byron,Oak,coach",
        "c@b.example,Eve,Byron,Oak,",
        "c@b.example,Eve,Byron,,teacher",
        "c@b.example,Eve,Byron,A > > C,teacher",
        "c@b.example,Eve,Byron,A > B > C > D,teacher",
        "c@b,Eve,Byron,Oak,teacher",
        "c@b.example,,,Oak,teacher",
    ],
)
def test_faults_of_a_plain_row(row: str, tmp_path: Path) -> None:
    roster = plain(tmp_path, f"{HEAD}a@b.example,Ada,Byron,Mill,teacher\n{row}\n")
    assert len(roster.people) == 1
    assert [(fault.file, fault.line) for fault in roster.refused] == [("staff.csv", 3)]


def test_students_in_the_plain_form_are_counted(tmp_path: Path) -> None:
    roster = plain(tmp_path, HEAD + "a@b.example,Ada,Byron,Mill,student\n")
    assert (roster.people, roster.ignored) == ({}, {"student": 1})


def test_a_sheet_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("name,phone\nAda,1\n")
    assert "email" in refused(path).reason
    path.write_bytes("email,given_name,family_name,place,role\nä@b.example\n".encode("latin-1"))
    assert "UTF-8" in refused(path).reason
    path.write_bytes(b"\x00" * 100)
    refused(path)


# --- real size


@real
def test_real_counties() -> None:
    marin = read(REAL / "marin-1.2.zip", today=TODAY)
    kinds = [place.kind for place in marin.places.values()]
    assert (len(marin.people), kinds.count("school"), kinds.count("district")) == (1047, 50, 14)
    alameda = read(REAL / "alameda-1.1.zip", today=TODAY)
    kinds = [place.kind for place in alameda.places.values()]
    assert (len(alameda.people), kinds.count("school")) == (5748, 279)


WHOLE = """
    no-manifest no-users missing-column not-a-roster not-a-zip path-outside null-bytes latin-1
    ragged-row places-in-a-circle zip-bomb
"""


@real
@pytest.mark.parametrize("name", WHOLE.split())
def test_real_hostile_archives_are_refused(name: str) -> None:
    refused(REAL / "hostile" / f"{name}.zip")


@real
@pytest.mark.parametrize("name", ["bom-and-lf", "vendor-columns", "utf-16", "script-in-name", "formula-in-name"])
def test_real_unusual_archives_are_read(name: str) -> None:
    roster = read(REAL / "hostile" / f"{name}.zip", today=TODAY)
    assert len(roster.people) == 1047
    assert not roster.refused
