"""A partnership shows one leader when it meets, and takes that back. The leader may ask or offer something."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.base.text import required
from sidebyside.partnerships.actions import note_opening
from sidebyside.partnerships.actions.membership import must_be_member, must_be_open
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person
from sidebyside.visits import release_queries
from sidebyside.visits.models import CalendarConsent, CalendarRelease, CalendarRemark


@transaction.atomic
def show_calendar(partnership: Partnership, *, to: Person, by: Person, at: datetime) -> CalendarRelease:
    """Propose that a leader sees when this partnership meets. It holds once every member has agreed; `by` does so.

    Raises Refused when the partnership has ended, `by` is not in it, `to` leads none of its schools, or it was
    proposed already. No event and no mail tells of it: taken back unread, it leaves no trace.
    """
    must_be_open(partnership)
    must_be_member(partnership, by)
    if to.pk not in {role.person_id for role in release_queries.leaders_of(partnership)}:
        raise Refused(_("This person leads none of your schools."))
    try:
        with transaction.atomic():
            release = CalendarRelease.objects.create(partnership=partnership, to=to, by=by, at=at)
    except IntegrityError:
        raise Refused(_("This was proposed already. Each of you says yes to it once.")) from None
    agree_to_show(release, by=by, at=at)
    return release


@transaction.atomic
def agree_to_show(release: CalendarRelease, *, by: Person, at: datetime) -> None:
    """A member agrees. With the last of them it holds, and the leader sees when they meet from then on.

    Raises Refused when it was taken back, or `by` is not in the partnership.
    """
    must_be_member(release.partnership, by)
    # Two who agree at once come one after the other: the later one finds that all have agreed.
    if not CalendarRelease.objects.filter(pk=release.pk, withdrawn_at=None).update(at=F("at")):
        raise Refused(_("This was taken back meanwhile."))
    CalendarConsent.objects.get_or_create(release=release, person=by, defaults={"at": at})
    if release_queries.still_to_agree(release):
        return
    if CalendarRelease.objects.filter(pk=release.pk, in_force_at=None).update(in_force_at=at):
        release.in_force_at = at


@transaction.atomic
def hide_calendar(release: CalendarRelease, *, by: Person, at: datetime) -> bool:
    """Take it back; any member may, alone. Returns whether the leader had opened it: unread, it goes without a trace.

    What the leader asked or offered goes with it.
    """
    must_be_member(release.partnership, by)
    if CalendarRelease.objects.filter(pk=release.pk, opened_at=None).delete()[0]:
        return False
    if CalendarRelease.objects.filter(pk=release.pk, withdrawn_at=None).update(withdrawn_at=at):
        release.withdrawn_at = at
        record("calendar.taken_back", release, by=by, at=at, partnership=release.partnership_id)
    return True


@transaction.atomic
def open_shown(release: CalendarRelease, *, reader: Person, at: datetime) -> bool:
    """Note that the leader opens it: the members see that. Returns whether she may: not when it was taken back a
    moment ago."""
    held = CalendarRelease.objects.filter(pk=release.pk, to=reader, withdrawn_at=None, in_force_at__isnull=False)
    if not held.update(opened_at=Coalesce("opened_at", Value(at))):
        return False
    note_opening(release.partnership, reader=reader, record=release, at=at)
    return True


@transaction.atomic
def remark(release: CalendarRelease, *, kind: str, text: str, by: Person, at: datetime) -> CalendarRemark:
    """A leader asks or offers something on a calendar she is shown. It approves nothing.

    Raises Refused for an empty or too long text, and when it was taken back meanwhile.
    """
    if kind not in CalendarRemark.Kind.values:
        raise Refused(_("Say whether you ask or offer."))
    held = CalendarRelease.objects.filter(pk=release.pk, to=by, withdrawn_at=None, in_force_at__isnull=False)
    if not held.exists():
        raise Refused(_("This was taken back meanwhile."))
    said = CalendarRemark.objects.create(
        release=release,
        partnership_id=release.partnership_id,
        by=by,
        kind=kind,
        text=required(text, longest=1000),
        at=at,
    )
    record("calendar.remarked", said, by=by, at=at, partnership=release.partnership_id)
    return said


@transaction.atomic
def read_remarks(releases: list[CalendarRelease], *, by: Person, at: datetime) -> None:
    """A member has read what leaders asked or offered on these."""
    CalendarRemark.objects.filter(release__in=releases, read_at=None).exclude(by=by).update(read_at=at)


def ask_anew(event: Event) -> None:
    """Reads "partnership.joined": what the others agreed to show does not hold for somebody who was not asked. Until
    she agrees too, the leader sees it no longer."""
    CalendarRelease.objects.filter(partnership=event.about_id, withdrawn_at=None).update(in_force_at=None)


def hide_with_partnership(event: Event) -> None:
    """Reads "partnership.ended": a calendar that nothing is put into any more is shown to nobody."""
    given = CalendarRelease.objects.filter(partnership=event.about_id)
    given.filter(opened_at=None).delete()
    given.filter(withdrawn_at=None).update(withdrawn_at=event.at)
