"""Small OneRoster archives of invented places and people, and ways to spoil them.

One county with two districts, three schools and a faculty each; twelve members of staff, by default in
OneRoster 1.2. `parts` gives the files by name, so that a test can change one and `pack` the rest.
"""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

Parts = dict[str, bytes]

ORGS = [
    ("county", "Harbour County", "local", ""),
    ("d-north", "North Harbour", "district", "county"),
    ("d-south", "South Harbour", "district", "county"),
    ("s-mill", "Mill Lane School", "school", "d-north"),
    ("s-oak", "Oak Hill School", "school", "d-north"),
    ("s-quay", "Quay Street School", "school", "d-south"),
    ("s-mill-m", "Mathematics", "department", "s-mill"),
    ("s-oak-m", "Mathematics", "department", "s-oak"),
    ("s-quay-m", "Mathematics", "department", "s-quay"),
]
SCHOOLS = ["s-mill", "s-oak", "s-quay"]
NAMES = [
    ("Nadia", "Petrov"), ("Wei", "Lin"), ("Amina", "حداد"), ("José", "Núñez"),
    ("Ngozi", "Eze"), ("Ольга", "Белова"), ("Noa", "כהן"), ("Tamsin", "O'Dell"),
    ("Ravi", "Menon"), ("真由", "佐藤"), ("Lena", "Groß"), ("Kwame", "Adjei"),
]  # fmt: skip

ORG_COLUMNS = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId"
USER_COLUMNS = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
    "identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,"
    "preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns"
)
USER_COLUMNS_11 = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
)
ROLE_COLUMNS = (
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId"
)


def person(number: int) -> str:
    """The id of the person of that number, from 1."""
    return f"u-{number:02d}"


def school_of(number: int) -> str:
    """Where a person works: four at each school."""
    return SCHOOLS[(number - 1) // 4]


def sheet(columns: str, rows: list[dict[str, str]]) -> bytes:
    """Rows as one CSV sheet with these columns; what a row does not say is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns.split(","), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def orgs(**changed: dict[str, str]) -> bytes:
    """orgs.csv; changes by id, with "_" for "-"."""
    rows = []
    for sourced_id, name, kind, parent in ORGS:
        row = {"sourcedId": sourced_id, "name": name, "type": kind, "parentSourcedId": parent}
        rows.append(row | changed.get(sourced_id.replace("-", "_"), {}))
    return sheet(ORG_COLUMNS, rows)


def user(number: int, **changed: str) -> dict[str, str]:
    """One row of users.csv in version 1.2."""
    given, family = NAMES[(number - 1) % len(NAMES)]
    row = {
        "sourcedId": person(number),
        "enabledUser": "true",
        "givenName": given,
        "familyName": family,
        "email": f"{person(number)}@harbour.example",
    }
    return row | changed


def user_11(number: int, **changed: str) -> dict[str, str]:
    """One row of users.csv in version 1.1: the first of each school leads it, the others teach."""
    school = school_of(number)
    first = number % 4 == 1
    row = user(number) | {
        "role": "administrator" if first else "teacher",
        "orgSourcedIds": school if first else f"{school},{school}-m",
    }
    return row | changed


def roles(number: int, school: str | None = None) -> list[dict[str, str]]:
    """A person's rows of roles.csv: the main one, and for a teacher one in the faculty."""
    place = school or school_of(number)
    main = {
        "sourcedId": f"r-{person(number)}",
        "userSourcedId": person(number),
        "roleType": "primary",
        "role": "principal" if number % 4 == 1 else "teacher",
        "beginDate": "2026-08-17",
        "orgSourcedId": place,
    }
    if number % 4 == 1:
        return [main]
    second = {"sourcedId": f"r2-{person(number)}", "roleType": "secondary", "orgSourcedId": f"{place}-m"}
    return [main, main | second]


def manifest(version: str, **modes: str) -> bytes:
    """manifest.csv with the given mode of each sheet."""
    rows = [("manifest.version", "1.0"), ("oneroster.version", version)]
    rows += [(f"file.{name}", mode) for name, mode in modes.items()]
    text = "".join(f"{name},{value}\r\n" for name, value in [("propertyName", "value"), *rows])
    return text.encode()


def parts(numbers: range = range(1, 13)) -> Parts:
    """A sound bulk archive of version 1.2."""
    return {
        "manifest.csv": manifest("1.2", orgs="bulk", users="bulk", roles="bulk", demographics="absent"),
        "orgs.csv": orgs(),
        "users.csv": sheet(USER_COLUMNS, [user(n) for n in numbers]),
        "roles.csv": sheet(ROLE_COLUMNS, [row for n in numbers for row in roles(n)]),
    }


def parts_11(numbers: range = range(1, 13)) -> Parts:
    """A sound bulk archive of version 1.1."""
    return {
        "manifest.csv": manifest("1.1", orgs="bulk", users="bulk"),
        "orgs.csv": orgs(),
        "users.csv": sheet(USER_COLUMNS_11, [user_11(n) for n in numbers]),
    }


def delta(
    users: list[dict[str, str]] | None = None,
    role_rows: list[dict[str, str]] | None = None,
    org_rows: list[dict[str, str]] | None = None,
) -> Parts:
    """A delta of version 1.2 that says only this."""
    found: Parts = {}
    for name, columns, rows in (
        ("orgs", ORG_COLUMNS, org_rows),
        ("users", USER_COLUMNS, users),
        ("roles", ROLE_COLUMNS, role_rows),
    ):
        if rows is not None:
            found[f"{name}.csv"] = sheet(columns, rows)
    modes = {n: "delta" if f"{n}.csv" in found else "absent" for n in ("orgs", "users", "roles")}
    return found | {"manifest.csv": manifest("1.2", **modes)}


def replaced(found: Parts, name: str, change: Callable[[str], str]) -> Parts:
    """The same files with the text of one changed."""
    return found | {name: change(found[name].decode()).encode()}


def pack(path: Path, found: Parts, *, within: str = "") -> Path:
    """Write the files as a zip, in a folder `within` it where that is given; returns the path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(within + name, content)
    return path
