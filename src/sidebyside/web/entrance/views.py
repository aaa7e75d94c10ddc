"""Signing in, by link, code or password; and out."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sidebyside.base.later import later
from sidebyside.base.refusals import Refused
from sidebyside.people import actions
from sidebyside.web.entrance import mails
from sidebyside.web.entrance.entering import go_on, machine_of, onward, sign_in
from sidebyside.web.entrance.forms import CodeForm, LinkForm, PasswordForm, SharedForm

GONE = {"wrong": 404, "used": 410, "expired": 410}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest) -> HttpResponse:
    """The first page: an address. What it answers, and when, is the same for an address that nobody has."""
    if request.user.is_authenticated and request.method != "POST":
        return go_on(request)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, at = form.cleaned_data["email"], timezone.now()
        try:
            actions.note_attempt(how="link", address=email, machine=machine_of(request), at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            later(mails.send_link, email=email, next_page=onward(request), machine=machine_of(request), at=at)
            return redirect("sign_in_sent")
    return _page(request, "entrance/sign_in.html", form)


@login_not_required
@require_GET
def link_sent(request: HttpRequest) -> HttpResponse:
    """What to do now: look into the mailbox. It says nothing about whether the address is known."""
    return render(request, "entrance/link_sent.html")


@login_not_required
@never_cache
@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """A one-time code from a printed sheet: it names its person by itself."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            actions.note_attempt(how="code", address="", machine=machine_of(request), at=at)
            person = actions.use_pass(form.cleaned_data["code"], at=at)
            sign_in(request, person, by_link=True, shared=form.cleaned_data["shared"], at=at)
            actions.clear_attempts(how="code", address="", machine=machine_of(request))
            return go_on(request)
        except actions.NoWayIn as refusal:
            form.add_error("code", refusal.sentence)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return _page(request, "entrance/sign_in_code.html", form)


@login_not_required
@never_cache
@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_password(request: HttpRequest) -> HttpResponse:
    """An address and a password, for who has set one. Wrong is wrong, whether or not the address is known."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, at = form.cleaned_data, timezone.now()
        try:
            actions.note_attempt(how="password", address=given["email"], machine=machine_of(request), at=at)
            person: Any = authenticate(request, username=given["email"], password=given["password"])
            if person is None:
                raise Refused(_("Address and password do not belong together. You can also have a link sent to you."))
            sign_in(request, person, by_link=False, shared=given["shared"], at=at)
            actions.clear_attempts(how="password", address=given["email"], machine=machine_of(request))
            return go_on(request)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return _page(request, "entrance/sign_in_password.html", form)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Where a link in a mail leads: one button. Looking at it uses nothing up, so that mail scanners may look."""
    try:
        entry = actions.look_at_pass(secret, at=timezone.now())
    except actions.NoWayIn as refusal:
        return _no_way_in(request, refusal)
    context = {"person": entry.person, "kind": entry.kind, "secret": secret, "form": SharedForm()}
    return render(request, "entrance/enter.html", {**context, "next": onward(request)})


@login_not_required
@never_cache
@sensitive_variables()
@sensitive_post_parameters()
@require_POST
def entry(request: HttpRequest) -> HttpResponse:
    """The button of that page: now the link is used up. Its secret comes in the form, so that no log has it."""
    form, at = SharedForm(request.POST), timezone.now()
    try:
        person = actions.use_pass(request.POST.get("secret", ""), at=at)
    except actions.NoWayIn as refusal:
        return _no_way_in(request, refusal)
    sign_in(request, person, by_link=True, shared=form.is_valid() and form.cleaned_data["shared"], at=at)
    return go_on(request)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. The page's script has destroyed the key of what was kept on the device."""
    logout(request)
    return redirect("signed_out")


@login_not_required
@require_GET
def signed_out(request: HttpRequest) -> HttpResponse:
    """Says that it is done, and what is true of this device now."""
    return render(request, "entrance/signed_out.html")


@login_not_required
def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its proof of coming from our page: mostly one that lay open over a sign-in or a sign-out."""
    return render(request, "entrance/form_too_old.html", status=403)


def _page(request: HttpRequest, template: str, form: forms.Form) -> HttpResponse:
    wanted = onward(request)
    ways = {name: reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted else "") for name in WAYS}
    return render(request, template, {"form": form, "next": wanted, "ways": ways}, status=422 if form.is_bound else 200)


WAYS = ("sign_in", "sign_in_code", "sign_in_password")


def _no_way_in(request: HttpRequest, refusal: actions.NoWayIn) -> HttpResponse:
    context = {"sentence": refusal.sentence, "why": refusal.why}
    return render(request, "entrance/no_way_in.html", context, status=GONE[refusal.why])
