"""The pages of rosters: whose they are, what they show before anything happens, and what applying does."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from sidebyside.people.models import Person
from sidebyside.places.actions.rosters import apply_roster, folder_of_uploads, path_of
from sidebyside.places.models import Place, Role, RosterImport, Source
from sidebyside.places.roster.changes import VERDICTS
from sidebyside.places.roster_queries import preview
from sidebyside.web.rosters.lines import inert
from tests.places.roster.archives import (
    ORG_COLUMNS,
    ROLE_COLUMNS,
    USER_COLUMNS,
    Parts,
    delta,
    pack,
    parts,
    replaced,
    roles,
    sheet,
    user,
)

REAL = Path(__file__).parents[3].parent / "shared" / "data" / "rosters"
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/rosters is not here")
OTHERS = ["ana", "ben", "dara", "emre", "fatima", "jonas", "kofi", "lena", "mai"]


class Lead:
    """A programme lead at her browser."""

    def __init__(self, client, world, folder: Path):
        self.client, self.world, self._folder = client, world, folder
        client.force_login(world.ines)

    def send(self, content: bytes, name: str = "roster.zip", source: str = "personnel office", **fields: object):
        form = {"place": self.world.northshore.pk, "source": source, **fields}
        return self.client.post(reverse("rosters"), {**form, "file": SimpleUploadedFile(name, content)})

    def bring(self, found: Parts, **options: object) -> RosterImport:
        """Upload an archive; returns what waits now."""
        answer = self.send(pack(self._folder / "r.zip", found).read_bytes(), **options)
        assert answer.status_code == 302, answer.content.decode()
        return RosterImport.objects.get(pk=int(answer["Location"].strip("/").split("/")[-1]))

    def page(self, upload: RosterImport, **query: str) -> str:
        answer = self.client.get(reverse("roster", args=[upload.pk]), query)
        assert answer.status_code == 200
        return answer.content.decode()

    def apply(self, upload: RosterImport, **said: object):
        after = re.search(r'name="after"(?: value="(\d*)")?', self.page(upload))
        fields = {"after": (after.group(1) or "") if after else "", **said}
        return self.client.post(reverse("roster_application", args=[upload.pk]), fields)


@pytest.fixture
def lead(client, world, tmp_path: Path) -> Lead:
    return Lead(client, world, tmp_path)


def shown(page: str) -> list[list[str]]:
    """The cells of the last table of a page, row by row."""
    table = page.split("<table>")[-1].split("</table>")[0]
    rows = table.split("<tbody>")[1].split("<tr>")[1:]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in cells]


def staff_of_the_world() -> int:
    return Person.objects.count()


# --- whose it is


@pytest.mark.parametrize("name", OTHERS)
def test_it_is_for_programme_leads_alone(name: str, lead: Lead, world, client) -> None:
    upload = lead.bring(parts())
    client.force_login(getattr(world, name))
    people = staff_of_the_world()
    for address in ("roster", "roster_changes", "roster_application", "roster_removal"):
        where = reverse(address, args=[upload.pk])
        answer = client.get(where) if address in ("roster", "roster_changes") else client.post(where, {"after": ""})
        assert answer.status_code == 404
    assert client.get(reverse("rosters")).status_code == 404
    form = {"place": world.northshore.pk, "source": "x", "file": SimpleUploadedFile("a.zip", b"PK")}
    assert client.post(reverse("rosters"), form).status_code == 404
    assert client.post(reverse("source_leaders", args=[upload.source_id]), {"allowed": "yes"}).status_code == 404
    assert RosterImport.objects.count() == 1
    assert staff_of_the_world() == people
    assert Source.objects.get(pk=upload.source_id).leaders_allowed_at is None


def test_a_lead_of_another_place_is_an_outsider(lead: Lead, world, client) -> None:
    upload = lead.bring(parts())
    Role.objects.create(person=world.mai, place=world.fell, kind="lead", given_at=timezone.now())
    client.force_login(world.mai)
    page = client.get(reverse("rosters"))
    assert page.status_code == 200
    assert "personnel office" not in page.content.decode()
    assert client.get(reverse("roster", args=[upload.pk])).status_code == 404
    form = {"place": world.northshore.pk, "source": "x", "file": SimpleUploadedFile("a.zip", b"PK")}
    assert client.post(reverse("rosters"), form).status_code == 422
    form = {"place": world.fell.pk, "source": "personnel office", "file": SimpleUploadedFile("a.zip", b"PK")}
    answer = client.post(reverse("rosters"), form)
    assert answer.status_code == 422
    assert "another place" in answer.content.decode()


def test_nobody_signed_in_is_asked_to_sign_in(lead: Lead, client) -> None:
    upload = lead.bring(parts())
    client.logout()
    for address in (reverse("rosters"), reverse("roster", args=[upload.pk])):
        assert client.get(address).status_code == 302


# --- what is shown before anything happens


def test_an_upload_changes_nothing_yet(lead: Lead) -> None:
    before = staff_of_the_world(), Place.objects.count()
    upload = lead.bring(parts())
    page = lead.page(upload)
    assert (staff_of_the_world(), Place.objects.count()) == before
    assert ">12<" in page
    assert "roster.zip" in lead.client.get(reverse("rosters")).content.decode()


def test_every_list_has_reasons_and_lines(lead: Lead) -> None:
    lead.apply(lead.bring(parts()))
    users = [
        user(1),
        user(2, familyName="Lin-Ortega"),
        user(3),
        user(4, status="tobedeleted"),
        user(6, email="none"),
        user(13, sourcedId="u-13"),
    ]
    found = delta(
        users=users,
        role_rows=[roles(3, "s-quay")[0], {**roles(1)[0], "sourcedId": "r-u-13", "userSourcedId": "u-13"}],
        org_rows=[{"sourcedId": "s-oak", "name": "Oak Hill School", "type": "school", "status": "tobedeleted"}],
    )
    upload = lead.bring(found)
    expected = {
        "new": [["Nadia Petrov", "school leader at Mill Lane School", "users.csv, line 7"]],
        "changed": [["Wei Lin-Ortega", "was called Wei Lin", "users.csv, line 3"]],
        "moved": [
            [
                "Amina حداد",
                "teacher at Quay Street School; until now teacher at Mill Lane School",
                "users.csv, line 4",
            ]
        ],
        "leaving": [
            ["Oak Hill School", "closes; its people stay on its list", "orgs.csv, line 2"],
            ["José Núñez", "marked as leaving; was teacher at Mill Lane School", "users.csv, line 5"],
        ],
        "refused": [["users.csv, line 6", "The e-mail address is not complete."]],
    }
    for verdict, rows in expected.items():
        assert shown(lead.page(upload, show=verdict)) == rows


def test_who_is_missing_from_a_full_roster_is_told_so(lead: Lead) -> None:
    lead.apply(lead.bring(parts()))
    upload = lead.bring(parts() | {"users.csv": sheet(USER_COLUMNS, [user(n) for n in range(2, 13)])})
    assert shown(lead.page(upload, show="leaving")) == [
        ["Nadia Petrov", "not in the roster any more; was school leader at Mill Lane School", ""]
    ]


@pytest.mark.parametrize("query", [{"show": "nonsense"}, {"page": "-1"}, {"page": "9" * 30}, {"page": "99"}])
def test_nonsense_in_the_address_is_no_error(query: dict[str, str], lead: Lead) -> None:
    lead.page(lead.bring(parts()), **query)


def test_markup_in_names_is_text(lead: Lead) -> None:
    found = replaced(parts(), "orgs.csv", lambda t: t.replace("Oak Hill", "<script>alert(1)</script>"))
    page = lead.page(lead.bring(found), show="new")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_long_lists_come_page_by_page_with_the_same_queries(lead: Lead, django_assert_max_num_queries) -> None:
    small, large = lead.bring(parts(range(1, 2))), lead.bring(parts(range(1, 13)), source="another")
    for upload in (small, large):
        with django_assert_max_num_queries(16):
            lead.page(upload, show="new")


# --- files that will not do


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "roster.zip"),
        (b"PK\x03\x04 this is no archive", "roster.zip"),
        (b"\x00" * 500, "roster.csv"),
        (b"name;phone\nAda;1\n", "list.csv"),
        (b"\xff\xfe\x00", "x.csv"),
        (b"email,given_name,family_name,place,role\n\xe4@b.example,A,B,C,teacher\n", "latin.csv"),
        (b"%PDF-1.7", "../../etc/passwd"),
        (b"hello", "\u202eexe.csv"),
    ],
)
def test_what_is_no_roster_is_a_page_with_a_sentence(content: bytes, name: str, lead: Lead) -> None:
    answer = lead.send(content, name)
    assert answer.status_code == 302
    upload = RosterImport.objects.get()
    page = lead.page(upload)
    assert "This roster cannot be read" in page
    assert "Nothing has changed" in page
    applied = lead.client.post(reverse("roster_application", args=[upload.pk]), {"after": ""})
    assert applied.status_code == 422
    assert lead.client.get(reverse("roster_changes", args=[upload.pk])).status_code == 302
    path = path_of(upload)
    assert path is not None
    assert path.parent == folder_of_uploads()


@pytest.mark.parametrize(
    "fields",
    [{"source": ""}, {"source": "x" * 81}, {"source": "a\0b"}, {"place": "0"}, {"place": "x"}, {"file": ""}],
)
def test_a_form_with_something_missing_is_shown_again(fields: dict[str, str], lead: Lead, world) -> None:
    form = {"place": world.northshore.pk, "source": "a", "file": SimpleUploadedFile("a.zip", b"PK")} | fields
    answer = lead.client.post(reverse("rosters"), form)
    assert answer.status_code == 422
    assert "Something to put right" in answer.content.decode()
    assert not RosterImport.objects.exists()


def test_a_file_too_large_for_a_browser_is_refused(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sidebyside.web.rosters.forms.LARGEST_UPLOAD", 10)
    answer = lead.send(b"x" * 11)
    assert answer.status_code == 422
    assert "import_roster" in answer.content.decode()


# --- applying


def test_applying_brings_the_people_and_forgets_the_file(lead: Lead, world) -> None:
    before = staff_of_the_world()
    upload = lead.bring(parts())
    path = path_of(upload)
    answer = lead.apply(upload)
    assert answer.status_code == 302
    assert staff_of_the_world() == before + 12
    assert path is not None
    assert not path.exists()
    upload.refresh_from_db()
    assert (upload.applied_by, upload.stored_as) == (world.ines, "")
    assert Place.objects.get(name="Harbour County").parent == world.northshore
    page = lead.page(upload)
    assert "What this roster did" in page
    assert ">12<" in page
    assert "12 new" in lead.client.get(reverse("rosters")).content.decode()
    assert lead.client.get(reverse("roster_changes", args=[upload.pk])).status_code == 302


def test_applying_twice_acts_once(lead: Lead) -> None:
    upload = lead.bring(parts())
    lead.apply(upload)
    people = staff_of_the_world()
    answer = lead.client.post(reverse("roster_application", args=[upload.pk]), {"after": ""})
    assert answer.status_code == 302
    assert staff_of_the_world() == people


def test_refused_rows_must_be_accepted(lead: Lead) -> None:
    upload = lead.bring(replaced(parts(), "roles.csv", lambda t: t.replace(",teacher,", ",wizard,", 1)))
    before = staff_of_the_world()
    assert lead.apply(upload).status_code == 422
    assert staff_of_the_world() == before
    assert lead.apply(upload, refused_accepted="on").status_code == 302
    assert staff_of_the_world() == before + 12


@pytest.mark.parametrize("said", [{}, {"leaving": ""}, {"leaving": "11"}, {"leaving": "-12"}, {"leaving": "all"}])
def test_the_number_of_leavers_must_be_repeated(said: dict[str, str], lead: Lead) -> None:
    lead.apply(lead.bring(parts()))
    upload = lead.bring(parts() | {"users.csv": sheet(USER_COLUMNS, [])})
    answer = lead.apply(upload, **said)
    assert answer.status_code == 422
    assert "12" in answer.content.decode()
    assert not Person.objects.filter(email__endswith="harbour.example").exclude(left_at=None).exists()
    assert lead.apply(upload, leaving="12").status_code == 302
    assert Person.objects.filter(email__endswith="harbour.example").exclude(left_at=None).count() == 12


def test_a_preview_that_was_overtaken_is_shown_again(lead: Lead, tmp_path: Path) -> None:
    lead.apply(lead.bring(parts()))
    upload = lead.bring(delta(users=[user(2, status="tobedeleted")]))
    other = pack(tmp_path / "other.zip", delta(users=[user(3, familyName="Halabi")]))
    fields = {"after": str(RosterImport.objects.exclude(applied_at=None).get().pk)}
    seen = preview(other, source=upload.source, on=timezone.localdate())
    apply_roster(seen, by=None, at=timezone.now(), on=timezone.localdate())
    answer = lead.client.post(reverse("roster_application", args=[upload.pk]), fields, follow=True)
    assert "brought this source up to date" in answer.content.decode()
    assert Person.objects.get(email="u-02@harbour.example").left_at is None


def test_putting_away_forgets_the_file_and_changes_nothing(lead: Lead) -> None:
    before = staff_of_the_world()
    upload = lead.bring(parts())
    path = path_of(upload)
    assert lead.client.post(reverse("roster_removal", args=[upload.pk])).status_code == 302
    assert path is not None
    assert not path.exists()
    assert staff_of_the_world() == before
    assert "put away" in lead.page(upload)
    assert lead.client.post(reverse("roster_application", args=[upload.pk]), {"after": ""}).status_code == 302
    assert staff_of_the_world() == before


def test_a_forgotten_upload_goes_with_the_next(lead: Lead) -> None:
    upload = lead.bring(parts())
    path = path_of(upload)
    RosterImport.objects.update(at=timezone.now() - timedelta(hours=25))
    lead.bring(parts())
    assert path is not None
    assert not path.exists()
    assert "for a day" in lead.page(upload)


def test_a_source_may_be_allowed_to_make_school_leaders(lead: Lead, world) -> None:
    upload = lead.bring(parts())
    address = reverse("source_leaders", args=[upload.source_id])
    assert lead.client.post(address, {"allowed": "yes"}).status_code == 302
    assert lead.client.get(address).status_code == 405
    lead.apply(upload)
    school = Place.objects.get(name="Mill Lane School")
    role = Role.objects.get(place=school)
    assert (role.kind, role.person.name, role.given_by) == ("leader", "Nadia Petrov", world.ines)
    lead.client.post(address, {"allowed": "no"})
    assert Source.objects.get(pk=upload.source_id).leaders_allowed_at is None


def test_somebody_of_the_house_keeps_her_roles_when_a_roster_knows_her(lead: Lead, world) -> None:
    rows, role_rows = [user(1, sourcedId="a", email=world.ana.email)], [roles(2)[0] | {"userSourcedId": "a"}]
    found = parts() | {"users.csv": sheet(USER_COLUMNS, rows), "roles.csv": sheet(ROLE_COLUMNS, role_rows)}
    upload = lead.bring(found)
    assert "known here already" in lead.page(upload, show="new")
    before = staff_of_the_world()
    lead.apply(upload)
    assert staff_of_the_world() == before
    ana = Person.objects.get(pk=world.ana.pk)
    assert ana.name == world.ana.name
    assert Role.objects.filter(person=ana, kind="coach", ended_at=None).exists()


def test_a_leaver_s_partnerships_rest_and_the_others_are_asked(lead: Lead, world) -> None:
    Post = world.ben.posts.model
    Post.objects.filter(person=world.ben).update(to_date=timezone.localdate())
    rows, role_rows = [user(1, sourcedId="b", email=world.ben.email)], [roles(2)[0] | {"userSourcedId": "b"}]
    lead.apply(
        lead.bring(parts() | {"users.csv": sheet(USER_COLUMNS, rows), "roles.csv": sheet(ROLE_COLUMNS, role_rows)})
    )
    lead.apply(
        lead.bring(delta(users=[user(1, sourcedId="b", email=world.ben.email, status="tobedeleted")])), leaving="1"
    )
    world.ben.refresh_from_db()
    world.ana_and_ben.refresh_from_db()
    assert world.ben.left_at is not None
    assert world.ana_and_ben.asks_how_to_go_on_at is not None


# --- tables


def test_the_table_of_changes_holds_no_formula(lead: Lead) -> None:
    found = replaced(parts(), "users.csv", lambda t: t.replace("Wei", '"=HYPERLINK(""http://x"")"'))
    found = found | {
        "orgs.csv": found["orgs.csv"]
        + sheet(ORG_COLUMNS, [{"sourcedId": "z", "name": "@SUM(1)", "type": "school"}]).split(b"\r\n", 1)[1]
    }
    answer = lead.client.get(reverse("roster_changes", args=[lead.bring(found).pk]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 12 + 10
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)
    assert any(cell == "'@SUM(1)" for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", " =1", "\t=1", "\rx", "|x", "%x"])
def test_what_could_begin_a_formula_is_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ann", "1", "O'Dell", "حداد", "a=b"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_the_table_to_start_from_is_read_back(lead: Lead) -> None:
    answer = lead.client.get(reverse("roster_template"))
    upload_answer = lead.send(answer.content, "staff.csv")
    upload = RosterImport.objects.get()
    assert upload_answer.status_code == 302
    assert "Amira Haddad" in lead.page(upload, show="new")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_numbers_kept_name_nobody(verdict: str, lead: Lead) -> None:
    upload = lead.bring(parts())
    lead.apply(upload)
    upload.refresh_from_db()
    assert verdict in upload.numbers["people"]
    assert "Wei" not in str(upload.numbers)


@real
def test_a_real_county_in_the_browser(lead: Lead) -> None:
    answer = lead.send((REAL / "marin-1.2.zip").read_bytes(), "marin-1.2.zip", "Marin")
    assert answer.status_code == 302
    upload = RosterImport.objects.get()
    assert "1047" in lead.page(upload)
    before = staff_of_the_world()
    lead.apply(upload)
    assert staff_of_the_world() == before + 1047
    for name in sorted(path.name for path in (REAL / "hostile").iterdir()):
        assert lead.send((REAL / "hostile" / name).read_bytes(), name, "Marin").status_code == 302
        assert lead.page(RosterImport.objects.latest("pk"))
