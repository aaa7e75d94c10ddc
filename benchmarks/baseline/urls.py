"""One page, which reads the session and the person and says a few words."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def page(request: HttpRequest) -> HttpResponse:
    """Somebody's name."""
    return HttpResponse(f"<!doctype html><title>Baseline</title><p>{request.user} {len(request.session.keys())}")


urlpatterns = [path("", page)]
