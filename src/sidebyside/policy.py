"""Who may see, who may do: the only place.

A *sight* rule is a filter: `seen(person, Model)` gives the rows a person may see, and the check on one
record is "is it in the filtered set", so that a list, a page, a search, a mail and the API cannot disagree.
A *deed* rule says who may do something to a record she sees. Doing implies seeing.

Unknown or not yours: `find` answers 404. Yours to see but not to do: `ask` answers 403. There is no bypass
for anybody. What a person is (roles, memberships, places) is fetched once a request as her `Standing`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core import checks
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, DateTimeField, Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.http import Http404

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled, filled, room
from sidebyside.base.files.models import StoredFile
from sidebyside.base.keys.models import DataKey, KeyStore
from sidebyside.base.live.models import LiveDocument, LiveUpdate
from sidebyside.base.models import Event, Installation, SentForm
from sidebyside.calendars.models import (
    Appointment,
    Attendee,
    BookedDay,
    BusyTime,
    Feed,
    KeptFree,
    OutsideCalendar,
    Period,
    Series,
    SpecialDay,
    Term,
    Timetable,
    TimetableImport,
    TimetableLesson,
    TimetableTeacher,
)
from sidebyside.conversations.models import Note, ScratchNote
from sidebyside.cover.models import Away, CoverLimit, CoverOffer, CoverRequest, CoverRules, SubstituteDay
from sidebyside.cycles.models import Contact, Cycle, Goal, Sheet, Step
from sidebyside.journals.models import Entry
from sidebyside.lessons.models import (
    Adoption,
    Attachment,
    Lesson,
    LessonVersion,
    OwnChecklist,
    Publication,
    PublicationConsent,
    PublishedFile,
    Rating,
    Remark,
)
from sidebyside.materials.models import (
    Framework,
    FrameworkVersion,
    Material,
    MaterialVersion,
    PlaceGoal,
    Programme,
    Standard,
)
from sidebyside.materials.showing import Shown, shown_to_leaders
from sidebyside.partnerships.models import (
    Agreement,
    HelpOffer,
    Member,
    NormCard,
    Opening,
    Part,
    Partnership,
    Proposal,
    Seat,
    Signature,
    Wish,
)
from sidebyside.people.models import Attempt, EntryPass, FirstRun, Ownership, Person
from sidebyside.people.queries import may_have_codes
from sidebyside.places.models import (
    Link,
    Place,
    Post,
    Role,
    RosterImport,
    Source,
    SourcePerson,
    SourcePlace,
    SourcePost,
)
from sidebyside.places.queries import ids_above, ids_below
from sidebyside.summaries.models import Answer, Consent, Plan, PlanRelease, Summary, SummaryRelease
from sidebyside.visits.models import (
    CalendarConsent,
    CalendarRelease,
    CalendarRemark,
    Meeting,
    PlannedVisit,
    TermPlan,
    Visit,
    VisitCover,
)

NOBODY = Q(pk__in=[])
EVERYBODY = Q()
COACHING = (Part.COACH, Part.PEER)
KEEPERS_OF_TIME = (Role.Kind.COVER_DESK, Role.Kind.LEADER, Role.Kind.LEAD)
LARGEST_ID = 2**63 - 1  # an address may hold any number; a database refuses to look for a larger one


# What a person is


@dataclass
class Standing:
    """What a person is: fetched once a request, passed as values."""

    person_id: int
    is_owner: bool = False
    # Places by kind of role; a role counts at its place and below.
    roles: dict[str, list[int]] = field(default_factory=dict)
    # Partnerships by id, with the moment from which she sees their record (none: from the start).
    partnerships: dict[int, datetime | None] = field(default_factory=dict)
    # Times in partnerships that are over for her: which, from when she saw its record, and when she left it.
    left: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    coaches_in: set[int] = field(default_factory=set)
    # The schools she works at, and all places above her posts.
    schools: list[int] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    time_zone: str = ""

    @property
    def kinds(self) -> set[str]:
        return set(self.roles)

    def at(self, *kinds: str) -> list[int]:
        """The places where she holds one of these roles."""
        return sorted({place for kind in kinds for place in self.roles.get(kind, ())})

    @property
    def among_people(self) -> list[int]:
        """Her schools, and where she has a role that works with people by name. An evaluator's does not."""
        kinds = self.kinds - {Role.Kind.EVALUATOR}
        return sorted({*self.schools, *self.at(*kinds)})

    @cached_property
    def shown_as_leader(self) -> Shown:
        """Where, below the places she leads, she sees that partnerships exist: the programme in force at each school
        says so (a setting). One query for a leader, none for others."""
        return shown_to_leaders(self.at(Role.Kind.LEADER))


def standing(person: Person) -> Standing:
    """What a person is, with one query. Ask again for each request; nothing of it is kept between two."""
    union = _standing_question().rows({"person": person.pk})
    found, zones = Standing(person.pk), []
    for what, word, number, moment, until in union:
        if what == "role":
            found.roles.setdefault(word, []).append(number)
        elif what == "member":
            found.partnerships[number] = moment
            if word in COACHING:
                found.coaches_in.add(number)
        elif what == "left":
            found.left.append((number, moment, until))
        elif what == "owner":
            found.is_owner = True
        elif what == "zone":
            zones.append((number, word))
        elif number not in found.above:
            found.above.append(number)
            if word == Place.Kind.SCHOOL:
                found.schools.append(number)
    found.time_zone = min(zones)[1] if zones else ""
    return found


@asked_often
def _standing_question() -> Compiled:
    marks = Marks()
    person = marks.number("person")
    # (cast: PostgreSQL takes a bare NULL of the first arms for text)
    none = Cast(Value(None), DateTimeField())
    mine = Link.objects.filter(place__posts__person=person, place__posts__to_date=None).order_by()

    def rows(what: str, of: QuerySet, word: Any, number: Any, moment: Any = none, until: Any = none) -> QuerySet:
        return of.order_by().values_list(Value(what, CharField()), word, number, moment, until)

    members = Member.objects.filter(person=person)
    since = Coalesce("sees_from", "joined_at")

    union = rows("role", Role.objects.filter(person=person, ended_at=None), F("kind"), F("place_id")).union(
        rows("member", members.filter(left_at=None), F("part"), F("partnership_id"), F("sees_from")),
        rows("left", members.exclude(left_at=None), F("part"), F("partnership_id"), since, F("left_at")),
        rows("owner", Ownership.objects.filter(person=person, ended_at=None), Value("", CharField()), F("id")),
        rows("place", mine, F("above__kind"), F("above_id")),
        rows("zone", mine.exclude(above__time_zone=""), F("above__time_zone"), F("depth")),
        all=True,
    )
    return compiled(union, marks)


def _standing_of(person: Any) -> Standing:
    if getattr(person, "standing", None) is None:
        person.standing = standing(person)
    return person.standing


# Sight: which rows


Rule = Callable[[Standing, bool], Q]
SIGHTS: dict[type[Model], Rule] = {}


