"""Every page there is, and as whom to look at it: what test_every_page.py goes through."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, time, timedelta

from django.utils import timezone

from sidebyside.base.signed import signed
from sidebyside.calendars.actions import appointments, connections
from sidebyside.calendars.actions.own_weeks import type_week
from sidebyside.calendars.actions.timetable_uploads import keep_upload as keep_timetable
from sidebyside.calendars.models import Timetable, TimetableImport
from sidebyside.calendars.periods import PlannedPeriod
from sidebyside.demo.world import World
from sidebyside.lessons.actions import publishing
from sidebyside.lessons.actions.versions import keep_version
from sidebyside.lessons.queries import text_of
from sidebyside.materials.models import Framework
from sidebyside.materials.standards_uploads import keep_package
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part
from sidebyside.people import actions as people
from sidebyside.people.models import Person
from sidebyside.places.actions import give_post
from sidebyside.places.actions.rosters import keep_upload, name_source
from sidebyside.visits import actions as visits
from sidebyside.visits.actions import planning
from sidebyside.visits.queries import lessons_to_visit
from tests.calendars import timetable_files
from tests.cover import busy_day
from tests.materials import packages
from tests.places.roster import archives
from tests.visits import behind as visits_behind

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
    "commons_feed": "a file that readers of news read (tests/web/commons/test_commons.py)",
    "published_file": "a file that was published along",
    "feed": "a file that calendar programs read (tests/web/calendars/test_feeds.py)",
    "lesson_comparison_pdf": "a file to download",
    "lesson_file": "a file",
    "lesson_html": "a file to download",
    "lesson_markdown": "a file to download",
    "lesson_pdf": "a file to download",
    "lesson_state": "bytes for the script of the lesson",
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
    """What people see who work in partnerships, in every state that those of the test world have."""
    pair, done, left, peers = world.ana_and_ben, world.ana_and_chen, world.ana_and_noor, world.goran_and_hana
    seats = [(world.ana, Part.COACH), (world.lena, Part.PARTNER)]
    asked = partnerships.propose(by=world.ana, form=Form.PAIR, seats=seats, at=timezone.now())
    found = {
        "ana": [
            "/", "/me/", "/me/password/", "/me/work/", "/me/bin/", "/people/", "/people/?q=zz",
            f"/people/{world.ben.pk}/", f"/people/{world.ana.pk}/", "/places/", f"/places/{world.linden.pk}/",
            "/programme/", "/seeing/", "/help/", "/partnerships/", "/partnerships/new/",
            "/partnerships/new/?form=pair&q=len", f"/partnerships/new/?form=pair&with={world.lena.pk}",
            "/partnerships/new/?form=team", "/coaches/", f"/proposals/{asked.pk}/",
        ],
        "ben": ["/", "/partnerships/", f"/partnerships/{pair.pk}/"],
        "chen": ["/", f"/partnerships/{done.pk}/", f"/proposals/{world.ben.proposals.get().pk}/"],
        "goran": ["/", f"/partnerships/{peers.pk}/", f"/partnerships/{peers.pk}/members/"],
        "lena": ["/", f"/proposals/{asked.pk}/", "/partnerships/", "/coaches/"],
        "noor": ["/", f"/partnerships/{left.pk}/"],
    }  # fmt: skip
    return _flat(found)


def of_workspaces(world: World) -> Addresses:
    """A partnership's workspace, and every page that belongs to it."""
    pair, done, left = world.ana_and_ben, world.ana_and_chen, world.ana_and_noor
    cycle, ended = world.ana_and_ben_cycle, world.ana_and_chen_cycle
    below = [
        "", "history/", "cycles/", "contacts/", "notes/", "members/", "newcomers/", "agreement/", "agreement/words/",
        "agreement/cards/", "seen-by-others/", "openings/",
    ]  # fmt: skip
    of_cycle = [
        "", f"stages/{cycle.stage}/", "stages/reflect/", "sheets/needs/", "sheets/focus/", "goals/", "steps/",
        "summary/", "plan/",
    ]  # fmt: skip
    ana = [
        *(f"/partnerships/{pair.pk}/{page}" for page in below),
        *(f"/partnerships/{done.pk}/{page}" for page in ("", "agreement/", "openings/")),
        *(f"/partnerships/{left.pk}/{page}" for page in ("", "members/", "agreement/cards/")),
        *(f"/cycles/{cycle.pk}/{page}" for page in of_cycle),
        *(f"/cycles/{ended.pk}/{page}" for page in ("reflection/", "summary/")),
        f"/goals/{cycle.goals.first().pk}/",
        f"/steps/{cycle.steps.first().pk}/",
        f"/notes/{pair.notes.first().pk}/",
        f"/contacts/{pair.contacts.first().pk}/",
        f"/plans/{pair.plans.first().pk}/",
    ]
    return _flat({"ana": ana})


