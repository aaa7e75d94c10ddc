"""What happens around every page."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from sidebyside import policy
from sidebyside.base import sent_forms
from sidebyside.base.refusals import Refused
from sidebyside.base.tokens import digest

Answer = Callable[[HttpRequest], HttpResponse]
SCRIPTED = ("HX-Request", "X-Autosave")
DRAFT = re.compile(r"[a-z0-9-]{1,80}")
# How long the second copy of a form waits for the first.
MOMENTS, SECONDS_A_MOMENT = 50, 0.1
LANGUAGES = dict(settings.LANGUAGES)


class LoginAsked(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless it says otherwise. A script is told so without a redirect."""

    def handle_no_permission(self, request, view_func):
        if any(name in request.headers for name in SCRIPTED):
            answer = JsonResponse({"signed_in": False}, status=401)
            answer["HX-Redirect"] = redirect_to_login(request.headers.get("HX-Current-URL", "/")).url
            return answer
        if request.method == "GET":
            return super().handle_no_permission(request, view_func)
        # A form that was sent after the session ended: its words are kept on the device; go back to its page.
        return redirect_to_login(request.headers.get("Referer", "/").removeprefix(settings.SITE_URL))


class InHerLanguage:
    """Pages are written in the reader's language and in her time zone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        person = request.user if request.user.is_authenticated else None
        if person is not None:
            person.standing = policy.standing(person)
        language = (person and person.language) or request.COOKIES.get("language") or ""
        if language not in LANGUAGES:
            language = translation.get_language_from_request(request)
        zone = person.standing.time_zone if person else ""
        with translation.override(language), timezone.override(ZoneInfo(zone or settings.TIME_ZONE)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            if person is not None:
                response.headers.setdefault("Cache-Control", "no-store")
            return response


class RefusalsAsPages:
    """A rule that says no becomes a page with its sentence. Doors catch what they can show in place."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, Refused):
            return render(request, "pages/refused.html", {"sentence": fault.sentence}, status=409)
        if isinstance(fault, PermissionDenied):
            return render(request, "pages/not_yours_to_do.html", status=403)
        return None


class OncePerForm:
    """A form sent twice acts once: it carries a mark (the template's `once()`), and a mark acts a single time.

    A form that was not accepted (422, a fault, a sign-in that ended) may be sent again.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        try:
            mark, draft = request.POST.get("once", ""), request.POST.get("draft", "")
        except RequestDataTooBig:
            sentence = _("This is too much at once, and nothing was taken in. Go back: your words are still there.")
            return render(request, "pages/refused.html", {"sentence": sentence}, status=413)
        response = self._once(request, mark) if mark else self.get_response(request)
        quietly = "X-Autosave" in request.headers  # its page goes on; it may have newer words by now
        taken = response.status_code < 400 and not quietly and not self._asks_for_sign_in(response)
        if DRAFT.fullmatch(draft) and taken:
            # The browser may drop its copy: these words have arrived.
            response.set_cookie("sent_drafts", quote(draft), max_age=60, samesite="Lax", httponly=False)
        return response

    @staticmethod
    def _asks_for_sign_in(response: HttpResponse) -> bool:
        return response.get("Location", "").startswith(settings.LOGIN_URL)

    def _once(self, request: Any, mark: str) -> HttpResponse:
        mark = digest(f"{request.session.session_key}:{mark}")
        sent, first = sent_forms.first_time(mark, at=timezone.now())
        for _moment in range(MOMENTS):
            if first or sent.led_to:
                break
            # Its first copy is being judged at this moment: wait for what it leads to, or act if it is refused.
            time.sleep(SECONDS_A_MOMENT)
            sent, first = sent_forms.first_time(mark, at=timezone.now())
        back = request.headers.get("Referer", "/").removeprefix(settings.SITE_URL)
        back = back if url_has_allowed_host_and_scheme(back, None) else "/"
        if not first:
            return redirect(sent.led_to or back)
        accepted = False
        try:
            response = self.get_response(request)
            accepted = response.status_code < 400 and not self._asks_for_sign_in(response)
        finally:
            if not accepted:
                sent.delete()
        if accepted:
            sent_forms.led_to(sent, response.get("Location", back))
        return response
