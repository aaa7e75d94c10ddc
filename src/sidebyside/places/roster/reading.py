"""Reading OneRoster CSV 1.1 and 1.2, bulk and delta, into a Roster.

Only manifest, orgs, users and roles are opened. Roles are read before users, so that of the many rows
of students nothing is kept but a count. Formats: OneRoster 1.1 CSV tables (2017, 1.1.1 of 2023) and
OneRoster CSV binding 1.2.1 (2023) of 1EdTech.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.base.sheets import Progress, silent, tidy
from sidebyside.places.roster.archives import (
    Folder,
    Zip,
    judge_file,
    looks_like_zip,
    open_archive,
    sheet,
)
from sidebyside.places.roster.plain import read_plain
from sidebyside.places.roster.records import (
    NOT_STAFF,
    PLACE_KINDS,
    STAFF,
    PersonRow,
    PlaceRow,
    PostRow,
    Roster,
    refuse,
)
from sidebyside.places.roster.rows import email_fault, id_fault, name_fault, note, places_in_a_circle

ORGS = ("sourcedId", "status", "name", "type", "parentSourcedId")
USERS = ("sourcedId", "status", "enabledUser", "givenName", "familyName", "email")
USERS_11 = (*USERS, "role", "orgSourcedIds")
PREFERRED = ("preferredGivenName", "preferredFamilyName")
ROLES = ("sourcedId", "status", "userSourcedId", "role", "orgSourcedId", "endDate")
MOST_PEOPLE = 300_000  # staff kept in memory at once; a large country has fewer in one source
NO_STAFF_ROLE = "without a role"
NO_PERSON = "roles without a person"


def read(path: Path, *, today: date, progress: Progress = silent) -> Roster:
    """The roster at `path`: a zip, a folder, or one CSV sheet in the plain form.

    `today` decides which posts have already ended. `progress` is called with a file and its rows so far.
    Raises ArchiveRefused where the whole is refused; faults of single rows stand in `Roster.refused`.
    """
    if not path.is_dir():
        judge_file(path)
        if not looks_like_zip(path):
            return read_plain(path, progress=progress)
    archive = open_archive(path)
    try:
        return _Reader(archive, today, progress).roster()
    finally:
        archive.close()


class _Reader:
    """One reading of one archive."""

    def __init__(self, archive: Folder | Zip, today: date, progress: Progress):
        self._archive = archive
        self._today = today
        self._progress = progress

    def roster(self) -> Roster:
        version, modes = self._manifest()
        self._modes = modes
        self._expect("users", "orgs", *(["roles"] if version == "1.2" else []))
        self._roster = Roster(
            version,
            all_people=modes["users"] == "bulk" and (version == "1.1" or modes["roles"] == "bulk"),
            all_places=modes["orgs"] == "bulk",
        )
        if modes["orgs"] != "absent":
            self._read_orgs()
        self._other_kinds: dict[str, str] = {}
        if version == "1.2" and modes["roles"] != "absent":
            self._read_roles()
        if modes["users"] != "absent":
            self._read_users(version)
        self._settle()
        return self._roster

    def _rows(self, name: str, needed: Iterable[str], optional: Iterable[str] = ()) -> Iterator[tuple[int, list[str]]]:
        with self._archive.open(name) as stream:
            yield from sheet(stream, name, tuple(needed), tuple(optional), progress=self._progress)

    # --- the manifest

    def _manifest(self) -> tuple[str, dict[str, str]]:
        """The version, "1.1" or "1.2", and for each sheet we read whether it is bulk, delta or absent."""
        if "manifest.csv" not in self._archive:
            raise refuse(N_("There is no manifest.csv, so this is not a OneRoster archive."), file="manifest.csv")
        said = {}
        for _, (name, value) in self._rows("manifest.csv", ("propertyName", "value")):
            said[name.casefold()] = value.casefold()
        found = re.match(r"1\.[12](?!\d)", said.get("oneroster.version", ""))
        if not found:
            raise refuse(
                N_("Only OneRoster 1.1 and 1.2 can be read; the manifest names another version."),
                file="manifest.csv",
            )
        modes = {}
        for name in ("orgs", "users", "roles"):
            mode = said.get(f"file.{name}", "absent")
            if mode not in ("bulk", "delta", "absent"):
                raise refuse(
                    N_("The manifest says neither bulk nor delta nor absent for %(sheet)s."),
                    file="manifest.csv",
                    sheet=name,
                )
            modes[name] = mode
        return found.group(), modes

    def _expect(self, *names: str) -> None:
        """Refuse an archive that lacks a sheet: a delta may leave some out, a bulk archive none."""
        delta = "delta" in (self._modes[name] for name in names)
        for name in names:
            there = f"{name}.csv" in self._archive
            if self._modes[name] == "absent" and not delta:
                raise refuse(N_("The manifest says that %(sheet)s.csv is left out."), file="manifest.csv", sheet=name)
            if self._modes[name] != "absent" and not there:
                raise refuse(N_("This file is missing from the archive."), file=f"{name}.csv")
        if all(self._modes[name] == "absent" for name in names):
            raise refuse(N_("The archive says nothing about people or places."), file="manifest.csv")

    # --- places

    def _read_orgs(self) -> None:
        places = self._roster.places
        for line, (sourced_id, status, name, kind, parent) in self._rows("orgs.csv", ORGS):
            fault = id_fault(sourced_id) or name_fault(name, N_("The place has no name."))
            if not fault and sourced_id in places:
                fault = N_("This place stands on an earlier line already."), {}
            if not fault and kind.casefold() not in PLACE_KINDS:
                fault = N_("“%(kind)s” is not a kind of place."), {"kind": kind[:40]}
            if fault:
                note(self._roster, Fault("orgs.csv", line, *fault))
                continue
            places[sourced_id] = PlaceRow(
                sourced_id=sourced_id,
                name=tidy(name),
                kind=PLACE_KINDS[kind.casefold()],
                parent=parent or None,
                closed=gone(status),
                file="orgs.csv",
                line=line,
            )
        circle = places_in_a_circle({place.sourced_id: place.parent for place in places.values()})
        if circle:
            raise refuse(
                N_("The place “%(place)s” lies below itself: its parents lead round in a circle."),
                file="orgs.csv",
                line=places[circle].line,
                place=circle[:60],
            )

    # --- roles (version 1.2)

    def _read_roles(self) -> None:
        bulk = self._modes["roles"] == "bulk"
        seen: set[str] = set()
        for line, cells in self._rows("roles.csv", ROLES, ("beginDate",)):
            key, status, user, role, org, ends, begins = cells
            word = role.casefold()
            if word in NOT_STAFF:
                if bulk:
                    self._other_kinds.setdefault(user, NOT_STAFF[word])
                else:
                    self._note_other(user, key, NOT_STAFF[word], line)
                continue
            fault = id_fault(key) or id_fault(user)
            if not fault and key in seen:
                fault = N_("This role stands on an earlier line already."), {}
            if not fault and word not in STAFF:
                fault = unknown_role(role)
            if fault:
                note(self._roster, Fault("roles.csv", line, *fault))
                if user and len(user) <= 255:
                    self._person(user, "roles.csv", line).unclear.add(key)
                continue
            seen.add(key)
            person = self._person(user, "roles.csv", line)
            if gone(status) or self._past(ends):
                person.ended.add(key)
            else:
                person.posts[key] = PostRow(org, STAFF[word], day(begins), "roles.csv", line)

    def _note_other(self, user: str, key: str, kind: str, line: int) -> None:
        """Note in a delta that a role is none of staff; a staff role of the same id has then ended."""
        if user and key:
            person = self._person(user, "roles.csv", line)
            person.ended.add(key)
            person.other = kind

    def _past(self, text: str) -> bool:
        ends = day(text)
        return ends is not None and ends < self._today

    def _person(self, sourced_id: str, file: str, line: int) -> PersonRow:
        """The person's row, begun here if this is the first that names her."""
        people = self._roster.people
        if sourced_id not in people:
            if len(people) >= MOST_PEOPLE:
                raise refuse(
                    N_("More than %(limit)s members of staff in one roster. Hand it in district by district."),
                    file=file,
                    line=line,
                    limit=MOST_PEOPLE,
                )
            people[sourced_id] = PersonRow(sourced_id, file, line, whole=self._modes["roles"] == "bulk")
        return people[sourced_id]

    # --- users

    def _read_users(self, version: str) -> None:
        """Read users.csv; what is kept of people who are no staff is one count for each kind."""
        lines: dict[str, int] = {}
        addresses: dict[str, int] = {}
        columns = USERS_11 if version == "1.1" else USERS
        for line, cells in self._rows("users.csv", columns, PREFERRED):
            sourced_id, status, enabled, given, family, email = cells[:6]
            leaving = gone(status) or enabled.casefold() == "false"
            kind = self._other_kind(sourced_id, cells[6] if version == "1.1" else None, line)
            if kind:
                self._roster.ignored[kind] += 1
                if leaving and kind == NO_STAFF_ROLE:
                    self._roster.gone[sourced_id] = ("users.csv", line)
                continue
            fault = id_fault(sourced_id)
            if not fault and sourced_id in lines:
                fault = N_("This person stands on line %(first)s already."), {"first": lines[sourced_id]}
            if fault:
                note(self._roster, Fault("users.csv", line, *fault))
                continue
            lines[sourced_id] = line
            if leaving:
                self._roster.gone[sourced_id] = ("users.csv", line)
                self._roster.people.pop(sourced_id, None)
                continue
            email = email.casefold()
            given, family = tidy(cells[-2] or given), tidy(cells[-1] or family)
            fault = name_fault(given + family, N_("The person has no name.")) or email_fault(email)
            if not fault and email and email in addresses:
                fault = N_("Line %(first)s has the same e-mail address."), {"first": addresses[email]}
            if not fault and version == "1.1":
                fault = self._posts_of_row(sourced_id, line, cells[6], cells[7])
            if fault:
                self._untouched(sourced_id, Fault("users.csv", line, *fault))
                continue
            if email:
                addresses[email] = line
            person = self._person(sourced_id, "users.csv", line)
            person.file, person.line = "users.csv", line
            person.given, person.family, person.email = given, family, email

    def _other_kind(self, sourced_id: str, role: str | None, line: int) -> str | None:
        """What somebody is who is no staff and so only counted; None for staff.

        `role` is the row's own in version 1.1. In version 1.2 roles.csv has said who is staff; a delta
        need not repeat that, so there everybody is kept until it is known who is on record.
        """
        if role is not None:
            kind = NOT_STAFF.get(role.casefold())
            if kind and self._modes["users"] == "delta":
                self._roster.gone[sourced_id] = ("users.csv", line)
            return kind
        if self._modes["roles"] != "bulk" or sourced_id in self._roster.people:
            return None
        return self._other_kinds.get(sourced_id, NO_STAFF_ROLE)

    def _posts_of_row(self, sourced_id: str, line: int, role: str, orgs: str) -> tuple[str, dict[str, object]] | None:
        """Note the posts that a row of version 1.1 gives; or the fault that refuses the row."""
        title = STAFF.get(role.casefold())
        if title is None:
            return unknown_role(role)
        person = self._person(sourced_id, "users.csv", line)
        person.whole = True
        for org in filter(None, (part.strip() for part in orgs.split(","))):
            person.posts[org] = PostRow(org, title, None, "users.csv", line)
        return None if person.posts else (N_("The row names no place of work."), {})

    def _untouched(self, sourced_id: str, fault: Fault) -> None:
        note(self._roster, fault)
        self._roster.untouched.add(sourced_id)
        self._roster.people.pop(sourced_id, None)

    def _settle(self) -> None:
        """Drop what names nobody: in a bulk archive, roles of people whom users.csv does not have."""
        roster = self._roster
        if self._modes["users"] == "bulk":
            strays = [key for key, person in roster.people.items() if person.given is None]
            for key in strays:
                del roster.people[key]
            if strays:
                roster.ignored[NO_PERSON] += len(strays)
        if roster.all_people:
            for key, person in list(roster.people.items()):
                if not person.posts and not person.unclear:
                    del roster.people[key]
                    roster.ignored[NO_STAFF_ROLE] += 1


def gone(status: str) -> bool:
    """Whether a row's status says that it is to be removed ("inactive" is how version 1.0 put it)."""
    return status.casefold() in ("tobedeleted", "inactive")


def day(text: str) -> date | None:
    """The day of a OneRoster date or moment, or None where there is none that can be read."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def unknown_role(role: str) -> tuple[str, dict[str, object]]:
    """The fault of a role that no version of the format knows."""
    return N_("“%(role)s” is not a role of a roster."), {"role": role[:40]}
