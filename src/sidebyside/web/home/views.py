"""Home: what is next and with whom, what waits for me, what is stuck. And the pages that are nobody's own."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Answers with a page to everybody, signed in or not."""
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html")
    return render(request, "home/home.html")


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """For watchers: the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Unknown, or not yours: the same page for both."""
    return render(request, "pages/not_found.html", status=404)


@login_not_required
def fault(request: HttpRequest) -> HttpResponse:
    """The program failed. The page says so and shows nothing of what was being done."""
    return render(request, "pages/fault.html", status=500)