def sight(*models: type[Model]) -> Callable[[Rule], Rule]:
    """Declare the rule of sight of one or several models. Its docstring is the rule in words of the programme."""

    def declare(rule: Rule) -> Rule:
        for model in models:
            SIGHTS[model] = rule
        return rule

    return declare


def seen(person: Any, model: type[Model], *, one: bool = False) -> QuerySet:
    """The rows of `model` that this person may see. `one` draws the same rule for the check on one record."""
    return model._default_manager.filter(SIGHTS[model](_standing_of(person), one))


def sees(person: Any, record: Model) -> bool:
    """Whether this person may see this record."""
    return seen(person, type(record), one=True).filter(pk=record.pk).exists()


def find(person: Any, model: type[Model], pk: int, *related: str) -> Any:
    """The record, if this person may see it. Raises Http404 when it is unknown or not hers."""
    if pk > LARGEST_ID:
        raise Http404
    record = _her_own(person, model, pk) if not related else None
    if record is None:
        record = seen(person, model, one=True).select_related(*related).filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def below(places: Iterable[int], path: str, one: bool) -> Q:
    """Rows whose `path` (a place id) lies at or below these places.

    A list is fastest as IN, one record as EXISTS (SQLite builds the whole list of an IN for one row).
    """
    places = list(places)
    if not places:
        return NOBODY
    if one:
        return Q(Exists(Link.objects.filter(above__in=places, place=OuterRef(path))))
    return Q(**{f"{path}__in": ids_below(places)})


def working_at(places: Iterable[int], one: bool) -> Q:
    """Persons who have a post at or below these places today."""
    places = list(places)
    if not places:
        return NOBODY
    posts = Post.objects.filter(to_date=None, place__links_above__above__in=places)
    return Q(Exists(posts.filter(person=OuterRef("pk")))) if one else Q(pk__in=posts.values("person"))


def of_my_partnerships(me: Standing, moment: str = "", *, path: str = "partnership_id") -> Q:
    """Rows of the partnerships she is in; with `moment`, only what was written since she joined each."""
    if not me.partnerships:
        return NOBODY
    always = [pk for pk, since in me.partnerships.items() if since is None or not moment]
    rule = Q(**{f"{path}__in": always})
    for pk, since in me.partnerships.items():
        if since is not None and moment:
            rule |= Q(**{path: pk, f"{moment}__gte": since})
    return rule


def of_partnerships_i_left(me: Standing, begun: str, *changed: str, perhaps: Iterable[str] = ()) -> Q:
    """Rows of partnerships she has left, as they stood when she left: begun while she saw them, and each of these
    moments not after she left (those in `perhaps` may never have come). What the others change or remove later she no
    longer sees. To read, not to do."""
    rule = NOBODY
    for pk, since, until in me.left:
        untouched = {f"{moment}__lte": until for moment in (begun, *changed)}
        mine = Q(partnership_id=pk, **{f"{begun}__gte": since}, **untouched)
        for moment in perhaps:
            mine &= Q(**{moment: None}) | Q(**{f"{moment}__lte": until})
        rule |= mine
    return rule


def kept() -> Q:
    """What is not removed. The rest lies in a bin: of its author, or, where it is theirs together, of all members."""
    return Q(removed_at=None)


@sight(Place, Link)
def places(me: Standing, one: bool) -> Q:
    """Everybody who is signed in sees the tree of places: names only."""
    return EVERYBODY


@sight(Person)
def people(me: Standing, one: bool) -> Q:
    """She sees herself, who works at her school or below a place where she has a role, who has a role above her
    (so that she can ask a coach or a facilitator), everybody she shares a proposal or shares or shared a partnership
    with, and who thanked her for a published lesson. An owner sees all names, to say who runs the programme; an
    evaluator's role shows her nobody."""
    if me.is_owner:
        return EVERYBODY
    with_a_role = Role.objects.filter(ended_at=None, place__in=me.above)
    shared = Member.objects.filter(Q(partnership__in=list(me.partnerships)) | _with_me_then(me))
    asked = Seat.objects.filter(proposal__in=Proposal.objects.filter(seats__person=me.person_id).values("pk"))
    asking = Proposal.objects.filter(seats__person=me.person_id, closed_at=None)
    return (
        Q(pk=me.person_id)
        | working_at(me.among_people, one)
        | Q(pk__in=with_a_role.values("person"))
        | Q(pk__in=shared.values("person"))
        | Q(pk__in=asked.values("person"))
        | Q(pk__in=asking.values("by"))
        | Q(pk__in=Adoption.objects.filter(_thanks(me)).values("by"))
    )


@sight(Post)
def posts(me: Standing, one: bool) -> Q:
    """She sees her own posts and those at her school or below a place where she has a role; an owner sees all."""
    if me.is_owner:
        return EVERYBODY
    return Q(person=me.person_id) | below(me.among_people, "place_id", one)


@sight(Role)
def roles(me: Standing, one: bool) -> Q:
    """Who is what in the programme is no secret: she sees the roles above her, at her school, and below her own;
    an owner sees all."""
    if me.is_owner:
        return EVERYBODY
    return Q(person=me.person_id) | Q(place__in=me.above) | below(me.among_people, "place_id", one)


@sight(Ownership)
def ownerships(me: Standing, one: bool) -> Q:
    """Owners see who owns the installation."""
    return EVERYBODY if me.is_owner else NOBODY


@sight(
    Attempt, BookedDay, EntryPass, FirstRun, DataKey, Event, Installation, KeyStore, LiveDocument, LiveUpdate, SentForm,
    SourcePost, StoredFile,
)  # fmt: skip
def nobody(me: Standing, one: bool) -> Q:
    """Nobody: the program alone reads these rows, and shows at most that they exist to those concerned."""
    return NOBODY


@sight(Source)
def sources(me: Standing, one: bool) -> Q:
    """A programme lead sees the roster sources under her places."""
    return below(me.at(Role.Kind.LEAD), "under_id", one)


@sight(SourcePlace, SourcePerson, RosterImport)
def roster_rows(me: Standing, one: bool) -> Q:
    """A programme lead sees what the sources under her places brought."""
    return (
        below(me.at(Role.Kind.LEAD), "source__under_id", False)
        if not one
        else Q(source__in=Source.objects.filter(sources(me, False)).values("pk"))
    )


@sight(Programme, Material, MaterialVersion)
def materials(me: Standing, one: bool) -> Q:
    """Materials and the settings of a programme are open to everybody who is signed in."""
    return EVERYBODY


@sight(Framework, FrameworkVersion, Standard)
def standards(me: Standing, one: bool) -> Q:
    """Lists of standards are open to everybody who is signed in."""
    return EVERYBODY


@sight(PlaceGoal)
def place_goals(me: Standing, one: bool) -> Q:
    """She sees the goals of the places above her, and of places where she has a role; what was removed, by who
    removed it."""
    hers = Q(place__in=me.above) | below(me.among_people, "place_id", one)
    return hers & (kept() | Q(removed_by=me.person_id))


