"""What the records of the programme are called on the page that says who sees them."""

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sidebyside.base.keys.models import DataKey, KeyStore
from sidebyside.base.models import Event, Installation, SentForm
from sidebyside.conversations.models import Note, ScratchNote
from sidebyside.cycles.models import Contact, Cycle, Goal, Sheet
from sidebyside.journals.models import Entry
from sidebyside.materials.models import PlaceGoal, Programme
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
    (Entry, _("Reflections")),
    (Summary, _("Summaries")),
    (Plan, _("Plans that are shown")),
    (SummaryRelease, _("Releases")),
    (Answer, _("Answers to plans")),
    (Opening, _("Who opened what, who offered help")),
    (Event, _("What the program writes down for itself")),
]
# Machinery under the rule "nobody", which the last line above stands for.
UNDER_THE_LAST = (EntryPass, FirstRun, DataKey, Installation, KeyStore, SentForm)
