"""Handing files out: pictures are shown, everything else is saved, and nothing is run."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from sidebyside.base.files import kinds, storing
from sidebyside.base.files.models import StoredFile

# A file that a browser opens by itself may load nothing, run nothing, and belongs to no site.
SANDBOX = "sandbox; default-src 'none'"
# Kept by nobody on the way, and not on the device either: the next person at a shared computer finds nothing.
NOT_KEPT = "private, no-store"


def serve(request: Any, file: StoredFile, *, name: str) -> HttpResponse:
    """The answer that holds a file: a picture to be shown, anything else to be saved as `name`. The caller has asked
    the policy. Always the whole file. Raises storing.Gone (a Refused) where it was erased or lost."""
    kind = kinds.BY_MEDIA.get(file.kind)
    return handed_out(
        request, storing.content(file), media=file.kind if kind else "application/octet-stream",
        name=storing.fitting_name(name, kind) if kind else "file", shown=kind in (kinds.JPEG, kinds.PNG),
    )  # fmt: skip


def download(request: Any, content: bytes, *, media: str, name: str) -> HttpResponse:
    """The answer that holds something made for saving, such as an export."""
    return handed_out(request, content, media=media, name=name, shown=False)


def handed_out(request: Any, content: bytes, *, media: str, name: str, shown: bool) -> HttpResponse:
    """An answer of these bytes with all that keeps a browser from making more of them."""
    if not media.startswith("text/"):
        # Already as small as it gets: do not have it packed again on the way.
        request.META.pop("HTTP_ACCEPT_ENCODING", None)
    body = b"" if request.method == "HEAD" else content
    said = content_disposition_header(as_attachment=not shown, filename=name)
    headers = {
        "Content-Disposition": said or "attachment",
        "Content-Security-Policy": SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": NOT_KEPT,
        "Accept-Ranges": "none",
    }
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(content))
    plain = f"{media}; charset=utf-8" if media.startswith("text/") else media
    return HttpResponse(body, content_type=plain, headers=headers)
