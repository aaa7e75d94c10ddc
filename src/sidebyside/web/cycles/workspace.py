"""The workspace of a partnership: where the work is, what comes next, what was written, and who can see it."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.conversations.models import Note
from sidebyside.cycles.models import Contact, Cycle, Goal, Sheet, Step
from sidebyside.cycles.queries import members_and_persons, template_of
from sidebyside.cycles.twins import twins
from sidebyside.journals.models import Entry
from sidebyside.lessons.models import Lesson
from sidebyside.materials.content_shapes import CycleTemplate, Stage
from sidebyside.materials.queries import template, templates_for
from sidebyside.notices.coming import coming_in
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import is_signed_by_all
from sidebyside.web.conversations.views import scratch_hint
from sidebyside.web.cycles import often
from sidebyside.web.cycles.forms import LENGTHS, kind_choices
from sidebyside.web.cycles.people import Company
from sidebyside.web.templating import url

NOTES = 20
CONTACTS = 30
SHOWN_CONTACTS = 6
LINE = 120
SHEET_KINDS = (Sheet.Kind.NEEDS, Sheet.Kind.FOCUS, Sheet.Kind.NEXT_STEP)


@dataclass
class Work:
    """What a partnership has written in a cycle, as one member sees it; all texts are open."""

    cycle: Cycle
    template: CycleTemplate
    sheets: dict[str, Sheet] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    has_more_notes: bool = False
    entries: list[Entry] = field(default_factory=list)

    @property
    def stage_at(self) -> int:
        return [stage.slug for stage in self.template.stages].index(self.cycle.stage)

    @property
    def stage(self) -> Stage:
        return self.template.stages[self.stage_at]

    @property
    def next_stage(self) -> Stage | None:
        rest = self.template.stages[self.stage_at + 1 :]
        return rest[0] if rest else None

    def text(self, kind: str) -> str:
        """The text of a sheet; "" where there is none."""
        return self.sheets[kind].text if kind in self.sheets else ""

    def version(self, kind: str) -> int:
        return self.sheets[kind].version if kind in self.sheets else 0

    def mine(self, person: Any) -> Entry | None:
        return next((entry for entry in self.entries if entry.author_id == person.pk), None)

    def shared_by_others(self, person: Any) -> list[Entry]:
        return [entry for entry in self.entries if entry.author_id != person.pk]


def workspace(request: HttpRequest, pk: int) -> HttpResponse:
    """The heart of the product: `/partnerships/<id>/`, for the members."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    company = Company(members_and_persons(partnership), request.user)
    cycle = often.running_cycle(request.user, partnership)
    work = gathered(request.user, cycle) if cycle else None
    scratch = None
    if company.is_coach:
        scratch = often.own_scratch(request.user, partnership, at=timezone.now())
    lesson = _lesson_to_prepare(request.user, work)
    opened = texts_of(work) if work else []
    opened += [(lesson, "title")] if lesson else []
    vault.open_texts(opened + ([(scratch, "text")] if scratch else []))
    contacts = often.latest_contacts(request.user, partnership, most=CONTACTS)
    agreement = often.agreement_that_stands(request.user, partnership)
    is_signed = is_signed_by_all(partnership, agreement)
    context = {
        "partnership": partnership,
        "company": company,
        "work": work,
        "scratch": scratch,
        "scratch_hint": scratch_hint(scratch.changed_at) if scratch else "",
        "lesson": lesson,
        "agreement": agreement,
        "is_signed": is_signed,
        "log": log_of(request, contacts, company),
        "contacts": contacts[:SHOWN_CONTACTS],
        "has_more_contacts": len(contacts) > SHOWN_CONTACTS,
        "kinds": dict(kind_choices()),
        "twins": [] if partnership.ended_at else twins(contacts[:CONTACTS]),
        "help_offers": often.open_help_offers(request.user, partnership),
        "more": _more(partnership, work),
        "coming": [] if partnership.ended_at else coming_in(request.user.standing, pk, at=timezone.now()),
    }
    if work:
        context |= {
            "met": met(work, contacts, company, is_signed=is_signed),
            "next": next_line(work, company),
            "stage_addresses": [url("stage", work.cycle.pk, one.slug) for one in work.template.stages],
        }
    elif partnership.ended_at is None:
        context |= {"offered": offered(company), "had_cycles": _had_cycles(request.user, partnership)}
    return render(request, "cycles/workspace.html", context)


def gathered(person: Any, cycle: Cycle) -> Work:
    """What this person sees of a cycle, still sealed: hand `texts_of` to the vault. Five queries."""
    work = Work(cycle, template_of(cycle))
    work.sheets = {sheet.kind: sheet for sheet in often.of_cycle(person, Sheet, cycle)}
    work.goals = often.of_cycle(person, Goal, cycle)
    work.steps = often.of_cycle(person, Step, cycle)
    latest = often.latest_notes(person, cycle, most=NOTES)
    work.notes, work.has_more_notes = latest[:NOTES], len(latest) > NOTES
    work.entries = often.of_cycle(person, Entry, cycle)
    return work


