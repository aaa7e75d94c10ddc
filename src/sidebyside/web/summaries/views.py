"""The summary form, the plan that is shown, their releases, and how they read for those who received them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.cycles.models import Cycle
from sidebyside.materials.queries import content, kinds_of_help
from sidebyside.summaries import actions, queries, questions_of_leaders
from sidebyside.summaries.models import Answer, Plan, PlanRelease, Summary, SummaryRelease
from sidebyside.visits import release_queries
from sidebyside.visits.models import CalendarRelease
from sidebyside.web.dates import day
from sidebyside.web.summaries.forms import ASKS, AnswerForm, PlanForm, ReleaseForm, summary_form

# What was released to the reader


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Every plan, summary and calendar that is shown to her until it is taken back, also after the first time."""
    context = {
        "plans": questions_of_leaders.received(policy.seen(request.user, PlanRelease), request.user, "plan"),
        "summaries": questions_of_leaders.received(policy.seen(request.user, SummaryRelease), request.user, "summary"),
        "calendars": release_queries.shown_to(policy.seen(request.user, CalendarRelease), request.user),
    }
    return render(request, "summaries/received.html", context)


# The summary


def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """The summary form of a cycle, for its members: fill, agree, release, take back."""
    cycle = policy.find(request.user, Cycle, pk, "partnership")
    if request.method == "POST":
        cycle = policy.ask(request.user, "work on", Cycle, pk, "partnership")
    found = (
        policy.seen(request.user, Summary)
        .filter(cycle=cycle)
        .select_related("changed_by", "partnership", "cycle")
        .first()
    )
    if found is None:
        return _begin_summary(request, cycle)
    if request.method == "POST":
        return _save_summary(request, cycle, found)
    vault.opened([found], "body")
    form = summary_form(content("summary_form"), texts=queries.body_of(found), version=found.version)
    return _summary_page(request, cycle, found, form)