@sight(Term)
def terms(me: Standing, one: bool) -> Q:
    """She sees the terms of the places above her, and of places where she has a role."""
    return Q(place__in=me.above) | below(me.among_people, "place_id", one)


@sight(Timetable)
def timetables(me: Standing, one: bool) -> Q:
    """The timetable of a school hangs in its staff room: it is seen by who works there or has a role there, and by
    those who are in a partnership with somebody who works there. A week that somebody typed for herself is seen by
    her, by those in a partnership with her, and by the cover desk of her school."""
    together = Member.objects.filter(partnership__in=list(me.partnerships), left_at=None)
    schools = Q(school__in=together.values("school")) | below(me.among_people, "school_id", one)
    own = Q(owner__in=together.values("person")) | below(me.at(Role.Kind.COVER_DESK), "school_id", one)
    return Q(owner=None) & schools | Q(owner__isnull=False) & own | Q(owner=me.person_id)


def _of_timetables(me: Standing, path: str) -> Q:
    return Q(**{f"{path}__in": Timetable.objects.filter(timetables(me, False)).values("pk")})


@sight(Period, SpecialDay, TimetableTeacher)
def of_timetables(me: Standing, one: bool) -> Q:
    """Whoever sees a timetable sees its periods, its special days and the names in it."""
    return _of_timetables(me, "timetable")


@sight(TimetableLesson)
def timetable_lessons(me: Standing, one: bool) -> Q:
    """Whoever sees a timetable sees the lessons in it."""
    return _of_timetables(me, "period__timetable")


@sight(TimetableImport)
def timetable_imports(me: Standing, one: bool) -> Q:
    """An uploaded timetable is seen by those who keep the timetable of that school."""
    return below(me.at(*KEEPERS_OF_TIME), "school_id", one)


@sight(KeptFree, OutsideCalendar, BusyTime, Feed)
def her_own_time(me: Standing, one: bool) -> Q:
    """Which periods she keeps for herself, which calendars she brought along, what was read from them and that hers
    can be read elsewhere, she alone sees. Others are told at most that she is not free."""
    return Q(person=me.person_id)


@sight(CoverRules)
def cover_rules(me: Standing, one: bool) -> Q:
    """How a school arranges cover is no secret to who works there or has a role there."""
    return below(me.among_people, "school_id", one)


@sight(Away, CoverLimit)
def away(me: Standing, one: bool) -> Q:
    """Who is away, and what limits hold for somebody, she sees herself, and the cover desk of her school."""
    return Q(person=me.person_id) | below(me.at(Role.Kind.COVER_DESK), "school_id", one)


@sight(SubstituteDay)
def substitute_days(me: Standing, one: bool) -> Q:
    """Who comes from outside on which day is seen by the cover desk."""
    return below(me.at(Role.Kind.COVER_DESK), "school_id", one)


@sight(CoverRequest)
def cover_requests(me: Standing, one: bool) -> Q:
    """A lesson that needs cover is seen by whose lesson it is, by the cover desk, and by who is asked to take it or
    takes it."""
    asked = CoverOffer.objects.filter(person=me.person_id, asked_at__isnull=False, no_at=None, withdrawn_at=None)
    desk = below(me.at(Role.Kind.COVER_DESK), "school_id", one)
    return Q(person=me.person_id) | desk | Q(pk__in=asked.values("request"))


@sight(CoverOffer)
def cover_offers(me: Standing, one: bool) -> Q:
    """Who could take a lesson is seen by the cover desk; by her, once she was asked; and by whose lesson it is, once
    somebody takes it. Who declined is known to the desk alone."""
    hers = Q(person=me.person_id, asked_at__isnull=False)
    taken = Q(request__person=me.person_id, yes_at__isnull=False, no_at=None, withdrawn_at=None)
    return hers | taken | below(me.at(Role.Kind.COVER_DESK), "request__school_id", one)


@sight(Partnership)
def partnerships(me: Standing, one: bool) -> Q:
    """Its members; the facilitators of a member's school; its leaders too, where the programme lets them see that
    partnerships exist."""
    facilitated, shown = me.at(Role.Kind.FACILITATOR), me.shown_as_leader
    rule = Q(pk__in=list(me.partnerships))
    members = Member.objects.filter(left_at=None)
    watching = [members.filter(school__links_above__above__in=facilitated)] if facilitated else []
    if shown.anywhere:
        watching.append(members.filter(shown.rule(lambda places: below(places, "school_id", one))))
    for inside in watching:
        watched = Exists(inside.filter(partnership=OuterRef("pk"))) if one else Q(pk__in=inside.values("partnership"))
        rule |= Q(watched, ended_at=None)
    return rule


@sight(Member)
def members(me: Standing, one: bool) -> Q:
    """Who is in a partnership is seen by whoever sees that partnership, and who left knows who was in it then."""
    theirs = Q(partnership__in=Partnership.objects.filter(partnerships(me, False)).values("pk"))
    return theirs | Q(person=me.person_id) | _with_me_then(me)


def _with_me_then(me: Standing) -> Q:
    """Members of partnerships she has left who were in them before she went."""
    rule = NOBODY
    for pk, _since, until in me.left:
        rule |= Q(partnership=pk, joined_at__lte=until)
    return rule


@sight(Proposal)
def proposals(me: Standing, one: bool) -> Q:
    """A proposal is seen by who made it and, while it is open, by those it asks."""
    asked = Seat.objects.filter(person=me.person_id).values("proposal")
    return Q(by=me.person_id) | Q(pk__in=asked, closed_at=None) | (Q(joining__in=list(me.partnerships), closed_at=None))


@sight(Seat)
def seats(me: Standing, one: bool) -> Q:
    """Who is asked is seen by all who are asked together, and by who asks. A closed proposal has no seats."""
    return Q(proposal__in=Proposal.objects.filter(proposals(me, False)).values("pk"))


@sight(Wish)
def wishes(me: Standing, one: bool) -> Q:
    """A wish for a coach is seen by who has it and by the facilitators of her place, or by the one she chose; never by
    anybody who leads a place where she works."""
    asked = below(me.at(Role.Kind.FACILITATOR), "place_id", one) & (Q(to=None) | Q(to=me.person_id))
    led = me.at(Role.Kind.LEADER)
    if led:
        asked &= ~Q(person__in=Post.objects.filter(to_date=None, place__links_above__above__in=led).values("person"))
    return Q(person=me.person_id) | asked


@sight(NormCard)
def norm_cards(me: Standing, one: bool) -> Q:
    """A norm card is its author's own until she turns it over; then all members see it. What its author takes back,
    she alone sees in her bin."""
    turned = of_my_partnerships(me, "written_at") & Q(turned_at__isnull=False)
    return Q(author=me.person_id) | (turned | of_partnerships_i_left(me, "written_at", "turned_at")) & kept()


@sight(Agreement)
def agreements(me: Standing, one: bool) -> Q:
    """The agreement is seen by the members, by nobody else. Who joined later signs it too, so she sees it whole;
    who left sees the versions of her time."""
    return of_my_partnerships(me) | of_partnerships_i_left(me, "written_at", "written_at")


