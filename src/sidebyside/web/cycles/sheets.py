"""The texts of a cycle that its members write together: needs, focus, next step."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.cycles import actions
from sidebyside.cycles.models import Cycle, Sheet
from sidebyside.cycles.queries import template_of
from sidebyside.partnerships.queries import current_members
from sidebyside.web import two_texts
from sidebyside.web.cycles.people import Company


def sheet(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Write the needs, the focus or the next step of a cycle."""
    if kind not in Sheet.Kind.values:
        raise Http404
    cycle = policy.ask(request.user, "work on", Cycle, pk, "template", "partnership")
    found = policy.seen(request.user, Sheet).filter(cycle=cycle, kind=kind).first()
    vault.opened([found] if found else [], "text")
    writing = _writing(request, cycle, kind, found)
    if request.method != "POST":
        return two_texts.page(request, writing)

    def save(text: str, version: int) -> Sheet:
        return actions.write_sheet(cycle, kind=kind, text=text, version=version, by=request.user, at=timezone.now())

    return two_texts.write(request, writing, save)


def words_of(kind: str) -> tuple[str, str, str, str]:
    """Of a kind of sheet: its title, the label of its field, a hint, and what is said when it was saved."""
    return {
        "needs": (
            _("What we start from"),
            _("What does the class need, and what is possible?"),
            _("The class, the teacher's wishes, strengths, time, room and equipment."),
            _("Saved."),
        ),
        "focus": (
            _("Focus"),
            _("The focus, in the partner's own words"),
            _("One sentence is enough. It may change."),
            _("The focus is saved."),
        ),
        "next_step": (
            _("Next step"),
            _("What comes next, and when?"),
            _("The first line stands large on your page: what, when, where."),
            _("The next step is saved."),
        ),
    }[kind]


def _writing(request: HttpRequest, cycle: Cycle, kind: str, found: Any) -> two_texts.Writing:
    title, label, hint, saved = words_of(kind)
    stage = next(one for one in template_of(cycle).stages if one.slug == cycle.stage)
    company = Company(current_members(cycle.partnership), request.user)
    anchor = {"needs": "needs", "focus": "focus", "next_step": "next-step"}[kind]
    return two_texts.Writing(
        title=title,
        label=label,
        hint=hint,
        saved=saved,
        key=f"sheet-{cycle.pk}-{kind}",
        action=reverse("sheet", args=[cycle.pk, kind]),
        back=reverse("workspace", args=[cycle.partnership_id]) + f"#{anchor}",
        seen=company.seen,
        text=found.text if found else "",
        version=found.version if found else 0,
        prompts_title=_("What others begin with") if kind == "focus" else "",
        prompts=template_of(cycle).focus_suggestions if kind == "focus" else stage.prompts,
        questions_at=reverse("stage", args=[cycle.pk, cycle.stage]),
    )
