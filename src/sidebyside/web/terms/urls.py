"""The addresses of plans for a term, and of calendars shown to leaders."""

from django.urls import path

from sidebyside.web.terms import showing

urlpatterns = [
    path("partnerships/<int:pk>/calendar/showing/", showing.calendar_showing, name="calendar_showing"),
    path("partnerships/<int:pk>/calendar/releases/", showing.show_calendar, name="show_calendar"),
    path("calendar-releases/<int:pk>/", showing.shown_calendar, name="shown_calendar"),
    path("calendar-releases/<int:pk>/consent/", showing.agree_to_calendar, name="agree_to_calendar"),
    path("calendar-releases/<int:pk>/withdrawal/", showing.hide_calendar, name="calendar_hiding"),
    path("calendar-releases/<int:pk>/remarks/", showing.remark_on_calendar, name="remark_on_calendar"),
]