def _begin_summary(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    if request.method == "POST":
        actions.draw_up(cycle, fields=_first_texts(cycle), by=request.user, at=timezone.now())
        return redirect("summary", cycle.pk)
    return render(request, "summaries/begin_summary.html", {"cycle": cycle})


def _first_texts(cycle: Cycle) -> dict[str, str]:
    """The work itself, in words: codes become labels, dates are written as people write them."""
    filled = queries.fill(cycle)
    labels = {kind.code: _(kind.label) for kind in kinds_of_help()}
    codes = filter(None, filled["kinds_of_help"].split(","))
    dates = filter(None, filled["contact_dates"].split("\n"))
    filled["kinds_of_help"] = "\n".join(labels.get(code, code) for code in codes)
    filled["contact_dates"] = "\n".join(day(date.fromisoformat(each)) for each in dates)
    return {field.slug: filled.get(field.fills_from, "") for field in content("summary_form").fields}


def _save_summary(request: HttpRequest, cycle: Cycle, found: Summary) -> HttpResponse:
    form = summary_form(content("summary_form"), request.POST)
    theirs = None
    if form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            actions.change(found, version=fields.pop("version"), fields=fields, by=request.user, at=timezone.now())
            messages.success(request, _("Saved. Everybody in the partnership agrees before it can be released."))
            return redirect("summary", cycle.pk)
        except Overtaken as overtaken:
            theirs = overtaken.current
            form.add_error(None, overtaken.sentence)
            # Sent once more, hers stands: she has both before her eyes.
            form.data = form.data.copy()
            form.data["version"] = str(theirs.version)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return _summary_page(request, cycle, found, form, theirs=theirs, status=422)


def _summary_page(
    request: HttpRequest, cycle: Cycle, found: Summary, form: Any, *, theirs: Any = None, status: int = 200
):
    context = {
        "cycle": cycle,
        "summary": found,
        "form": form,
        "shape": content("summary_form"),
        "theirs": theirs,
        "their_fields": _labelled(theirs) if theirs else [],
        **_release_panel(request, found),
    }
    return render(request, "summaries/summary.html", context, status=status)


def _release_panel(request: HttpRequest, released: Summary | Plan) -> dict[str, Any]:
    """What the panel beside a summary or plan shows its members: who agreed, who can read it, who may."""
    releases = list(queries.releases_of(released))
    now = {given.to_id for given in releases if given.is_in_force}
    roles = [role for role in queries.may_receive(released.partnership) if role.person_id not in now]
    waiting = queries.still_to_agree(released)
    return {
        "releases": releases,
        "release_form": ReleaseForm(roles) if roles else None,
        "waiting": waiting,
        "i_agreed": request.user not in waiting,
        "is_out": bool(now),
    }


def _labelled(found: Summary) -> list[tuple[str, str]]:
    texts = queries.body_of(found)
    return [(_(field.label), texts.get(field.slug, "")) for field in content("summary_form").fields]


def read_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """A summary as those read it to whom it was released. The members see who opened it."""
    found = policy.find(request.user, Summary, pk, "partnership", "cycle")
    if policy.may(request.user, "change summary", found):
        return redirect("summary", found.cycle_id)
    if not actions.open_released(found, reader=request.user, at=timezone.now()):
        raise Http404
    vault.opened([found], "body")
    context = {"summary": found, "fields": _labelled(found), "names": queries.names_of(found.partnership)}
    return render(request, "summaries/read_summary.html", context)


@require_POST
def consent_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """A member agrees to the version she read."""
    found = policy.ask(request.user, "change summary", Summary, pk)
    actions.agree(found, version=_version(request), by=request.user, at=timezone.now())
    return redirect("summary", found.cycle_id)


@require_POST
def release_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """The partnership shows its summary to a named person."""
    found = policy.ask(request.user, "change summary", Summary, pk, "partnership")
    return _release(request, found, back=reverse("summary", args=[found.cycle_id]))


@require_POST
def withdraw_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """A release is taken back."""
    given = policy.find(request.user, SummaryRelease, pk, "summary", "to")
    policy.ask(request.user, "change summary", Summary, given.summary_id)
    return _withdraw(request, given, back=reverse("summary", args=[given.summary.cycle_id]))


# The plan


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan of a cycle, as the partnership may show it, with at most one line that asks."""
    cycle = policy.find(request.user, Cycle, pk, "partnership")
    form = PlanForm(request.POST or None)
    status = 200
    if request.method == "POST":
        cycle = policy.ask(request.user, "work on", Cycle, pk, "partnership")
        status = 422
        if form.is_valid():
            try:
                made = actions.draw_up_plan(
                    cycle,
                    ask=form.cleaned_data["ask"],
                    line=form.cleaned_data["line"],
                    by=request.user,
                    at=timezone.now(),
                )
                return redirect("read_plan", made.pk)
            except Refused as refused:
                form.add_error("line", refused.sentence)
    plans = policy.seen(request.user, Plan).filter(cycle=cycle).order_by("-pk")
    context = {"cycle": cycle, "form": form, "plans": plans, "now": _in_words(queries.plan_of(cycle))}
    return render(request, "summaries/plan.html", context, status=status)


def _in_words(body: dict[str, Any]) -> dict[str, Any]:
    """A plan with its dates as people write them. An erased plan is empty."""
    written = {"focus": "", "goals": [], "steps": [], **body}
    for row in [*written["goals"], *written["steps"]]:
        row["by"] = day(date.fromisoformat(row["by"])) if row["by"] else ""
    return written


def read_plan(
    request: HttpRequest, pk: int, *, answer_form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    """A plan, for its members with who can read it, and for those to whom it was released with room to answer."""
    found = policy.find(request.user, Plan, pk, "partnership", "cycle")
    member = policy.may(request.user, "change plan", found)
    if not member and not actions.open_released(found, reader=request.user, at=timezone.now()):
        raise Http404
    answers = list(policy.seen(request.user, Answer).filter(plan=found).select_related("by").order_by("at"))
    vault.open_texts([(found, "body"), (found, "line"), *((answer, "text") for answer in answers)])
    context = {
        "plan": found,
        "body": _in_words(queries.body_of(found)),
        "ask": ASKS[found.ask] if found.ask else "",
        "names": queries.names_of(found.partnership),
        "answers": answers,
        "member": member,
        "answer_form": answer_form or AnswerForm(),
        "may_answer": policy.may(request.user, "answer plan", found),
    }
    if member:
        context |= _release_panel(request, found)
    return render(request, "summaries/read_plan.html", context, status=status)


@require_POST
def consent_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A member agrees that this plan may be shown."""
    found = policy.ask(request.user, "change plan", Plan, pk)
    actions.agree(found, version=_version(request), by=request.user, at=timezone.now())
    return redirect("read_plan", found.pk)


@require_POST
def release_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The partnership shows its plan to a named person."""
    found = policy.ask(request.user, "change plan", Plan, pk, "partnership")
    return _release(request, found, back=reverse("read_plan", args=[found.pk]))


@require_POST
def withdraw_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A release is taken back."""
    given = policy.find(request.user, PlanRelease, pk, "plan", "to")
    policy.ask(request.user, "change plan", Plan, given.plan_id)
    return _withdraw(request, given, back=reverse("read_plan", args=[given.plan_id]))


@require_POST
def answer_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A leader answers; she approves nothing."""
    found = policy.ask(request.user, "answer plan", Plan, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(found, text=form.cleaned_data["text"], by=request.user, at=timezone.now())
            messages.success(request, _("Your answer is with the partnership."))
            return redirect("read_plan", found.pk)
        except Refused as refused:
            form.add_error("text", refused.sentence)
    return read_plan(request, pk, answer_form=form, status=422)


# Both


def _version(request: HttpRequest) -> int:
    written = request.POST.get("version", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0


def _release(request: HttpRequest, released: Summary | Plan, *, back: str) -> HttpResponse:
    form = ReleaseForm(queries.may_receive(released.partnership), request.POST)
    if not form.is_valid():
        raise Refused(_("Choose somebody from the list."))
    given = actions.release(released, to=form.person, by=request.user, at=timezone.now())
    kind = "summary" if isinstance(released, Summary) else "plan"
    undo = "undo:" + reverse(f"withdraw_{kind}", args=[given.pk])
    messages.success(request, _("%(name)s can read it now.") % {"name": form.person.name}, extra_tags=undo)
    return redirect(back)


def _withdraw(request: HttpRequest, given: SummaryRelease | PlanRelease, *, back: str) -> HttpResponse:
    was_read = actions.withdraw(given, by=request.user, at=timezone.now())
    said = _("Taken back. %(name)s had opened it.") if was_read else _("Taken back. %(name)s had not opened it.")
    messages.success(request, said % {"name": given.to.name})
    return redirect(back)
