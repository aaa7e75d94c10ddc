"""Every page there is, and as whom to look at it: what test_every_page.py goes through."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

from django.utils import timezone

from sidebyside.demo.world import World
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part
from sidebyside.people import actions as people
from sidebyside.people.models import Person
from sidebyside.places.actions import give_post
from sidebyside.places.actions.rosters import keep_upload, name_source
from tests.places.roster import archives

Addresses = list[tuple[str, str]]

# Who is nobody: not signed in.
STRANGER = ""

# Addresses that answer GET and are no page to look at, and why.
NO_PAGE = {
    "health": "two letters for a machine",
    "codes": "a sheet that only a post shows; looked at in test_entrance.py",
    "roster_template": "a table to download",
    "roster_changes": "a table to download",
    "my_work_file": "a file to download",
    "source_leaders": "a post",
    "scratch": "stands on the workspace; alone it is only shown when two of her own texts meet",
}


def of_strangers(world: World) -> Addresses:
    """Before and after signing in, and what everybody may read."""
    link = people.give_link(world.ana, kind="invitation", by=world.emre, at=timezone.now())
    paths = [
        "/", "/sign-in/", "/sign-in/code/", "/sign-in/password/", "/link-sent/", "/signed-out/", f"/enter/{link}/",
        "/enter/wrong/", "/seeing/", "/help/", "/about/", "/no-such-page/",
    ]  # fmt: skip
    return [(STRANGER, path) for path in paths]


def of_members(world: World) -> Addresses:
    """What somebody sees who works in partnerships, in every state that those of the test world have."""
    pair, cycle = world.ana_and_ben, world.ana_and_ben_cycle
    done, peers, left = world.ana_and_chen, world.goran_and_hana, world.ana_and_noor
    goal, step = cycle.goals.first(), cycle.steps.first()
    note, contact = pair.notes.first(), pair.contacts.first()
    plan = pair.plans.first()
    seats = [(world.ana, Part.COACH), (world.lena, Part.PARTNER)]
    asked = partnerships.propose(by=world.ana, form=Form.PAIR, seats=seats, at=timezone.now())
    ana = [
        "/", "/me/", "/me/password/", "/me/work/", "/me/bin/", "/people/", "/people/?q=zz", f"/people/{world.ben.pk}/",
        f"/people/{world.ana.pk}/", "/places/", f"/places/{world.linden.pk}/", "/programme/", "/seeing/", "/help/",
        "/partnerships/", "/partnerships/new/", "/partnerships/new/?form=pair&q=len",
        f"/partnerships/new/?form=pair&with={world.lena.pk}", "/partnerships/new/?form=team", "/coaches/",
        f"/partnerships/{pair.pk}/", f"/partnerships/{pair.pk}/history/", f"/partnerships/{pair.pk}/cycles/",
        f"/partnerships/{pair.pk}/contacts/", f"/partnerships/{pair.pk}/notes/", f"/partnerships/{pair.pk}/members/",
        f"/partnerships/{pair.pk}/newcomers/", f"/partnerships/{pair.pk}/agreement/",
        f"/partnerships/{pair.pk}/agreement/words/", f"/partnerships/{pair.pk}/agreement/cards/",
        f"/partnerships/{pair.pk}/seen-by-others/", f"/partnerships/{pair.pk}/openings/",
        f"/partnerships/{done.pk}/", f"/partnerships/{done.pk}/agreement/", f"/partnerships/{done.pk}/openings/",
        f"/partnerships/{left.pk}/", f"/partnerships/{left.pk}/members/", f"/partnerships/{left.pk}/agreement/cards/",
        f"/cycles/{cycle.pk}/", f"/cycles/{cycle.pk}/stages/{cycle.stage}/", f"/cycles/{cycle.pk}/stages/reflect/",
        f"/cycles/{cycle.pk}/sheets/needs/", f"/cycles/{cycle.pk}/sheets/focus/", f"/cycles/{cycle.pk}/goals/",
        f"/cycles/{cycle.pk}/steps/", f"/cycles/{world.ana_and_chen_cycle.pk}/reflection/",
        f"/cycles/{cycle.pk}/summary/",
        f"/cycles/{cycle.pk}/plan/", f"/cycles/{world.ana_and_chen_cycle.pk}/summary/", f"/goals/{goal.pk}/",
        f"/steps/{step.pk}/", f"/notes/{note.pk}/", f"/contacts/{contact.pk}/", f"/plans/{plan.pk}/",
        f"/proposals/{asked.pk}/",
    ]  # fmt: skip
    others = {
        "ben": ["/", "/partnerships/", f"/partnerships/{pair.pk}/"],
        "chen": ["/", f"/partnerships/{done.pk}/", f"/proposals/{world.ben.proposals.first().pk}/"],
        "goran": ["/", f"/partnerships/{peers.pk}/", f"/partnerships/{peers.pk}/members/"],
        "lena": ["/", f"/proposals/{asked.pk}/", "/partnerships/", "/coaches/"],
        "noor": ["/", f"/partnerships/{left.pk}/"],
    }
    return [("ana", path) for path in ana] + [(name, path) for name, paths in others.items() for path in paths]


def of_offices(world: World) -> Addresses:
    """What leaders, facilitators, leads, evaluators and owners see."""
    _newcomers(world)
    linden, north, programme = world.linden, world.northshore, world.northshore.programme
    waiting, refused = _rosters(world)
    found = {
        "dara": ["/", "/leader/", f"/plans/{world.ana_and_ben.plans.order_by('pk').last().pk}/"],
        "fatima": [
            "/", "/leader/", "/facilitator/", "/me/",
            f"/summaries/{world.goran_and_hana_cycle.summary.pk}/", "/partnerships/",
        ],
        "emre": [
            "/", "/facilitator/", "/partnerships/new/", f"/partnerships/new/?form=others&partner={world.lena.pk}",
            f"/places/{linden.pk}/invitations/",
        ],
        "ines": [
            "/", "/programme/", f"/programmes/{programme.pk}/", f"/programmes/{programme.pk}/words/",
            f"/places/{north.pk}/", f"/places/{linden.pk}/places/new/", f"/places/{linden.pk}/name/",
            f"/places/{linden.pk}/parent/?q=upland", f"/places/{linden.pk}/roles/",
            f"/places/{linden.pk}/roles/new/?q=ana", f"/places/{linden.pk}/programme/",
            f"/places/{linden.pk}/invitations/", "/rosters/", f"/rosters/{waiting}/", f"/rosters/{waiting}/?show=new",
            f"/rosters/{refused}/", f"/people/{world.ana.pk}/",
        ],
        "jonas": ["/"],
        "kofi": ["/", "/me/", "/owners/", "/me/recovery-sheet/", f"/places/{north.pk}/roles/new/"],
    }  # fmt: skip
    return [(name, path) for name, paths in found.items() for path in paths]


def _newcomers(world: World) -> None:
    """Three at Linden who have never signed in; one has no mailbox, one a very long name."""
    for given, family, email in (
        ("Aroha", "Ngata", "aroha@example.org"),
        ("ليلى", "حداد", None),
        ("Wolfeschlegelsteinhausenbergerdorff", "Hubert", "w@example.org"),
    ):
        person = Person.objects.create(given_name=given, family_name=family, email=email)
        give_post(person, place=world.linden, title="", from_date=date(2026, 8, 1), at=world.at)


def _rosters(world: World) -> tuple[int, int]:
    """One that waits to be decided about, with a refused row, and one that cannot be read."""
    source = name_source("Staff office", under=world.northshore, by=world.ines, at=world.at)
    files = archives.parts() | {"orgs.csv": archives.orgs(s_oak={"parentSourcedId": "nowhere"})}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    packed.seek(0)
    found = [
        keep_upload(stream, source=source, file_name=name, by=world.ines, at=timezone.now())
        for name, stream in (("staff.zip", packed), ("letter.zip", io.BytesIO(b"Dear all")))
    ]
    return found[0].pk, found[1].pk


GROUPS: dict[str, Callable[[World], Addresses]] = {
    "strangers": of_strangers,
    "members": of_members,
    "offices": of_offices,
}