@sight(Signature)
def signatures(me: Standing, one: bool) -> Q:
    """Who signed is seen by the members."""
    return of_my_partnerships(me, path="agreement__partnership_id")


@sight(Opening, HelpOffer)
def known_to_members(me: Standing, one: bool) -> Q:
    """Who opened what, and who offered help, is seen by the members."""
    return of_my_partnerships(me)


@sight(Cycle)
def cycles(me: Standing, one: bool) -> Q:
    """A cycle and its stage are seen by the members; who joined later sees those begun since. Others get counts, from
    questions that give counts alone."""
    return of_my_partnerships(me, "began_at")


@sight(Sheet)
def sheets(me: Standing, one: bool) -> Q:
    """What members write together is seen by the members; who joined later sees what was begun since, who left
    sees what was not changed since."""
    return of_my_partnerships(me, "written_at") | of_partnerships_i_left(me, "written_at", "changed_at")


@sight(Goal, Step)
def goals_and_steps(me: Standing, one: bool) -> Q:
    """Goals and the action plan are seen by the members, what was removed too: it lies in the bin of all of them.
    Who left sees what was not changed since."""
    return of_my_partnerships(me, "written_at") | of_partnerships_i_left(me, "written_at", "changed_at") & kept()


@sight(Contact)
def contacts(me: Standing, one: bool) -> Q:
    """The log of contacts is seen by the members, what was removed too: it lies in the bin of all of them. Who left
    sees what was not corrected since. Leaders never see it; facilitators get one word from it."""
    never = of_partnerships_i_left(me, "logged_at", "logged_at") & Q(corrected_at=None)
    before = of_partnerships_i_left(me, "logged_at", "corrected_at")
    return of_my_partnerships(me, "logged_at") | (never | before) & kept()


@sight(Note)
def notes(me: Standing, one: bool) -> Q:
    """Notes are seen by the members. What somebody wrote alone stays hers, after she left too, and removed it lies
    in her bin; what they wrote together lies in the bin of all members. Who left sees of it what was not changed
    since."""
    hers, together = Q(author=me.person_id, together_at=None), Q(together_at__isnull=False)
    members = of_my_partnerships(me, "written_at") & (kept() | together)
    return members | hers | of_partnerships_i_left(me, "written_at", "changed_at") & kept()


@sight(ScratchNote)
def scratch_notes(me: Standing, one: bool) -> Q:
    """A coach's scratch note is seen by that coach alone."""
    return Q(author=me.person_id)


def _mine_alone(me: Standing, path: str = "") -> Q:
    """Lessons that belong to no partnership: their teacher's alone."""
    return Q(**{f"{path}partnership": None, f"{path}teacher": me.person_id})


@sight(Lesson)
def lessons(me: Standing, one: bool) -> Q:
    """A lesson is seen by the members, and by the teacher whose lesson it is, after she left too: then nobody changes
    it any more. Who joined later sees those begun since; who left sees of the others' lessons what was not changed
    since. Removed it lies in its teacher's bin; until it goes the members read it there too."""
    left = of_partnerships_i_left(me, "begun_at", "changed_at", "document__changed_at")
    return of_my_partnerships(me, "begun_at") | Q(teacher=me.person_id) | left & kept()


def _of_lessons(me: Standing, *moments: str, perhaps: Iterable[str] = ()) -> Q:
    """What belongs to lessons she sees; of partnerships she left, what was there in her time."""
    here = of_my_partnerships(me, "lesson__begun_at") | _mine_alone(me, "lesson__")
    since = of_partnerships_i_left(me, *moments, perhaps=perhaps)
    return here | since & Q(lesson__in=Lesson.objects.filter(lessons(me, False)).values("pk"))


@sight(LessonVersion)
def lesson_versions(me: Standing, one: bool) -> Q:
    """The versions of a lesson are seen by those who see the lesson; who left sees those of her time."""
    return _of_lessons(me, "made_at")


@sight(Remark)
def remarks(me: Standing, one: bool) -> Q:
    """What is said about a lesson is seen by those who see the lesson; removed it lies in its author's bin. Who left
    sees what was neither changed since nor accepted, laid aside or said to have led to something."""
    done = ("accepted_at", "settled_at", "led_at", "led_to__made_at")
    return _of_lessons(me, "written_at", "changed_at", perhaps=done) & (kept() | Q(author=me.person_id))


@sight(Rating)
def ratings(me: Standing, one: bool) -> Q:
    """How somebody sees a lesson is her own; the members see it while she shares it. Nobody else ever does."""
    return Q(by=me.person_id) | _of_lessons(me, "rated_at", "shared_at", "changed_at") & Q(shared_at__isnull=False)


@sight(OwnChecklist)
def own_checklists(me: Standing, one: bool) -> Q:
    """A checklist that a partnership made its own is seen by the members; who left sees those of her time."""
    return of_my_partnerships(me) | of_partnerships_i_left(me, "made_at")


@sight(Attachment)
def attachments(me: Standing, one: bool) -> Q:
    """Files of a lesson are seen by those who see the lesson; removed they lie in the bin of all members."""
    return _of_lessons(me, "added_at") & (kept() | of_my_partnerships(me) | Q(partnership=None))


@sight(Publication)
def publications(me: Standing, one: bool) -> Q:
    """What is published is open to everybody, signed in or not, until it is taken back. What somebody wishes to
    publish is seen by the members and by the teacher whose lesson it is."""
    return published() | of_my_partnerships(me, "lesson__begun_at") | Q(teacher=me.person_id)


def published() -> Q:
    """The publications that are in force."""
    return Q(published_at__isnull=False, retracted_at=None)


def in_the_commons() -> QuerySet:
    """The publications that everybody reads, signed in or not."""
    return Publication.objects.filter(published())


def taken_out_of_the_commons() -> QuerySet:
    """Publications that were taken back: a page says so, and nothing more, to everybody."""
    return Publication.objects.filter(published_at__isnull=False, retracted_at__isnull=False)


def files_in_the_commons() -> QuerySet:
    """The files that were published along with them."""
    return PublishedFile.objects.filter(publication__in=in_the_commons().values("pk"))


@sight(PublicationConsent)
def publication_consents(me: Standing, one: bool) -> Q:
    """Who agreed that a lesson is published is seen by its makers."""
    makers = of_my_partnerships(me, "publication__lesson__begun_at", path="publication__partnership_id")
    return makers | Q(publication__teacher=me.person_id)


@sight(PublishedFile)
def published_files(me: Standing, one: bool) -> Q:
    """Whoever sees a publication sees the files that were published along."""
    return Q(publication__in=Publication.objects.filter(publications(me, False)).values("pk"))


@sight(Adoption)
def adoptions(me: Standing, one: bool) -> Q:
    """That somebody made a published lesson her own is seen by her alone, and by its makers once she thanked them."""
    return Q(by=me.person_id) | _thanks(me)


def _thanks(me: Standing) -> Q:
    return of_its_makers(me) & Q(thanked_at__isnull=False)