def of_offices(world: World) -> Addresses:
    """What leaders, facilitators, leads, evaluators and owners see."""
    _newcomers(world)
    linden, north, programme = world.linden, world.northshore, world.northshore.programme
    waiting, refused = _rosters(world)
    found = {
        "dara": ["/", "/leader/", f"/plans/{world.ana_and_ben.plans.order_by('pk').last().pk}/"],
        "fatima": [
            "/", "/leader/", "/facilitator/", "/received/", "/me/",
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
    return _flat(found)


def of_time(world: World) -> Addresses:
    """What those see who keep a school's timetable, and a teacher's own week."""
    linden, fell = world.linden, world.fell
    timetable_files.furnish(world)
    shown = Timetable.objects.get(school=linden, owner=None)
    waiting = TimetableImport.objects.get(school=linden)
    unread = keep_timetable([("old.csv", b"x")], school=linden, by=world.olu, at=timezone.now())
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    week = type_week(
        world.goran, school=world.quay, begin=monday, end=monday + timedelta(days=60), days=["Monday"], weekdays=[0],
        periods=[PlannedPeriod(0, 0, "1", time(8), time(8, 45)), PlannedPeriod(0, 1, "2", time(9), time(9, 45))],
        taught={(0, 0)}, by=world.goran, at=timezone.now(),
    )  # fmt: skip
    below = [f"/timetables/{shown.pk}/{page}/" for page in ("dates", "teachers", "bells", "days")]
    found = {
        "olu": [
            f"/places/{linden.pk}/timetable/", f"/places/{linden.pk}/timetable/?who=c-7A",
            f"/places/{linden.pk}/timetable/new/", f"/timetable-imports/{waiting.pk}/",
            f"/timetable-imports/{unread.pk}/", *below,
            f"/timetables/{shown.pk}/days/bells/?on={monday + timedelta(days=8)}", f"/places/{linden.pk}/terms/",
        ],
        "ines": [f"/places/{fell.pk}/timetable/"],
        "ana": ["/me/week/", f"/places/{linden.pk}/timetable/"],
        "mai": ["/me/week/", "/me/week/lessons/", f"/places/{fell.pk}/timetable/"],
        "goran": ["/me/week/", "/me/week/lessons/", "/me/week/words/", f"/timetables/{week.pk}/days/"],
        "emre": ["/me/week/"],
    }  # fmt: skip
    return _flat(found)


def of_calendars(world: World) -> Addresses:
    """Calendars and appointments, in every state there is; what opens by a secret as well."""
    at, ana, ben = timezone.now(), world.ana, world.ben
    begin = (timezone.localtime(at) + timedelta(days=2)).replace(hour=16, minute=0, second=0, microsecond=0)
    own = {"kind": "own", "begin": begin, "end": begin + timedelta(minutes=45), "zone": "America/New_York"}
    series = appointments.make_series(**own, people=[ana], rule="FREQ=WEEKLY;INTERVAL=1;COUNT=3", by=ana, at=at)
    mine, last = series.appointments.order_by("begin")[:2]
    appointments.cancel(last, by=ana, at=at)
    later = own | {"kind": "meeting", "begin": begin + timedelta(hours=2), "end": begin + timedelta(hours=3)}
    meeting = visits.meet(world.ana_and_ben, begin=later["begin"], end=later["end"], room="Library", by=ana, at=at)[0]
    asked = meeting.appointment.attendees.get(person=ben)
    proposed = later["begin"] + timedelta(days=1), later["end"] + timedelta(days=1)
    appointments.answer(asked, answer="perhaps", by=ben, at=at, proposed=proposed)
    connections.make_feed(ana, by=ana, at=at)
    calendar = connections.add_calendar(ana, address="http://127.0.0.1/secret.ics", by=ana, at=at)
    connections.read_calendar(calendar.pk, at=at)
    pair = world.ana_and_ben.pk
    found = {
        "ana": [
            "/calendar/", "/calendar/?view=week", f"/calendar/?from={begin.date()}", "/calendar/own-time/",
            "/calendar/connections/", f"/appointments/{mine.pk}/", f"/appointments/{last.pk}/",
            f"/appointments/{mine.pk}/time/", f"/appointments/{meeting.appointment_id}/",
            f"/appointments/{meeting.appointment_id}/time/?proposed={asked.pk}", f"/partnerships/{pair}/calendar/",
            f"/people/{ben.pk}/free/", f"/people/{ana.pk}/free/",
        ],
        "mai": ["/calendar/", "/calendar/?view=week", "/calendar/connections/"],
        "goran": [f"/partnerships/{world.goran_and_hana.pk}/calendar/"],
        STRANGER: [f"/answers/{signed('answer', asked.pk)}/"],
    }  # fmt: skip
    return _flat(found)


def of_visits(world: World) -> Addresses:
    """Booking a visit step by step, and a visit in every state there is."""
    visits_behind.furnish_more(world)
    pair, peers, chen = world.ana_and_ben, world.goran_and_hana, world.ana_and_chen
    new = f"/partnerships/{pair.pk}/visits/new/"
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    there = list(pair.visits.order_by("pk"))
    covered = world.visits["ana_visits_ben_covered"]
    begin = covered.begin.astimezone(timezone.get_current_timezone()).date()
    choices = lessons_to_visit(
        observed=world.ben, observer=world.ana, begin=begin, end=begin + timedelta(days=6), at=timezone.now()
    ).found  # fmt: skip
    free, needs = (next(one.lesson.key for one in choices if bool(one.to_cover) == is_so) for is_so in (False, True))
    found = {
        "ben": [
            f"/partnerships/{pair.pk}/visits/", new, f"{new}?all=1", f"{new}?from={day}", f"{new}?lesson={free}",
            f"{new}?lesson={needs}", f"{new}?on={day}&begin=17:00&end=17:45", f"/partnerships/{pair.pk}/meetings/",
            *(f"/visits/{visit.pk}/" for visit in there), f"/visits/{covered.pk}/talk-before/",
            f"/visits/{covered.pk}/talk-after/", f"/visits/{covered.pk}/another-time/",
            f"/visits/{covered.pk}/another-time/?lesson={free}",
        ],
        "ana": [f"/visits/{covered.pk}/", f"/partnerships/{chen.pk}/visits/", f"/partnerships/{chen.pk}/visits/new/"],
        "goran": [f"/partnerships/{peers.pk}/visits/", f"/partnerships/{peers.pk}/visits/new/"],
    }  # fmt: skip
    return _flat(found)


def of_terms(world: World) -> Addresses:
    """A term that is proposed, being planned, and refused; and calendars that are shown."""
    pair, done, resting = world.ana_and_ben.pk, world.ana_and_chen.pk, world.goran_and_hana.pk
    days = {"begin": world.at.date(), "end": world.at.date() + timedelta(days=30)}
    planning.ask_for_plan(world.linden, **days, by=world.emre, at=timezone.now())
    refused = planning.ask_for_plan(world.quay, **days, by=world.fatima, at=timezone.now())
    planning.carry_out(refused, at=timezone.now())
    shown = world.ana_and_ben.calendar_releases.get()
    found = {
        "ana": [
            f"/partnerships/{pair}/term/", f"/partnerships/{done}/term/", f"/partnerships/{pair}/calendar/showing/",
            f"/partnerships/{done}/calendar/showing/",
        ],
        "ben": ["/", f"/partnerships/{pair}/term/"],
        "goran": [f"/partnerships/{resting}/term/"],
        "emre": [f"/places/{world.linden.pk}/terms/plans/", "/facilitator/"],
        "fatima": [f"/places/{world.quay.pk}/terms/plans/"],
        "dara": [f"/calendar-releases/{shown.pk}/"],
    }  # fmt: skip
    return _flat(found)


def of_cover(world: World) -> Addresses:
    """A cover desk's day with something in every state, one without anything, and cover as teachers see it."""
    busy = busy_day.furnish(world)
    linden, quay, on = world.linden.pk, world.quay.pk, busy.on
    lessons = [f"/cover/requests/{request.pk}/" for request in busy.requests]
    found = {
        "olu": [
            "/", "/cover/", f"/cover/{linden}/", f"/cover/{linden}/?on={on}", f"/cover/{linden}/ledger/",
            f"/cover/{linden}/rules/", f"/cover/{linden}/sheet/?on={on}", *lessons,
        ],
        "fatima": [f"/cover/{quay}/", f"/cover/{quay}/sheet/", f"/cover/{quay}/ledger/"],
        "dara": ["/", "/cover/mine/", lessons[0], lessons[2]],
        "lena": ["/cover/mine/", lessons[-1]],
        "kofi": ["/cover/mine/"],
        STRANGER: [f"/cover/answer/{secret}/" for secret in busy.secrets],
    }  # fmt: skip
    return _flat(found)


def of_lessons(world: World) -> Addresses:
    """Lessons of a partnership and of one's own, with what is said about them and their way."""
    lesson, own = world.lessons["drinks"], world.lessons["steel_wool"]
    part = text_of(lesson).parts[1].id
    question = lesson.remarks.filter(kind="question", answers=None).first()
    answer = lesson.remarks.filter(answers__isnull=False).first()
    found = {
        "ana": [
            "/lessons/", f"/partnerships/{world.ana_and_ben.pk}/lessons/",
            f"/partnerships/{world.ana_and_chen.pk}/lessons/",
            f"/lessons/{lesson.pk}/", f"/lessons/{lesson.pk}/title/", f"/lessons/{lesson.pk}/path/",
            f"/lessons/{lesson.pk}/files/",
            f"/lessons/{lesson.pk}/parts/{part}/", f"/lessons/{lesson.pk}/remarks/",
            f"/lessons/{lesson.pk}/remarks/?part={part}", f"/lessons/remarks/{question.pk}/",
            f"/lessons/remarks/{question.pk}/words/", f"/lessons/{lesson.pk}/versions/",
            f"/lessons/{lesson.pk}/comparison/", f"/lessons/{lesson.pk}/comparison/?from=1&to=2&whole=yes",
            f"/lessons/versions/{lesson.versions.get(number=1).pk}/",
        ],
        "ben": [f"/lessons/{lesson.pk}/", f"/lessons/remarks/{answer.pk}/words/"],
        "chen": ["/lessons/"],
        "lena": [
            "/lessons/", f"/lessons/{own.pk}/", f"/lessons/{own.pk}/versions/", f"/lessons/{own.pk}/comparison/",
            f"/lessons/{own.pk}/files/",
        ],
        "goran": [f"/lessons/{world.lessons['box'].pk}/"],
    }  # fmt: skip
    return _flat(found)


def of_ratings(world: World) -> Addresses:
    """How a lesson is seen, by who made it and by who was asked or not, and the checklist of their own."""
    lesson = world.lessons["drinks"]
    version = lesson.versions.order_by("number").last()
    asked = lesson.versions.order_by("number")[1]
    checklist, chain = (lesson.ratings.filter(material__material__kind=kind).last() for kind in ("checklist", "chain"))
    seen, choosing = f"/lessons/{lesson.pk}/ratings/", f"/lessons/versions/{asked.pk}/rating"
    found = {
        "ben": [
            seen, f"{choosing}/learning_activity/", f"{choosing}/design_21/", f"{choosing}/samr/", f"{choosing}/tim/",
            f"/lessons/ratings/{checklist.pk}/", f"/lessons/ratings/{chain.pk}/",
            f"/partnerships/{world.ana_and_ben.pk}/checklist/",
        ],
        "ana": [
            seen, f"{choosing}/learning_activity/", f"/lessons/versions/{version.pk}/rating/picrat/",
            f"/lessons/ratings/{checklist.pk}/",
        ],
        "hana": [f"/partnerships/{world.goran_and_hana.pk}/checklist/"],
    }  # fmt: skip
    return _flat(found)


def of_standards(world: World) -> Addresses:
    """Lists of standards to read and to keep, a package that waits, and choosing for a lesson."""
    north, lesson = world.northshore, world.lessons["drinks"]
    own = Framework.objects.get(place=north)
    items = [packages.item("a", "Count on, and say how", humanCodingScheme="M.1", educationLevel=["01", "02"])]
    value = packages.package([*items, packages.item("b")], [packages.below("b", "a")], CFRubrics=[{}])
    key = keep_package(packages.as_bytes(value), "sums.json", place=north, by=world.ines)
    first = own.versions.get(number=2).standards.first()
    choosing = f"/lessons/{lesson.pk}/standards/"
    found = {
        "ana": [
            "/standards/", "/standards/?q=argue", "/standards/?q=zz", f"/standards/{own.pk}/",
            f"/standards/{own.pk}/?version=1", f"/standards/{own.pk}/?at={first.pk}", choosing, f"{choosing}?q=a",
            f"{choosing}?list={own.pk}", f"{choosing}?list={own.pk}&at={first.pk}",
        ],
        "ines": [
            "/standards/", f"/standards/{own.pk}/", f"/standards/{own.pk}/text/", f"/places/{north.pk}/standards/",
            f"/places/{world.linden.pk}/standards/", f"/places/{north.pk}/standards/list/",
            f"/places/{north.pk}/standards/package/", f"/places/{north.pk}/standards/package/{key}/",
        ],
    }  # fmt: skip
    return _flat(found)


def of_commons(world: World) -> Addresses:
    """What is given to everybody, as strangers, adopters and makers see it, and the way there in every state."""
    at, box, drinks, mine = timezone.now(), world.lessons["box"], world.lessons["drinks"], world.lessons["bens_box"]
    given, version = box.publications.get(), drinks.versions.order_by("number").last()
    said = {"before": None, "licence": "by", "credit": "", "subject": "", "level": "", "language": "en", "pictures": {}}
    draft = publishing.propose(
        drinks, version=version, replacements={"Pairs": "They", "jugs": ""}, by=world.ben, at=at,
        **{
            **said,
            "before": drinks.versions.order_by("number").first(),
            "pictures": dict.fromkeys(drinks.attachments.values_list("pk", flat=True), "nobody"),
        },
    )  # fmt: skip
    publishing.agree(draft, read=draft.asked_at, by=world.ben, at=at)
    gone, laid = (
        publishing.propose(one, version=keep_version(one, kind="other", name="", by=by, at=at), replacements={}, by=by,
                           at=at, **{**said, "licence": "by-sa"})
        for one, by in ((mine, world.ben), (world.lessons["steel_wool"], world.lena))
    )  # fmt: skip
    publishing.agree(gone, read=gone.asked_at, by=world.ben, at=at)
    publishing.retract(gone, by=world.ben, at=at)
    publishing.decline(laid, by=world.lena, at=at)
    state = f"/lessons/{drinks.pk}/publication/"
    found = {
        STRANGER: [
            "/commons/", "/commons/?q=zz", "/commons/?q=lid&licence=by-sa&kind=improvement", f"/commons/{given.pk}/",
            f"/commons/{gone.pk}/",
        ],
        "ana": ["/", "/commons/", f"/commons/{given.pk}/", state, f"{state}?change=1", f"{state}?version=1"],
        "ben": [state, f"/lessons/{mine.pk}/publication/", f"/lessons/{mine.pk}/"],
        "hana": ["/", f"/commons/{given.pk}/", f"/lessons/{box.pk}/publication/"],
        "lena": [f"/lessons/{laid.lesson_id}/publication/", f"/lessons/{laid.lesson_id}/publication/?change=1"],
    }  # fmt: skip
    return _flat(found)


def _flat(found: dict[str, list[str]]) -> Addresses:
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
    "workspaces": of_workspaces,
    "offices": of_offices,
    "time": of_time,
    "calendars": of_calendars,
    "commons": of_commons,
    "terms": of_terms,
    "visits": of_visits,
    "cover": of_cover,
    "lessons": of_lessons,
    "ratings": of_ratings,
    "standards": of_standards,
}
