"""The pages of lists of standards: whose they are, what they show, and how lists are brought, typed and put away."""

import os
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sidebyside.materials import standards_queries as queries
from sidebyside.materials import standards_uploads as uploads
from sidebyside.materials.models import Framework, FrameworkVersion, Standard
from sidebyside.materials.standards_actions import begin_own_list, bring_framework
from sidebyside.places.actions import give_role
from tests.materials.packages import DOCUMENT, as_bytes, below, item, large, package
from tests.materials.test_standards import read

OTHERS = ["ana", "ben", "dara", "emre", "goran", "kofi", "olu"]
SMALL = package([item("a", "Count", humanCodingScheme="M.1"), item("b", "Count on")], [below("b", "a")])


def page(answer, status=200) -> str:
    assert answer.status_code == status, answer
    return unescape(" ".join(answer.content.decode().split()))


@pytest.fixture
def ines(client, world) -> Client:
    client.force_login(world.ines)
    return client


@pytest.fixture
def sums(world) -> FrameworkVersion:
    return bring_framework(world.northshore, package=read(item("a", "Count", humanCodingScheme="M.1")), by=None,
                           at=world.at)[0]  # fmt: skip


def hand_in(client, place, value=SMALL, name="list.json"):
    data = value if isinstance(value, bytes) else as_bytes(value)
    where = reverse("new_package", args=[place.pk])
    return client.post(where, {"file": SimpleUploadedFile(name, data)})


# Outsiders


@pytest.mark.parametrize("name", OTHERS)
def test_only_who_leads_the_programme_there_keeps_lists(name, client, world, sums) -> None:
    own = begin_own_list(world.northshore, title="Ours", text="Read", by=world.ines, at=world.at)
    lists, versions = Framework.objects.count() - 3, FrameworkVersion.objects.count() - 3  # without what ships
    key = uploads.keep_package(as_bytes(SMALL), "l.json", place=world.northshore, by=getattr(world, name))
    client.force_login(getattr(world, name))
    place = world.northshore.pk
    pages = [
        reverse("place_standards", args=[place]), reverse("new_package", args=[place]),
        reverse("new_list", args=[place]), reverse("package", args=[place, key]),
        reverse("framework_text", args=[own.framework_id]),
    ]  # fmt: skip
    posts = [
        *pages[1:], reverse("package_removal", args=[place, key]),
        reverse("framework_removal", args=[sums.framework_id]), reverse("framework_return", args=[sums.framework_id]),
    ]  # fmt: skip
    assert [client.get(where).status_code for where in pages] == [403] * len(pages)
    sent = {"title": "Mine", "text": "Mine", "number": 1}
    assert [client.post(where, sent).status_code for where in posts] == [403] * len(posts)
    assert Framework.objects.filter(place=place, put_away_at=None).count() == lists + 2
    assert FrameworkVersion.objects.filter(framework__place=place).count() == versions + 2


def test_a_lead_of_a_lower_place_keeps_nothing_above(client, world, sums) -> None:
    give_role(world.lena, kind="lead", place=world.linden, by=world.ines, at=world.at)
    client.force_login(world.lena)
    assert client.get(reverse("place_standards", args=[world.northshore.pk])).status_code == 403
    assert client.post(reverse("framework_removal", args=[sums.framework_id])).status_code == 403
    assert "Sums" in page(client.get(reverse("place_standards", args=[world.linden.pk])))


def test_nobody_changes_what_ships(ines, world) -> None:
    shipped = Framework.objects.get(place=None)
    for name in ("framework_removal", "framework_return", "framework_text"):
        assert ines.post(reverse(name, args=[shipped.pk])).status_code == 403
    assert "Put it away" not in page(ines.get(reverse("framework", args=[shipped.pk])))


def test_who_is_not_signed_in_is_asked_to(client, world, sums) -> None:
    for where in (reverse("standards"), reverse("framework", args=[sums.framework_id])):
        assert client.get(where).status_code == 302


def test_a_file_waits_for_who_handed_it_in_and_for_that_place_alone(ines, world, client) -> None:
    answer = hand_in(ines, world.northshore)
    where = answer["Location"]
    key = where.rstrip("/").rsplit("/", 1)[1]
    give_role(world.lena, kind="lead", place=world.northshore, by=world.ines, at=world.at)
    elsewhere = reverse("package", args=[world.linden.pk, key])
    assert ines.post(elsewhere)["Location"] == reverse("new_package", args=[world.linden.pk])
    client.force_login(world.lena)
    assert client.get(where)["Location"] == reverse("new_package", args=[world.northshore.pk])
    assert client.post(where)["Location"] == reverse("new_package", args=[world.northshore.pk])
    for odd in ("x", "..", "a" * 31 + "/", "%2e%2e", "0" * 32):
        assert client.get(f"/places/{world.northshore.pk}/standards/package/{odd}/").status_code in (302, 404)
    assert not Framework.objects.filter(identifier=DOCUMENT).exists()