def of_its_makers(me: Standing) -> Q:
    """Adoptions of what she made: whoever joined after a lesson was begun is none of its makers."""
    makers = of_my_partnerships(me, "publication__lesson__begun_at", path="publication__partnership_id")
    return makers | Q(publication__teacher=me.person_id)


@sight(Visit)
def visits(me: Standing, one: bool) -> Q:
    """A visit is seen by the members; who joined later sees those booked since. Who was in it keeps sight of it."""
    return of_my_partnerships(me, "booked_at") | Q(observed=me.person_id) | Q(observer=me.person_id)


@sight(VisitCover)
def visit_covers(me: Standing, one: bool) -> Q:
    """What is done with the lesson of who visits is seen by those who see the visit. The cover desk sees that lesson
    alone, as a request, and never the visit."""
    return Q(visit__in=Visit.objects.filter(visits(me, False)).values("pk"))


def _attended(me: Standing) -> QuerySet:
    return Attendee.objects.filter(person=me.person_id).values("appointment")


@sight(Meeting)
def meetings(me: Standing, one: bool) -> Q:
    """When a partnership meets is seen by its members; who joined later sees what was made since. Who was to come
    sees it afterwards too."""
    return of_my_partnerships(me, "appointment__made_at") | Q(appointment__in=_attended(me))


@sight(Appointment)
def appointments(me: Standing, one: bool) -> Q:
    """An appointment is seen by those who are to come, by the members of its partnership, and by a leader to whom they
    all showed when they meet. Everybody else sees at most that somebody is busy."""
    shown = CalendarRelease.objects.filter(to=me.person_id, withdrawn_at=None, in_force_at__isnull=False)
    released = Meeting.objects.filter(partnership__in=shown.values("partnership"))
    ours = Meeting.objects.filter(meetings(me, False))
    return Q(pk__in=_attended(me)) | Q(pk__in=ours.values("appointment")) | Q(pk__in=released.values("appointment"))


@sight(Attendee)
def attendees(me: Standing, one: bool) -> Q:
    """Who comes is seen by those who are to come and by the members of the partnership."""
    ours = Meeting.objects.filter(of_my_partnerships(me, "appointment__made_at"))
    return Q(appointment__in=_attended(me)) | Q(appointment__in=ours.values("appointment"))


@sight(Series)
def series(me: Standing, one: bool) -> Q:
    """A series is seen by those who are to come to any of it."""
    return Q(pk__in=Appointment.objects.filter(pk__in=_attended(me)).exclude(series=None).values("series"))


@sight(TermPlan)
def term_plans(me: Standing, one: bool) -> Q:
    """That a term was planned, and in which numbers, is seen by the facilitators of the school; a plan that a
    partnership made for itself, by its members."""
    schools = below(me.at(Role.Kind.FACILITATOR), "school_id", one)
    return Q(partnership=None) & schools | Q(partnership__isnull=False) & of_my_partnerships(me, "made_at")


@sight(PlannedVisit)
def planned_visits(me: Standing, one: bool) -> Q:
    """What is proposed to a partnership for a term is seen by its members alone."""
    return of_my_partnerships(me, "plan__made_at")


@sight(CalendarRelease)
def calendar_releases(me: Standing, one: bool) -> Q:
    """That a leader is shown when a partnership meets is seen by the members and, once all agreed and while it holds,
    by that leader."""
    return of_my_partnerships(me) | Q(to=me.person_id, withdrawn_at=None, in_force_at__isnull=False)


@sight(CalendarConsent)
def calendar_consents(me: Standing, one: bool) -> Q:
    """Who agreed that a leader sees when they meet is seen by the members."""
    return of_my_partnerships(me, path="release__partnership_id")


@sight(CalendarRemark)
def calendar_remarks(me: Standing, one: bool) -> Q:
    """What a leader asks or offers on a calendar is seen by the members, and by who wrote it."""
    return of_my_partnerships(me, "at") | Q(by=me.person_id)


@sight(Entry)
def entries(me: Standing, one: bool) -> Q:
    """A reflection is its author's own; the members see it while she shares it, and who left sees it then if it was
    shared with her and not changed since. Removed it lies in its author's bin."""
    shared = of_my_partnerships(me, "written_at") & Q(shared_at__isnull=False)
    before = of_partnerships_i_left(me, "written_at", "shared_at", "changed_at")
    return Q(author=me.person_id) | (shared | before) & kept()


@sight(Summary)
def summaries(me: Standing, one: bool) -> Q:
    """A summary is seen by the members, and by those to whom they released it, until they take it back. Who left
    sees what was not changed since."""
    released = SummaryRelease.objects.filter(to=me.person_id, withdrawn_at=None)
    hers = of_my_partnerships(me, "cycle__began_at") | of_partnerships_i_left(me, "cycle__began_at", "changed_at")
    return hers | Q(pk__in=released.values("summary"))


@sight(Plan)
def plans(me: Standing, one: bool) -> Q:
    """A plan made to be shown is seen by the members, and by those to whom they released it. Who left sees what was
    not changed since."""
    released = PlanRelease.objects.filter(to=me.person_id, withdrawn_at=None)
    hers = of_my_partnerships(me, "cycle__began_at") | of_partnerships_i_left(me, "cycle__began_at", "changed_at")
    return hers | Q(pk__in=released.values("plan"))


@sight(SummaryRelease)
def summary_releases(me: Standing, one: bool) -> Q:
    """A release is seen by the members and, while it is in force, by who received it."""
    hers = of_my_partnerships(me, "summary__cycle__began_at", path="summary__partnership_id")
    return hers | Q(to=me.person_id, withdrawn_at=None)


@sight(PlanRelease)
def plan_releases(me: Standing, one: bool) -> Q:
    """A release is seen by the members and, while it is in force, by who received it."""
    hers = of_my_partnerships(me, "plan__cycle__began_at", path="plan__partnership_id")
    return hers | Q(to=me.person_id, withdrawn_at=None)


@sight(Consent)
def consents(me: Standing, one: bool) -> Q:
    """Who agreed to a release is seen by the members."""
    summaries = of_my_partnerships(me, "summary__cycle__began_at", path="summary__partnership_id")
    return summaries | of_my_partnerships(me, "plan__cycle__began_at", path="plan__partnership_id")


@sight(Answer)
def answers(me: Standing, one: bool) -> Q:
    """A leader's answer to a plan is seen by the members who see the plan, and by who wrote it."""
    return of_my_partnerships(me, "plan__cycle__began_at") | Q(by=me.person_id)


# The same rules for what is asked often: built once for each shape of a standing (base/compiled.py), then only run


