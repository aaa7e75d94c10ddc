"""Make the made language ready for tests that draw pages in it."""

from __future__ import annotations

import functools
import io
from pathlib import Path

from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management import call_command
from django.core.signals import setting_changed

from sidebyside.base import catalogues

PACKAGE = Path(catalogues.__file__).resolve().parent.parent
CLONE = PACKAGE.parent.parent


@functools.cache
def make_ready() -> Catalog:
    """Write the made language's catalogue once a process and let Django load it; gives the English messages.

    Call it before drawing a page with ``override(pseudo.CODE)``; half a second, the first time.
    """
    call_command("build_translations", stderr=io.StringIO())
    for name in ("LOCALE_PATHS", "LANGUAGES"):  # Django forgets the catalogues it had read
        setting_changed.send(sender=None, setting=name, value=getattr(settings, name), enter=True)
    return catalogues.gathered(PACKAGE, CLONE / "babel.cfg")