# Bringing a package


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"<html>", "list.json, line 1: This is a web page or XML."),
        (b'{\n\n"a": }', "list.json, line 3: This is not sound JSON from here on."),
        (package(links=[below("a", "a")]), "in a circle: Statement a.."),
        (package([{"identifier": "<b>"}]), "CFItems[0]: “fullStatement” is missing."),
        (b"[" * 100_000, "far too deep"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place_and_nothing_is_kept(ines, world, data, sentence) -> None:
    before = set(uploads.folder_of_uploads().iterdir())
    assert sentence in page(hand_in(ines, world.northshore, data), 422).replace("<strong><bdi>", "").replace(
        "</bdi>", ""
    ).replace("</strong>", "")
    assert set(uploads.folder_of_uploads().iterdir()) == before


def test_no_file_and_a_file_that_is_too_large(ines, world, monkeypatch) -> None:
    assert "This field is required." in page(ines.post(reverse("new_package", args=[world.northshore.pk])), 422)
    monkeypatch.setattr("sidebyside.web.standards.forms.LARGEST", 10)
    assert "larger than" in page(hand_in(ines, world.northshore), 422)


def test_the_preview_changes_nothing_and_bringing_puts_it_in_force(ines, world) -> None:
    where = hand_in(ines, world.northshore, SMALL | {"CFRubrics": [{}]})["Location"]
    shown = page(ines.get(where))
    for text in ("Sums", "A board", "Count on", "Rubrics", "Bring this list", "Nothing has changed yet"):
        assert text in shown
    assert not Framework.objects.filter(identifier=DOCUMENT).exists()
    answer = ines.post(where, follow=True)
    assert "The list is in force." in page(answer)
    version = FrameworkVersion.objects.get(framework__identifier=DOCUMENT)
    assert answer.redirect_chain[0][0] == reverse("framework", args=[version.framework_id])
    assert ines.get(where)["Location"] == reverse("new_package", args=[world.northshore.pk])


def test_the_next_edition_shows_what_it_changes(ines, world, sums) -> None:
    where = hand_in(ines, world.northshore, package([item("a", "Count to <b>ten</b>"), item("n", "New")]))["Location"]
    shown = page(ines.get(where))
    assert "What it changes" in shown
    assert "Count to ten" in shown
    assert "Bring the new version" in shown
    assert "The new version of the list is in force." in page(ines.post(where, follow=True))
    assert sums.framework.versions.count() == 2
    where = hand_in(ines, world.northshore, package([item("a", "Count to ten"), item("n", "New")]))["Location"]
    assert "in the same words" in page(ines.get(where))
    assert "nothing in it is new" in page(ines.post(where, follow=True))
    assert sums.framework.versions.count() == 2


def test_rather_not_takes_the_file_away_and_so_does_a_day(ines, world) -> None:
    where = hand_in(ines, world.northshore)["Location"]
    assert "Nothing was brought." in page(ines.post(f"{where}removal/", follow=True))
    assert ines.get(where).status_code == 302
    where = hand_in(ines, world.northshore)["Location"]
    folder = next(path for path in uploads.folder_of_uploads().iterdir() if where.rstrip("/")[-32:] in path.name)
    assert (folder.stat().st_mode & 0o777, (folder / "package").stat().st_mode & 0o777) == (0o700, 0o600)
    assert uploads.forget_old_packages(at=timezone.now()) == 0
    os.utime(folder, (0, 0))
    assert uploads.forget_old_packages(at=timezone.now()) == 1
    assert ines.get(where).status_code == 302


def test_a_place_that_closed_meanwhile_refuses_in_place(ines, world) -> None:
    where = hand_in(ines, world.linden)["Location"]
    world.linden.closed_at = world.at
    world.linden.save()
    assert "This place is closed." in page(ines.post(where), 422)


# Own lists


def test_an_own_list_is_typed_changed_and_put_away_with_a_way_back(ines, world) -> None:
    new = reverse("new_list", args=[world.linden.pk])
    assert "This field is required." in page(ines.post(new, {"title": "Ours", "text": ""}), 422)
    assert "Write at least one statement." in page(ines.post(new, {"title": "Ours", "text": " \n "}), 422)
    wrong = page(ines.post(new, {"title": "Ours", "text": "\n  A | Read\n\nA | Write"}), 422)
    assert "Line 4: The code “A” is on line 2 already." in wrong
    assert "A | Write</textarea>" in wrong
    answer = ines.post(new, {"title": "Ours", "text": "A | Read\n    A.1 | Read aloud"}, follow=True)
    assert "Read aloud" in page(answer)
    framework = Framework.objects.get(place=world.linden)
    change = reverse("framework_text", args=[framework.pk])
    form = page(ines.get(change))
    assert "A.1 | Read aloud</textarea>" in form
    assert 'name="number" value="1"' in form
    sent = {"title": "Ours", "text": "A | Read\n    A.1 | Read it aloud", "number": 1}
    assert "Version 2 of the list is in force." in page(ines.post(change, sent, follow=True))
    late = page(ines.post(change, sent | {"text": "A | Sing"}), 422)
    assert "Somebody else has changed this list meanwhile." in late
    assert 'name="number" value="2"' in late
    assert "Nothing was changed." in page(ines.post(change, sent | {"number": 2}, follow=True))
    answer = page(ines.post(reverse("framework_removal", args=[framework.pk]), follow=True))
    assert reverse("framework_return", args=[framework.pk]) in answer
    here = reverse("place_standards", args=[world.linden.pk])
    assert "Put away</h2>" in page(ines.get(here))
    assert "is not offered any more" in page(ines.get(reverse("framework", args=[framework.pk])))
    ines.post(reverse("framework_return", args=[framework.pk]))
    assert "Put away</h2>" not in page(ines.get(here))


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²"])
def test_a_form_without_its_version_overwrites_nothing(ines, world, number) -> None:
    version = begin_own_list(world.linden, title="Ours", text="Read", by=world.ines, at=world.at)
    sent = {"title": "Ours", "text": "Sing", "number": number}
    assert "Somebody else" in page(ines.post(reverse("framework_text", args=[version.framework_id]), sent), 422)
    assert queries.latest_of(version.framework) == version


def test_a_brought_list_is_not_typed_over(ines, world, sums) -> None:
    assert ines.get(reverse("framework_text", args=[sums.framework_id])).status_code == 404


# Reading


def test_everybody_reads_the_lists_in_force_at_her_places(client, world, sums) -> None:
    begin_own_list(world.quay, title="At the quay", text="Fish", by=world.ines, at=world.at)
    client.force_login(world.ana)
    shown = page(client.get(reverse("standards")))
    assert "Sums" in shown
    assert "ships with the program" in shown
    assert "At the quay" not in shown
    found = page(client.get(reverse("standards"), {"q": "cöunt"}))
    assert "M.1" in found
    assert "No statement has all these words." in page(client.get(reverse("standards"), {"q": "count zebra"}))


def test_what_a_list_says_is_shown_as_text(client, world) -> None:
    said = "Write &lt;script&gt;alert(1)&lt;/script&gt; {{ 7 }}"
    found = read(item("a", said, humanCodingScheme="<i>"), title="&lt;b&gt;", language="ar")
    version, _new = bring_framework(world.northshore, package=found, by=None, at=world.at)
    client.force_login(world.ana)
    for where in (reverse("standards") + "?q=write", reverse("framework", args=[version.framework_id])):
        raw = client.get(where).content.decode()
        assert "<script>alert" not in raw
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 }}" in raw
        assert 'lang="ar"' in raw