def texts_of(work: Work) -> list[tuple[Any, str]]:
    """The sealed texts of the work, for one opening of the vault."""
    rows: list[Any] = [*work.sheets.values(), *work.goals, *work.steps, *work.notes, *work.entries]
    return [(row, "text") for row in rows] + [(goal, "evidence") for goal in work.goals]


def met(work: Work, contacts: list[Contact], company: Company, *, is_signed: bool) -> dict[str, bool]:
    """Which signs that a stage is done are there, by the codes of the gates. They advise; nothing waits for them."""
    here = [one for one in contacts if one.cycle_id == work.cycle.pk and one.stage == work.cycle.stage]
    shared = [entry for entry in work.entries if entry.shared_at]
    return {
        "agreement_signed": is_signed,
        "focus_written": bool(work.text(Sheet.Kind.FOCUS)),
        "goal_with_evidence_and_date": any(goal.evidence and goal.by_date for goal in work.goals),
        "plan_written": bool(work.steps),
        "contact_logged_in_stage": any(one.is_coaching for one in here),
        "observation_or_declined": any("observing" in one.kinds for one in here),
        "reflections_shared_or_skipped": len(shared) >= len(company.members),
        "next_step_written": bool(work.text(Sheet.Kind.NEXT_STEP)),
    }


def next_line(work: Work, company: Company) -> dict[str, str]:
    """The one large line: the next step they wrote, or what would be a good one; and the rest of a long text."""
    text = work.text(Sheet.Kind.NEXT_STEP)
    if text:
        first, _sep, rest = text.partition("\n")
        if len(first) > LINE:
            cut = first.rfind(" ", 0, LINE)
            cut = cut if cut > LINE // 2 else LINE
            first, rest = first[:cut].rstrip() + " …", text
        return {"line": first, "rest": rest.strip(), "written": "yes", "href": ""}
    if not work.text(Sheet.Kind.FOCUS):
        line, href = _("Find a focus together"), "#focus"
        if company.partner and company.partner.person_id == company.viewer.pk:
            line = _("Write your focus, in your own words")
    elif work.stage.reflection:
        line, href = _("Look back, each for yourself first"), "#reflection"
    elif not work.goals:
        line, href = _("Turn the focus into a small goal"), "#goals"
    else:
        line, href = _("Say what comes next, and when"), "#next-step"
    return {"line": line, "rest": "", "written": "", "href": href}


def log_of(request: HttpRequest, contacts: list[Contact], company: Company) -> dict[str, Any]:
    """What the log's form is preset to: her last kinds and length here, else the partnership's, else a talk."""
    hers = [one for one in contacts if one.logged_by_id == request.user.pk]
    last = (hers or contacts or [None])[0]
    minutes = last.minutes if last else 30
    lengths = sorted({*LENGTHS, minutes})
    kinds = last.kinds if last else ["reflecting"]
    preset = {"kinds": kinds, "minutes": minutes, "lengths": lengths, "day": "today"}
    return preset | {"other_minutes": "", "other_day": ""}


def offered(company: Company) -> list[tuple[Any, CycleTemplate]]:
    """The templates that the place of these people offers, each with its version."""
    school = next((member.school for member in company.members if member.school_id), None)
    return [(version, template(version)) for version in templates_for(school)]


def address(name: str, *args: Any) -> str:
    """The address of a page of another area, or "" where it is not built."""
    try:
        return url(name, *args)
    except NoReverseMatch:
        return ""


def _lesson_to_prepare(person: Any, work: Work | None) -> Lesson | None:
    """The lesson that they wrote in last, where the stage is the one in which a lesson is prepared."""
    if work is None or work.stage.kind != "prepare" or work.cycle.paused_at:
        return None
    found = policy.seen(person, Lesson).filter(partnership=work.cycle.partnership_id, removed_at=None)
    return found.order_by("-document__changed_at", "-pk").first()


def _had_cycles(person: Any, partnership: Partnership) -> bool:
    return policy.seen(person, Cycle).filter(partnership=partnership).exists()


def _more(partnership: Partnership, work: Work | None) -> list[tuple[str, str]]:
    """Links to what belongs to the partnership and has a page of its own."""
    pages = [
        (address("partnership_lessons", partnership.pk), _("Our lessons")),
        (address("visits", partnership.pk), _("Visits and meetings")),
        (address("partnership_calendar", partnership.pk), _("When we meet, and when we are free")),
        (address("agreement", partnership.pk), _("Our agreement")),
        (address("summary", work.cycle.pk) if work else "", _("Summary of this cycle")),
        (address("plan", work.cycle.pk) if work else "", _("Show our plan to a leader")),
        (address("our_term", partnership.pk), _("Our term: visits proposed and booked")),
        (address("history", partnership.pk), _("Earlier work and the whole log")),
        (address("members", partnership.pk), _("Who is in it")),
        (address("seen_by_others", partnership.pk), _("What others see of us")),
        (address("openings", partnership.pk), _("Who opened what")),
        (address("bin"), _("Your bin")),
    ]
    return [(href, label) for href, label in pages if href]