@dataclass(frozen=True)
class Shape:
    """What the text of a question depends on: up to how many values of each kind a standing has."""

    partnerships: int
    joined_later: int
    left: int
    facilitated: int
    led: int
    desks: int
    is_owner: bool

    @classmethod
    def of(cls, me: Standing) -> "Shape":
        """The shape of a standing."""
        later = sum(since is not None for since in me.partnerships.values())
        return cls(
            partnerships=room(len(me.partnerships) - later),
            joined_later=room(later),
            left=room(len(me.left)),
            facilitated=room(len(me.at(Role.Kind.FACILITATOR))),
            led=room(len(me.at(Role.Kind.LEADER))),
            desks=room(len(me.at(Role.Kind.COVER_DESK))),
            is_owner=me.is_owner,
        )

    def marked(self, marks: Marks) -> Standing:
        """A standing of this shape with a stand-in for each value, for the rules of sight."""
        person = marks.number("person")
        always = {marks.number(f"always{at}"): None for at in range(self.partnerships)}
        later = {marks.number(f"later{at}"): marks.moment(f"since{at}") for at in range(self.joined_later)}
        left = [
            (marks.number(f"left{at}"), marks.moment(f"left_since{at}"), marks.moment(f"left_until{at}"))
            for at in range(self.left)
        ]
        places = [marks.number(f"place{at}") for at in range(self.facilitated)]
        led = [marks.number(f"led{at}") for at in range(self.led)]
        desks = [marks.number(f"desk{at}") for at in range(self.desks)]
        kinds = ((Role.Kind.FACILITATOR, places), (Role.Kind.LEADER, led), (Role.Kind.COVER_DESK, desks))
        roles = {kind.value: at for kind, at in kinds if at}
        made = Standing(person, is_owner=self.is_owner, roles=roles, partnerships={**always, **later}, left=left)
        # A setting, which no stand-in can be asked for: what leaders see by it is asked at the time.
        made.shown_as_leader = Shown()
        return made


def standing_values(me: Standing, **others: Any) -> dict[str, Any]:
    """The values of this standing, by the names of the stand-ins of its shape, and others by their own names."""
    later = {pk: since for pk, since in me.partnerships.items() if since is not None}
    return {
        "person": me.person_id,
        **filled("always", [pk for pk, since in me.partnerships.items() if since is None]),
        **filled("later", list(later)),
        **filled("since", list(later.values())),
        **filled("left", [pk for pk, _since, _until in me.left]),
        **filled("left_since", [since for _pk, since, _until in me.left]),
        **filled("left_until", [until for _pk, _since, until in me.left]),
        **filled("place", me.at(Role.Kind.FACILITATOR)),
        **filled("led", me.at(Role.Kind.LEADER)),
        **filled("desk", me.at(Role.Kind.COVER_DESK)),
        **others,
    }


# Who sees these depends on who she is and on her partnerships, and on nothing else of a standing.
OF_MEMBERS = frozenset(
    {Agreement, Contact, Cycle, Entry, Goal, HelpOffer, Meeting, Note, ScratchNote, Sheet, Signature, Step, Visit}
)


Build = Callable[[QuerySet, Marks], QuerySet]


def seen_often(person: Any, model: type[Model], build: Build, **values: Any) -> list[Any]:
    """What `build` makes of the rows of `model` that she sees, as a list; the same as with `seen`, but built once.

    `build(rows, marks)` is a function of a module. It narrows and orders, with `marks.number("cycle")` where the
    value `cycle=` is to stand. Only for what a shape says all about: what belongs to partnerships, and wishes.
    """
    if model not in OF_MEMBERS and model is not Wish:
        raise TypeError(f"Who sees a {model.__name__} depends on more than her partnerships.")
    me = _standing_of(person)
    return _often(Shape.of(me), model, build).records(standing_values(me, **values))


def _her_own(person: Any, model: type[Model], pk: int) -> Any:
    """The record if she sees it as a member, quickly. None says nothing: she may see it for another reason."""
    if model not in OF_MEMBERS and model is not Partnership:
        return None
    me = _standing_of(person)
    found = _often(Shape.of(me), model, _the_one).records(standing_values(me, pk=pk))
    return found[0] if found else None


def _the_one(rows: QuerySet, marks: Marks) -> QuerySet:
    return rows.filter(pk=marks.number("pk"))


@asked_often
def _often(shape: Shape, model: type[Model], build: Build) -> Compiled:
    marks = Marks()
    me = shape.marked(marks)
    return compiled(build(model._default_manager.filter(SIGHTS[model](me, False)), marks), marks)


# Deeds: who may do what to a record she sees


Deed = Callable[[Standing, Any], bool]
DEEDS: dict[str, tuple[type[Model], Deed]] = {}


def deed(name: str, model: type[Model]) -> Callable[[Deed], Deed]:
    """Declare who may do `name` to a `model` she sees. The docstring is the rule in words of the programme."""

    def declare(rule: Deed) -> Deed:
        DEEDS[name] = (model, rule)
        return rule

    return declare


def may(person: Any, name: str, record: Model) -> bool:
    """Whether this person may do this to this record. She must see it first."""
    model, rule = DEEDS[name]
    if not isinstance(record, model):
        raise TypeError(f"{name} is done to a {model.__name__}, not to a {type(record).__name__}.")
    return rule(_standing_of(person), record) and sees(person, record)


def ask(person: Any, name: str, model: type[Model], pk: int, *related: str) -> Any:
    """The record to which this person may do `name`.

    Raises Http404 if it is not hers to see, PermissionDenied if it is not hers to do.
    """
    record = find(person, model, pk, *related)
    if not DEEDS[name][1](_standing_of(person), record):
        raise PermissionDenied
    return record


def _is_above(places: list[int], place_id: int | None) -> bool:
    return bool(places) and place_id is not None and ids_above([place_id]).filter(above__in=places).exists()


def _is_member(me: Standing, record: Any) -> bool:
    return (record.pk if isinstance(record, Partnership) else record.partnership_id) in me.partnerships


@deed("give roles at", Place)
def give_roles(me: Standing, place: Place) -> bool:
    """A programme lead gives and ends roles at her places and below; an owner does, so that there is a first lead."""
    return me.is_owner or _is_above(me.at(Role.Kind.LEAD), place.pk)


@deed("change the tree at", Place)
def change_the_tree(me: Standing, place: Place) -> bool:
    """A programme lead adds, renames and closes places below hers."""
    return _is_above(me.at(Role.Kind.LEAD), place.pk)


@deed("bring a roster to", Place)
def bring_a_roster(me: Standing, place: Place) -> bool:
    """A programme lead brings rosters to her places and below."""
    return _is_above(me.at(Role.Kind.LEAD), place.pk)


@deed("invite people of", Place)
def invite_people(me: Standing, place: Place) -> bool:
    """A programme lead or a facilitator of a place sends invitations and prints code sheets for it."""
    return _is_above(me.at(Role.Kind.LEAD, Role.Kind.FACILITATOR), place.pk)


def may_get_codes_from(person: Any) -> Q:
    """For whom this person may print codes (she could sign in as them): those who work at the places where she is
    programme lead or facilitator and have no mailbox, or are not here yet; no owner, nobody with a role outside of
    these places, and no programme lead of a place where she is none."""
    me = person if isinstance(person, Standing) else _standing_of(person)
    mine, led = me.at(Role.Kind.LEAD, Role.Kind.FACILITATOR), me.at(Role.Kind.LEAD)
    roles = Role.objects.filter(ended_at=None)
    outside = roles.exclude(place__in=ids_below(mine)).values("person")
    leads = roles.filter(kind=Role.Kind.LEAD).exclude(place__in=ids_below(led)).values("person")
    possible = may_have_codes(Person.objects.all()).values("pk")
    return working_at(mine, False) & Q(pk__in=possible) & ~Q(pk__in=outside) & ~Q(pk__in=leads)


