"""Me: what I settle about myself, what I am here, and what is mine to take along."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.people import actions, queries
from sidebyside.places.models import Post, Role
from sidebyside.web.entrance.entering import machine_of
from sidebyside.web.navigation import links_of, navigation
from sidebyside.web.people import me_work
from sidebyside.web.people.me_forms import NewPasswordForm, ProfileForm


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: Any) -> HttpResponse:
    """My page: profile, roles and what each lets me see, password, sessions, my work."""
    form = ProfileForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.change_profile(request.user, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            with translation.override(person.language or translation.get_language()):
                messages.success(request, _("Saved."))
            return redirect("me")
    return render(request, "people/me.html", _about(request, form), status=422 if form.is_bound else 200)


def _about(request: Any, form: ProfileForm) -> dict[str, Any]:
    person = request.user
    roles = policy.seen(person, Role).filter(person=person, ended_at=None).select_related("place")
    posts = policy.seen(person, Post).filter(person=person, to_date=None).select_related("place")
    owner = person.standing.is_owner
    shown = {item.href for item in navigation(request)}
    return {
        "form": form,
        "further": [(href, label) for href, label in links_of(person.standing) if href not in shown],
        "roles": [
            (kind_in_words(role.kind), role.place.name, what_it_shows(role.kind))
            for role in roles.order_by("kind", "pk")
        ],
        "posts": list(posts.order_by("from_date", "pk")),
        "is_owner": owner,
        "owners_missing": queries.owners_missing() if owner else 0,
        "has_password": person.has_password,
    }


def kind_in_words(kind: str) -> str:
    """What a role is called."""
    return {
        Role.Kind.LEAD: _("Programme lead"),
        Role.Kind.FACILITATOR: _("Facilitator"),
        Role.Kind.COACH: _("Coach"),
        Role.Kind.LEADER: _("School leader"),
        Role.Kind.COVER_DESK: _("Cover desk"),
        Role.Kind.EVALUATOR: _("Evaluator"),
    }[Role.Kind(kind)]


def what_it_shows(kind: str) -> str:
    """What a role lets its holder see, in a sentence."""
    return {
        Role.Kind.LEAD: _("You see who works here and how many partnerships there are. You see nothing they write."),
        Role.Kind.FACILITATOR: _(
            "You see the partnerships here by name, each with one word: moving, resting or quiet. "
            "You see nothing they write."
        ),
        Role.Kind.COACH: _(
            "Colleagues here can ask you to coach them. You see the work of your own partnerships and of no other."
        ),
        Role.Kind.LEADER: _(
            "You see that partnerships exist, and what they released to you. "
            "You see no minutes, stages, dates or notes."
        ),
        Role.Kind.COVER_DESK: _("You see when and where a lesson needs cover, and never why."),
        Role.Kind.EVALUATOR: _("You see counts, and what people choose to give. You see no names beside them."),
    }[Role.Kind(kind)]


@never_cache
@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Any) -> HttpResponse:
    """Set or change my password. Whoever came in by link or code has shown who she is, and is not asked the old one."""
    asks = request.user.has_password and not request.session.get("by_link")
    form = NewPasswordForm(request.POST or None, person=request.user, asks_for_present=asks)
    if request.method == "POST" and form.is_valid():
        at, given = timezone.now(), form.cleaned_data
        try:
            if asks:
                _check_present(request, given["present"], at)
        except Refused as refusal:
            form.add_error("present", refusal.sentence)
        else:
            actions.set_password(request.user, new=given["new"], by=request.user, at=at)
            update_session_auth_hash(request, request.user)
            messages.success(request, _("Your password is set. You are signed out on all other devices."))
            return redirect("me")
    return render(request, "people/me_password.html", {"form": form}, status=422 if form.is_bound else 200)


def _check_present(request: Any, present: str, at: Any) -> None:
    """Raises Refused where this is not her password, or was guessed at too often."""
    address = request.user.email or f"person {request.user.pk}"
    actions.note_attempt(how="password", address=address, machine=machine_of(request), at=at)
    if not request.user.check_password(present):
        raise Refused(_("This is not your password. Sign in with a link, then you can set a new one without it."))
    actions.clear_attempts(how="password", address=address, machine=machine_of(request))


@require_POST
def end_sessions(request: Any) -> HttpResponse:
    """Sign out on every device but this one."""
    actions.sign_out_everywhere(request.user, by=request.user, at=timezone.now())
    update_session_auth_hash(request, request.user)
    messages.success(request, _("You are signed out on all other devices."))
    return redirect("me")


@require_POST
def mails(request: Any) -> HttpResponse:
    """Mails: yes or no. Those to sign in always come, or nobody could."""
    wanted = request.POST.get("mails") == "yes"
    act = actions.want_mails if wanted else actions.stop_mails
    act(request.user, by=request.user, at=timezone.now())
    messages.success(request, _("You get mails again.") if wanted else _("You get no mails any more."))
    return redirect("me")


@require_GET
def work(request: Any) -> HttpResponse:
    """What there is to take along, by kind and number."""
    numbers: dict[str, int] = {}
    for piece in me_work.work_of(request.user):
        numbers[piece.kind_in_words] = numbers.get(piece.kind_in_words, 0) + 1
    return render(request, "people/me_work.html", {"numbers": list(numbers.items())})


@never_cache
@require_GET
def work_file(request: Any) -> HttpResponse:
    """The file itself."""
    at = timezone.now()
    file = me_work.as_zip(request, me_work.work_of(request.user), at=at)
    name = f"my-work-{timezone.localdate(at).isoformat()}.zip"
    return HttpResponse(
        file, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
