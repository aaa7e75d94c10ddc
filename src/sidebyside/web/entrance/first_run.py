"""The first run of an empty installation: its owner, its first place and its programme."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from sidebyside.base.refusals import Refused
from sidebyside.materials.actions import begin_installation
from sidebyside.people import actions, queries
from sidebyside.web.entrance.entering import sign_in
from sidebyside.web.entrance.forms import FirstRunForm


@login_not_required
@never_cache
@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest, secret: str) -> HttpResponse:
    """Opened by the link that `serve` printed, and by nothing else; afterwards there is no such page."""
    if not queries.first_run_is_open(secret):
        raise Http404
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, at = dict(form.cleaned_data), timezone.now()
        password = given.pop("password")
        try:
            owner = begin_installation(secret, **given, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            if password:
                actions.set_password(owner, new=password, by=owner, at=at)
            sign_in(request, owner, by_link=True, shared=False, at=at)
            messages.success(request, _("Everything is set up. Next: make a second owner, so that one may fall ill."))
            return redirect("owners")
    return render(request, "entrance/first_run.html", {"form": form}, status=422 if form.is_bound else 200)
