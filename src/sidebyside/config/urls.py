"""Every address. Each area of `web` brings its own."""

from django.conf import settings
from django.urls import include, path

from sidebyside.web.home import views as home

urlpatterns = [
    path("", home.home, name="home"),
    path("arrival/putting-away/", home.put_arrival_away, name="arrival_putting_away"),
    path("arrival/return/", home.bring_arrival_back, name="arrival_return"),
    path("health/", home.health, name="health"),
    path("", include("sidebyside.web.entrance.urls")),
    path("", include("sidebyside.web.seeing.urls")),
    path("", include("sidebyside.web.people.urls")),
    path("", include("sidebyside.web.places.urls")),
    path("", include("sidebyside.web.rosters.urls")),
    path("", include("sidebyside.web.programme.urls")),
    path("", include("sidebyside.web.partnerships.urls")),
    path("", include("sidebyside.web.cycles.urls")),
    path("", include("sidebyside.web.conversations.urls")),
    path("", include("sidebyside.web.lessons.urls")),
    path("", include("sidebyside.web.commons.urls")),
    path("", include("sidebyside.web.journals.urls")),
    path("", include("sidebyside.web.standards.urls")),
    path("", include("sidebyside.web.summaries.urls")),
    path("", include("sidebyside.web.leading.urls")),
    path("", include("sidebyside.web.facilitating.urls")),
    path("", include("sidebyside.web.timetables.urls")),
    path("", include("sidebyside.web.calendars.urls")),
    path("", include("sidebyside.web.visits.urls")),
    path("", include("sidebyside.web.cover.urls")),
    path("", include("sidebyside.web.terms.urls")),
]
if settings.DEBUG or settings.SHOWS_DESIGN:
    urlpatterns.append(path("design/", include("sidebyside.web.design.urls")))
if settings.DEMONSTRATION:
    urlpatterns.append(path("demonstration/", include("sidebyside.web.demonstration.urls")))

handler404 = "sidebyside.web.home.views.not_found"
handler500 = "sidebyside.web.home.views.fault"
