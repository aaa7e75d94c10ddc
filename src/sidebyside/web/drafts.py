"""Tells the browser which drafts have arrived, so that it keeps no copy of what the server has."""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

COOKIE = "sent_drafts"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class DraftsSent:
    """Middleware, below the one that knows the person: a form that was taken names its draft in a short-lived cookie.

    `<keep-draft>` adds the field `draft` to its form. Taken is what was answered with a page, a fragment or a
    redirect; a form with something to put right must be answered 422, a refusal 409. A redirect to the sign-in
    (the session was lost) takes nothing: the words stay on the device and come back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and request.content_type in FORMS and "X-Autosave" not in request.headers:
            draft = request.POST.get("draft", "")
            if draft and self.taken(request, response):
                response.set_cookie(
                    COOKIE, quote(draft[:200], safe=""), max_age=300, samesite="Lax", secure=request.is_secure()
                )
        return response

    @staticmethod
    def taken(request: HttpRequest, response: HttpResponse) -> bool:
        """Whether the server has accepted what was sent."""
        if not request.user.is_authenticated or response.status_code >= 400:
            return False
        return not response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL))