@deed("print codes for", Person)
def print_codes_for(me: Standing, person: Person) -> bool:
    """A programme lead or facilitator, for who works at her places and has no mailbox or is not here yet: the rule
    of `may_get_codes_from`."""
    return Person.objects.filter(may_get_codes_from(me), pk=person.pk).exists()


@deed("change the programme of", Place)
def change_the_programme(me: Standing, place: Place) -> bool:
    """A programme lead sets words, settings and the short list of goals of her places."""
    return _is_above(me.at(Role.Kind.LEAD), place.pk)


@deed("make owners beside", Ownership)
def make_owners(me: Standing, ownership: Ownership) -> bool:
    """Owners make owners, by address: an owner sees nobody's page."""
    return me.is_owner and ownership.person_id == me.person_id


@deed("print the recovery sheet of", Ownership)
def print_recovery_sheet(me: Standing, ownership: Ownership) -> bool:
    """Each owner prints the recovery sheet for herself."""
    return me.is_owner and ownership.person_id == me.person_id


@deed("end the ownership of", Ownership)
def end_ownership(me: Standing, ownership: Ownership) -> bool:
    """Owners end ownerships; never the last one, which the verb sees to."""
    return me.is_owner


@deed("keep the timetable of", Place)
def keep_the_timetable(me: Standing, place: Place) -> bool:
    """The cover desk, a school leader or a programme lead of a school brings its timetable, terms and special days."""
    return _is_above(me.at(*KEEPERS_OF_TIME), place.pk)


@deed("change timetable", Timetable)
def change_timetable(me: Standing, timetable: Timetable) -> bool:
    """Who keeps the timetable of a school changes it; a week of her own, who typed it, alone."""
    if timetable.owner_id is not None:
        return timetable.owner_id == me.person_id
    return _is_above(me.at(*KEEPERS_OF_TIME), timetable.school_id)


@deed("arrange cover at", Place)
def arrange_cover(me: Standing, place: Place) -> bool:
    """The cover desk of a school arranges its cover."""
    return _is_above(me.at(Role.Kind.COVER_DESK), place.pk)


def _is_desk_of(me: Standing, person_id: int) -> bool:
    return Person.objects.filter(working_at(me.at(Role.Kind.COVER_DESK), True), pk=person_id).exists()


@deed("mark away", Person)
def mark_away(me: Standing, person: Person) -> bool:
    """She says herself that she is away, or the cover desk of her school does. No reason is asked for."""
    return person.pk == me.person_id or _is_desk_of(me, person.pk)


@deed("end away", Away)
def end_away(me: Standing, absence: Away) -> bool:
    """She says herself that she comes after all, or the cover desk of her school does: who sees it."""
    return True


@deed("see when busy", Person)
def see_when_busy(me: Standing, person: Person) -> bool:
    """When somebody is busy, never with what, is seen by her, by those in a partnership with her, by her colleagues
    and by the cover desk of her school."""
    together = Member.objects.filter(partnership__in=list(me.partnerships), left_at=None, person=person.pk)
    places = [*me.schools, *me.at(Role.Kind.COVER_DESK)]
    near = Person.objects.filter(working_at(places, True), pk=person.pk)
    return person.pk == me.person_id or together.exists() or near.exists()


@deed("change coverrequest", CoverRequest)
def change_cover_request(me: Standing, request: CoverRequest) -> bool:
    """Whose lesson it is writes its notes and takes the request back; so does the cover desk."""
    return request.person_id == me.person_id or _is_above(me.at(Role.Kind.COVER_DESK), request.school_id)


@deed("settle coverrequest", CoverRequest)
def settle_cover_request(me: Standing, request: CoverRequest) -> bool:
    """The cover desk says who takes a lesson."""
    return _is_above(me.at(Role.Kind.COVER_DESK), request.school_id)


@deed("answer coveroffer", CoverOffer)
def answer_cover_offer(me: Standing, offer: CoverOffer) -> bool:
    """Who is asked to take a lesson says yes or no, and no after a yes as well."""
    return offer.person_id == me.person_id and offer.asked_at is not None and offer.is_alive


@deed("thank for coveroffer", CoverOffer)
def thank_for_cover(me: Standing, offer: CoverOffer) -> bool:
    """Whose lesson was taken says thank you."""
    return offer.request.person_id == me.person_id and offer.yes_at is not None


@deed("end substituteday", SubstituteDay)
def end_substitute_day(me: Standing, day: SubstituteDay) -> bool:
    """The cover desk, which sees it, says that a substitute does not come."""
    return True


@deed("change appointment", Appointment)
def change_appointment(me: Standing, appointment: Appointment) -> bool:
    """The members of a partnership move and cancel what it has in its calendar; her own time is hers."""
    ours = Meeting.objects.filter(appointment=appointment, partnership__in=list(me.partnerships))
    return ours.exists() or (appointment.kind == Appointment.Kind.OWN and appointment.made_by_id == me.person_id)


@deed("answer attendee", Attendee)
def answer_invitation(me: Standing, attendee: Attendee) -> bool:
    """Who is invited says whether she comes."""
    return attendee.person_id == me.person_id


@deed("plan a term at", Place)
def plan_a_term(me: Standing, place: Place) -> bool:
    """A facilitator of a school has its term planned: each partnership gets a proposal that its members alone see."""
    return _is_above(me.at(Role.Kind.FACILITATOR), place.pk)


@deed("put away termplan", TermPlan)
def put_plan_away(me: Standing, plan: TermPlan) -> bool:
    """The facilitators of a school put its plan away, the members of a partnership their own: whoever sees it."""
    return True


@deed("remark on calendarrelease", CalendarRelease)
def remark_on_calendar(me: Standing, release: CalendarRelease) -> bool:
    """A leader who is shown when a partnership meets asks or offers something."""
    return release.to_id == me.person_id and release.is_in_force and release.in_force_at is not None


@deed("answer", Proposal)
def answer_proposal(me: Standing, proposal: Proposal) -> bool:
    """Those who are asked answer; the members of a partnership somebody would join are asked as well."""
    return proposal.closed_at is None and proposal.seats.filter(person=me.person_id, accepted_at=None).exists()


@deed("withdraw", Proposal)
def withdraw_proposal(me: Standing, proposal: Proposal) -> bool:
    """Who made a proposal takes it back, or puts it away once it is closed."""
    return proposal.by_id == me.person_id


@deed("close wish", Wish)
def close_wish(me: Standing, wish: Wish) -> bool:
    """Who has a wish takes it back; the facilitators of its place, who see it, lay it aside."""
    return True


