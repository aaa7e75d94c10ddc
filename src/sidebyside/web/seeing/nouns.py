"""What the records of the programme are called on the page that says who sees them."""

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sidebyside.base.files.models import StoredFile
from sidebyside.base.keys.models import DataKey, KeyStore
from sidebyside.base.live.models import LiveDocument, LiveUpdate
from sidebyside.base.models import Event, Installation, SentForm
from sidebyside.calendars.models import (
    Appointment,
    Attendee,
    KeptFree,
    Term,
    Timetable,
    TimetableImport,
)
from sidebyside.conversations.models import Note, ScratchNote
from sidebyside.cover.models import Away, CoverOffer, CoverRequest, CoverRules, SubstituteDay
from sidebyside.cycles.models import Contact, Cycle, Goal, Sheet
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
from sidebyside.materials.models import Framework, PlaceGoal, Programme
from sidebyside.partnerships.models import (
    Agreement,
    NormCard,
    Opening,
    Partnership,
    Proposal,
    Wish,
)
from sidebyside.people.models import EntryPass, FirstRun, Ownership, Person
from sidebyside.places.models import Place, Post, Role, RosterImport, Source
from sidebyside.summaries.models import Answer, Plan, Summary, SummaryRelease
from sidebyside.visits.models import (
    CalendarRelease,
    CalendarRemark,
    Meeting,
    PlannedVisit,
    TermPlan,
    Visit,
    VisitCover,
)

# In the order in which one meets them. Records with the same rule stand under one name.
NOUNS: list[tuple[type[Model], Promise]] = [
    (Place, _("Places")),
    (Person, _("Names of people")),
    (Post, _("Who works where")),
    (Role, _("Roles")),
    (Ownership, _("Owners")),
    (Source, _("Roster sources")),
    (RosterImport, _("Rosters")),
    (Programme, _("Programmes and materials")),
    (PlaceGoal, _("Goals of a place")),
    (Framework, _("Lists of standards")),
    (Term, _("Terms")),
    (Timetable, _("Timetables, and weeks that people typed")),
    (TimetableImport, _("Timetables that were uploaded")),
    (KeptFree, _("Free periods kept, calendars brought along, feeds")),
    (CoverRules, _("Rules of cover")),
    (Away, _("Who is away")),
    (CoverRequest, _("Lessons that need cover")),
    (CoverOffer, _("Who takes a lesson")),
    (SubstituteDay, _("Substitutes")),
    (Wish, _("Wishes for a coach")),
    (Proposal, _("Proposals to work together")),
    (Partnership, _("Partnerships")),
    (NormCard, _("Cards with norms")),
    (Agreement, _("Agreements")),
    (Cycle, _("Cycles and their stages")),
    (Sheet, _("Needs, focus and next step")),
    (Goal, _("Goals and action plans")),
    (Contact, _("Contacts")),
    (Note, _("Notes")),
    (ScratchNote, _("Scratch notes of a coach")),
    (Lesson, _("Lessons")),
    (LessonVersion, _("Versions of a lesson")),
    (Remark, _("What is said about a lesson")),
    (Rating, _("How somebody sees a lesson")),
    (OwnChecklist, _("Checklists that a partnership made its own")),
    (Attachment, _("Files of a lesson")),
    (Publication, _("Lessons given to everybody")),
    (PublicationConsent, _("Who agreed to that")),
    (PublishedFile, _("Files that were given along")),
    (Adoption, _("Who made a given lesson her own")),
    (Visit, _("Visits")),
    (VisitCover, _("What is done with the lesson of who visits")),
    (Meeting, _("Meetings of a partnership")),
    (Appointment, _("Appointments")),
    (Attendee, _("Who comes")),
    (PlannedVisit, _("Visits proposed for a term")),
    (TermPlan, _("Plans of a term, in numbers")),
    (CalendarRelease, _("A calendar shown to a leader")),
    (CalendarRemark, _("What a leader asks or offers on it")),
    (Entry, _("Reflections")),
    (Summary, _("Summaries")),
    (Plan, _("Plans that are shown")),
    (SummaryRelease, _("Releases")),
    (Answer, _("Answers to plans")),
    (Opening, _("Who opened what, who offered help")),
    (Event, _("What the program writes down for itself")),
]
# Machinery under the rule "nobody", which the last line above stands for.
UNDER_THE_LAST = (
    EntryPass, FirstRun, DataKey, Installation, KeyStore, LiveDocument, LiveUpdate, SentForm, StoredFile,
)  # fmt: skip