@pytest.mark.parametrize("query", ["version=9", "at=1", "at=99999999999999999999999", "version=0"])
def test_what_is_not_there_is_not_found(client, world, sums, query) -> None:
    other = Standard.objects.filter(version__framework__place=None).first()
    client.force_login(world.ana)
    where = reverse("framework", args=[sums.framework_id])
    assert client.get(f"{where}?{query}").status_code == 404
    assert client.get(f"{where}?at={other.pk}").status_code == 404
    assert client.get(f"{where}?version=x&at=-").status_code == 200


def test_a_large_list_opens_branch_by_branch_with_few_questions(client, world) -> None:
    from sidebyside.materials.case import read_package

    made = read_package(as_bytes(large(1200)), "l")
    version, _new = bring_framework(world.northshore, package=made, by=None, at=world.at)
    client.force_login(world.ana)
    where = reverse("framework", args=[version.framework_id])
    first = Standard.objects.get(version=version, identifier="M2")
    with CaptureQueriesContext(connection) as counted:
        shown = page(client.get(where))
    assert len(counted) <= 16
    assert f"?at={first.pk}" in shown or "of kind 100 " in shown
    inner = page(client.get(f"{where}?at={first.pk}"))
    assert "of kind 100 " in inner
    assert "of kind 2 " in inner
    with CaptureQueriesContext(connection) as counted:
        client.get(reverse("standards"), {"q": "reasons"})
    assert len(counted) <= 18
