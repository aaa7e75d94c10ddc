"""The commons as an Atom feed: the newest lessons, for readers of news and for other programs."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sidebyside import policy
from sidebyside.lessons import publication_queries as queries
from sidebyside.lessons.models import Publication
from sidebyside.lessons.publishing import from_open
from sidebyside.web.commons.licences import address_of, label_of

MOST = 50
KEPT_FOR = 300  # seconds
LONGEST_EXCERPT = 400
# What XML 1.0 cannot hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest fifty lessons. The same for everybody: its own words are in the language of the installation."""
    rows = list(queries.browse(policy.in_the_commons(), {})[:MOST])
    # What was taken back changes the feed too: a reader then asks again.
    updated = queries.changed_at(policy.in_the_commons(), policy.taken_out_of_the_commons()) or BEGINNING
    with translation.override(settings.LANGUAGE_CODE):
        content = _atom(rows, updated)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = tag
    response["Last-Modified"] = http_date(updated.timestamp())
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return get_conditional_response(
        request, etag=tag, last_modified=int(updated.timestamp()), response=response
    ) or response  # fmt: skip


class _Feed(Atom1Feed):
    """Atom, with the address of each licence and the language of each lesson."""

    def __init__(self, *arguments: Any, updated: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.updated = updated

    def latest_post_date(self) -> datetime:
        """When a lesson came or went last."""
        return self.updated

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """The language an entry is written in."""
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """What every entry has, and its licence as a link."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("link", "", {"rel": "license", "href": item["licence"]})


def _atom(rows: list[Publication], updated: datetime) -> bytes:
    here = settings.SITE_URL.rstrip("/")
    own_name, *names = queries.lasting_names("commons", *(f"commons/{row.pk}" for row in rows))
    made = _Feed(
        title=_("Commons of lessons"),
        link=here + reverse("commons"),
        description="",
        subtitle=_("Lessons that teachers improved together and gave to all."),
        feed_url=here + reverse("commons_feed"),
        feed_guid=own_name,
        author_name="Side by Side",
        language=settings.LANGUAGE_CODE,
        updated=updated,
    )
    for row, name in zip(rows, names, strict=True):
        made.add_item(
            title=_said(row.title),
            link=here + reverse("published", args=[row.pk]),
            description=escape(_said(_excerpt(row))),  # (Atom takes it for HTML)
            unique_id=name,
            author_name=_said(row.credit) or _("Teachers who wish not to be named"),
            pubdate=row.published_at,
            updateddate=row.published_at,
            categories=[_said(one) for one in (row.subject, row.level) if one],
            item_copyright=f"{label_of(row.licence)}, {address_of(row.licence)}",
            licence=address_of(row.licence),
            language=row.language,
        )
    return made.writeString("utf-8").encode()


def _excerpt(row: Publication) -> str:
    words = " ".join(from_open(row.body["text"]).plain().split())
    return words if len(words) <= LONGEST_EXCERPT else f"{words[:LONGEST_EXCERPT].rsplit(' ', 1)[0]} …"


def _said(text: str) -> str:
    return _NO_XML.sub("", text)
