"""Pages for everybody, signed in or not: who can see what, help, and what this program is."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sidebyside import __version__, policy
from sidebyside.base.docstrings import as_sentence
from sidebyside.web.seeing.nouns import NOUNS


def rules() -> list[tuple[Any, str]]:
    """What each record is called, and its rule of sight as it stands in policy.py."""
    return [(noun, _(as_sentence(policy.SIGHTS[model]))) for model, noun in NOUNS]


@login_not_required
def seeing(request: HttpRequest) -> HttpResponse:
    """Who can see what, for every role in plain words, and the rules themselves."""
    return render(request, "seeing/seeing.html", {"rules": rules()})


@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    """Short and true: how to begin, and whom to ask."""
    return render(request, "seeing/help.html")


@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    """What this program is, its version and its licence."""
    return render(request, "seeing/about.html", {"version": __version__})
