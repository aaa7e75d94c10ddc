"""Jinja2 for pages: its globals, the variables of the page's frame, and how forms and static files are drawn."""

import re
import secrets
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.forms.renderers import TemplatesSetting
from django.middleware.csrf import get_token
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from whitenoise.storage import CompressedManifestStaticFilesStorage

from sidebyside.web import dates
from sidebyside.web.navigation import navigation
from sidebyside.web.own_words import OwnWords

SLUG = re.compile(r"[a-zA-Z0-9_-]+")


def environment(**options: Any) -> Environment:
    """The Jinja2 environment. An undefined name is an error; globals are functions, never state."""
    options["undefined"] = StrictUndefined
    options["auto_reload"] = settings.DEBUG
    env = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options)
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
    env.globals["gettext"] = env.globals["_"] = said
    env.globals.update(static=static, url=url, once=once)
    env.globals.update(day=dates.day, day_and_time=dates.day_and_time, clock=dates.clock)
    env.globals.update(date_in_words=dates.date_in_words)
    env.globals.update(weekday=dates.weekday, date_of=dates.date_of)
    env.filters["translated"] = lambda text: gettext(text) if text else ""
    return env


def said(text: str, /, **values: Any) -> Markup:
    """A text of a page in the reader's language, with its values escaped; what Jinja2's own does, in one step."""
    found = Markup(gettext(text))
    return found % values if values or "%" in found else found


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page."""
    if kwargs or not all(_is_plain(each) for each in args):
        return reverse(name, args=args, kwargs=kwargs)
    return _address(settings.ROOT_URLCONF, name, *[type(each) for each in args]) % args


def _is_plain(value: Any) -> bool:
    """Whether a value stands in an address as it is: a number or a slug."""
    if type(value) is str:
        return SLUG.fullmatch(value) is not None
    return type(value) is int and value >= 0


@cache
def _address(urls: str, name: str, *kinds: type) -> str:
    """The address of a page with values of these kinds, `%s` for each: a page names many of the same kind."""
    stand_ins = [f"{10**9 + at}" if kind is int else f"stand-in-{at}-" for at, kind in enumerate(kinds)]
    found = reverse(name, urlconf=urls, args=stand_ins).replace("%", "%%")
    for stand_in in stand_ins:
        found = found.replace(stand_in, "%s")
    return found


class OncePerPage:
    """A text of the page that is made at its first use, and then stands there as often as it is wanted."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make

    @cached_property
    def text(self) -> Markup:
        return Markup(self.make())

    def __html__(self) -> str:
        return self.text

    __str__ = __html__


def once() -> Markup:
    """A hidden mark for a form that must act only once, however often it is sent."""
    return Markup('<input type="hidden" name="once" value="%s">') % secrets.token_urlsafe(12)


def shell(request: Any) -> dict[str, Any]:
    """The variables of the frame around every page."""
    person = request.user if request.user.is_authenticated else None
    return {
        "viewer": person,
        # (the page of a fault is drawn even where the fault came before her standing was known)
        "navigation": navigation(request) if hasattr(person, "standing") else [],
        "demonstration": settings.DEMONSTRATION,
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "theme": person.theme if person else "system",
        "messages": get_messages(request),
        "shared_device": bool(person and request.session.get("shared_device")),
        "leaves_at": getattr(person, "enters_until", None),
        "site_url": settings.SITE_URL,
        "path": request.path,
        "csrf_input": OncePerPage(lambda: csrf_input(request)),
        "csrf_token": OncePerPage(lambda: get_token(request)),
        "words": OwnWords(person),
    }


class FormRenderer(TemplatesSetting):
    """Forms and fields are drawn by our own parts."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/form_field.html"


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed and compressed; also rewrites the imports between our own modules."""

    support_js_module_import_aggregation = True