@deed("offer help to", Partnership)
def offer_help(me: Standing, partnership: Partnership) -> bool:
    """A facilitator of a member's school, unless she is in it herself."""
    places = me.at(Role.Kind.FACILITATOR)
    inside = Member.objects.filter(partnership=partnership, left_at=None, school__links_above__above__in=places)
    return not _is_member(me, partnership) and bool(places) and inside.exists()


@deed("work in", Partnership)
def work_in(me: Standing, partnership: Partnership) -> bool:
    """Members have equal rights: to write, to plan, to log, to pause, to end."""
    return _is_member(me, partnership)


@deed("scratch in", Partnership)
def scratch_in(me: Standing, partnership: Partnership) -> bool:
    """Who coaches may keep a scratch note of her own."""
    return partnership.pk in me.coaches_in


@deed("work on", Cycle)
def work_on(me: Standing, cycle: Cycle) -> bool:
    """Members have equal rights in their cycles."""
    return _is_member(me, cycle)


def _member_deed(name: str, model: type[Model]) -> None:
    @deed(name, model)
    def rule(me: Standing, record: Any) -> bool:
        """Members have equal rights: each may change, remove and restore what they wrote together."""
        return _is_member(me, record)


for _model in (
    Sheet, Goal, Step, Contact, Agreement, Summary, Plan, HelpOffer, Visit, Meeting, PlannedVisit, CalendarRelease,
):  # fmt: skip
    _member_deed(f"change {_model._meta.model_name}", _model)


@deed("change note", Note)
def change_note(me: Standing, note: Note) -> bool:
    """Members change a note; one whose author has left stays as she left it, and who has more to say writes anew."""
    author = Member.objects.filter(partnership=note.partnership_id, person=note.author_id, left_at=None)
    return _is_member(me, note) and (note.author_id == me.person_id or author.exists())


@deed("remove note", Note)
def remove_note(me: Standing, note: Note) -> bool:
    """A note is removed and restored by its author; once it is theirs together, by each member."""
    return note.author_id == me.person_id if note.together_at is None else _is_member(me, note)


def _teacher_is_here(lesson: Lesson) -> bool:
    there = Member.objects.filter(partnership=lesson.partnership_id, person=lesson.teacher_id, left_at=None)
    return there.exists()


@deed("change lesson", Lesson)
def change_lesson(me: Standing, lesson: Lesson) -> bool:
    """Members have equal rights in a lesson: to write, to remark, to keep versions. After its teacher has left the
    partnership it stays as it is; a lesson without a partnership is its teacher's."""
    if lesson.partnership_id is None:
        return lesson.teacher_id == me.person_id
    return _is_member(me, lesson) and _teacher_is_here(lesson)


@deed("remove lesson", Lesson)
def remove_lesson(me: Standing, lesson: Lesson) -> bool:
    """A lesson is a real one of its teacher's: she alone removes it and brings it back, after she left too."""
    return lesson.teacher_id == me.person_id


@deed("rate lesson", Lesson)
def rate_lesson(me: Standing, lesson: Lesson) -> bool:
    """The teacher rates her lesson, first and alone; her partners may once she has asked them, which the verb sees
    to."""
    return change_lesson(me, lesson)


@deed("publish lesson", Lesson)
def publish_lesson(me: Standing, lesson: Lesson) -> bool:
    """Those who may change a lesson may ask that it be published, and each of them has to agree."""
    return change_lesson(me, lesson)


@deed("change remark", Remark)
def change_remark(me: Standing, remark: Remark) -> bool:
    """A remark is changed, removed and restored by its author."""
    return remark.author_id == me.person_id and change_lesson(me, remark.lesson)


@deed("settle remark", Remark)
def settle_remark(me: Standing, remark: Remark) -> bool:
    """Those who may change a lesson accept suggestions, lay remarks aside and say which question led to a change."""
    return change_lesson(me, remark.lesson)


@deed("change rating", Rating)
def change_rating(me: Standing, rating: Rating) -> bool:
    """A rating is changed, shared and taken back by who made it."""
    return rating.by_id == me.person_id


@deed("change attachment", Attachment)
def change_attachment(me: Standing, attachment: Attachment) -> bool:
    """Those who may change a lesson add, remove and restore its files."""
    return change_lesson(me, attachment.lesson)


def _is_maker(me: Standing, publication: Publication) -> bool:
    """Whose lesson it is, and the members; who joined later has made what was begun since."""
    if publication.teacher_id == me.person_id:
        return True
    if publication.partnership_id not in me.partnerships:
        return False
    since, lesson = me.partnerships[publication.partnership_id], publication.lesson
    return since is None or (lesson is not None and lesson.begun_at >= since)


@deed("agree to publication", Publication)
def agree_to_publication(me: Standing, publication: Publication) -> bool:
    """Its makers agree that a lesson is published, each for herself."""
    return _is_maker(me, publication) and publication.retracted_at is None


@deed("retract publication", Publication)
def retract_publication(me: Standing, publication: Publication) -> bool:
    """Each of its makers takes a publication back, at any time; who agreed to it, also after she has left."""
    return _is_maker(me, publication) or publication.consents.filter(person=me.person_id).exists()


@deed("adopt publication", Publication)
def adopt_publication(me: Standing, publication: Publication) -> bool:
    """Everybody who is signed in makes a published lesson her own."""
    return publication.is_in_force


@deed("see adoption", Adoption)
def put_adoption_away(me: Standing, adoption: Adoption) -> bool:
    """Its makers put a thank-you away."""
    return _is_maker(me, adoption.publication)


@deed("keep the standards of", Place)
def keep_the_standards(me: Standing, place: Place) -> bool:
    """A programme lead brings lists of standards to her places and below."""
    return _is_above(me.at(Role.Kind.LEAD), place.pk)


@deed("change framework", Framework)
def change_framework(me: Standing, framework: Framework) -> bool:
    """A programme lead changes and puts away the lists of her places."""
    return _is_above(me.at(Role.Kind.LEAD), framework.place_id)


@deed("change entry", Entry)
def change_entry(me: Standing, entry: Entry) -> bool:
    """A reflection is changed, shared, taken back and removed by its author alone."""
    return entry.author_id == me.person_id


@deed("turn normcard", NormCard)
def turn_norm_card(me: Standing, card: NormCard) -> bool:
    """A card is turned over, taken back and restored by who wrote it."""
    return card.author_id == me.person_id


@deed("answer plan", Plan)
def answer_plan(me: Standing, plan: Plan) -> bool:
    """Those to whom a plan was released answer it."""
    return PlanRelease.objects.filter(plan=plan, to=me.person_id, withdrawn_at=None).exists()


# Completeness


@checks.register()
def every_model_has_a_rule(app_configs: Any, **options: Any) -> list[checks.Error]:
    """A model without a rule of sight is an error: it must be decided who sees it before it has a page."""
    from django.apps import apps

    return [
        checks.Error(f"{model.__name__} has no rule of sight in policy.py.", id="policy.E001")
        for config in apps.get_app_configs()
        if config.name.startswith("sidebyside.")
        for model in config.get_models()
        if model not in SIGHTS
    ]
