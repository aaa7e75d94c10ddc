"""A partnership shows a leader when it meets: the members' page, and the leader's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from markupsafe import Markup

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import Appointment
from sidebyside.calendars.queries import in_calendar
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members, others_of
from sidebyside.people.models import Person
from sidebyside.places.models import Role
from sidebyside.visits import release_queries
from sidebyside.visits.actions import releasing
from sidebyside.visits.models import CalendarRelease, CalendarRemark
from sidebyside.web.cycles.people import Company

BACK, AHEAD = timedelta(days=60), timedelta(days=200)


class LeaderForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("Who may see when you meet?"), widget=forms.RadioSelect)

    def __init__(self, roles: list[Role], *args: Any) -> None:
        super().__init__(*args)
        self.people = {role.person_id: role.person for role in roles}
        named = Markup("<bdi>%s</bdi>, <bdi>%s</bdi>")
        self.fields["to"].choices = [(role.person_id, named % (role.person.name, role.place.name)) for role in roles]

    @property
    def person(self):
        return self.people[int(self.cleaned_data["to"])]


class RemarkForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=CalendarRemark.Kind.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("In a sentence or two"),
        help_text=gettext_lazy("Time, a room, somebody who takes a class. You are not asked to approve anything."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


def calendar_showing(
    request: HttpRequest, pk: int, *, form: LeaderForm | None = None, status: int = 200
) -> HttpResponse:
    """Whom a partnership shows when it meets, who agreed, and what leaders ask or offer on it."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    releases = list(
        release_queries.with_consents(policy.seen(request.user, CalendarRelease).filter(partnership=partnership))
    )
    remarks = policy.seen(request.user, CalendarRemark).filter(partnership=partnership).select_related("by")
    said = vault.opened(remarks.order_by("-at", "-pk")[:50], "text")
    taken = {release.to_id for release in releases if release.withdrawn_at is None}
    leaders = [role for role in _leaders(partnership, request.user) if role.person_id not in taken]
    members = current_members(partnership)
    context = {
        "partnership": partnership,
        "company": Company(members, request.user),
        "back_at": reverse("workspace", args=[partnership.pk]),
        "others": others_of(partnership, request.user),
        "releases": [(release, _still(release, members), _mine(release, request.user)) for release in releases],
        "remarks": said,
        "form": (form or LeaderForm(leaders)) if leaders else None,
    }
    response = render(request, "terms/calendar_showing.html", context, status=status)
    if request.method == "GET":
        releasing.read_remarks(releases, by=request.user, at=timezone.now())
    return response


def _leaders(partnership: Partnership, viewer: Any) -> list[Role]:
    """The leaders of its schools whom this member may see: who has left a school is told no names of it."""
    roles = release_queries.leaders_of(partnership)
    people = [role.person_id for role in roles]
    seen = set(policy.seen(viewer, Person).filter(pk__in=people).values_list("pk", flat=True))
    return [role for role in roles if role.person_id in seen]


def _still(release: CalendarRelease, members: list[Any]) -> list[Any]:
    agreed = {consent.person_id for consent in release.agreed}
    return [member.person for member in members if member.person_id not in agreed]


def _mine(release: CalendarRelease, person: Any) -> bool:
    return person.pk in {consent.person_id for consent in release.agreed}


@require_POST
def show_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A member proposes that a leader sees when they meet."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    form = LeaderForm(_leaders(partnership, request.user), request.POST)
    if form.is_valid():
        try:
            release = releasing.show_calendar(partnership, to=form.person, by=request.user, at=timezone.now())
            name = {"name": form.person.name}
            said = _("%(name)s sees now when you meet.") if release.in_force_at else _("The others are asked now.")
            undo = "undo:" + reverse("calendar_hiding", args=[release.pk])
            messages.success(request, said % name if release.in_force_at else said, extra_tags=undo)
            return redirect("calendar_showing", partnership.pk)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return calendar_showing(request, pk, form=form, status=422)


@require_POST
def agree_to_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A member agrees."""
    release = policy.ask(request.user, "change calendarrelease", CalendarRelease, pk, "partnership", "to")
    releasing.agree_to_show(release, by=request.user, at=timezone.now())
    messages.success(request, _("You agreed."))
    return redirect("calendar_showing", release.partnership_id)


@require_POST
def hide_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A member takes it back."""
    release = policy.ask(request.user, "change calendarrelease", CalendarRelease, pk, "partnership", "to")
    was_read = releasing.hide_calendar(release, by=request.user, at=timezone.now())
    said = _("Taken back. %(name)s had opened it.") if was_read else _("Taken back. %(name)s had not opened it.")
    messages.success(request, said % {"name": release.to.name})
    return redirect("calendar_showing", release.partnership_id)


def shown_calendar(request: HttpRequest, pk: int, *, form: RemarkForm | None = None, status: int = 200) -> HttpResponse:
    """When one partnership meets: days, times and what kind of appointment it is, and nothing of what is said."""
    release = policy.ask(request.user, "remark on calendarrelease", CalendarRelease, pk, "partnership", "to")
    now = timezone.now()
    if not releasing.open_shown(release, reader=request.user, at=now):
        raise Http404
    theirs = policy.seen(request.user, Appointment).filter(meeting__partnership=release.partnership_id)
    remarks = policy.seen(request.user, CalendarRemark).filter(release=release, by=request.user)
    context = {
        "release": release,
        "members": current_members(release.partnership),
        "appointments": list(in_calendar(theirs, begin=now - BACK, end=now + AHEAD)),
        "now": now,
        "remarks": vault.opened(remarks.select_related("by").order_by("at", "pk"), "text"),
        "form": form or RemarkForm(),
    }
    return render(request, "terms/shown_calendar.html", context, status=status)


@require_POST
def remark_on_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A leader asks or offers something."""
    release = policy.ask(request.user, "remark on calendarrelease", CalendarRelease, pk, "partnership")
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            said = form.cleaned_data
            releasing.remark(release, kind=said["kind"], text=said["text"], by=request.user, at=timezone.now())
            messages.success(request, _("It is with the partnership."))
            return redirect("shown_calendar", release.pk)
        except Refused as refused:
            form.add_error("text", refused.sentence)
    return shown_calendar(request, pk, form=form, status=422)
