"""The addresses of calendars and appointments."""

from django.urls import path

from sidebyside.web.calendars import appointments, connections, feeds, free, views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/own-time/", appointments.own_time, name="own_time"),
    path("calendar/connections/", connections.connections, name="connections"),
    path("calendar/connections/feed/", connections.make_feed, name="make_feed"),
    path("calendar/connections/feed/end/", connections.end_feed, name="end_feed"),
    path("calendar/connections/calendars/", connections.add_calendar, name="add_calendar"),
    path("calendar/connections/calendars/<int:pk>/reading/", connections.read_calendar, name="read_calendar"),
    path("calendar/connections/calendars/<int:pk>/end/", connections.stop_calendar, name="stop_calendar"),
    path("appointments/<int:pk>/", appointments.appointment, name="appointment"),
    path("appointments/<int:pk>/answer/", appointments.say, name="appointment_answer"),
    path("appointments/<int:pk>/time/", appointments.move, name="appointment_move"),
    path("appointments/<int:pk>/cancellation/", appointments.cancel, name="appointment_cancel"),
    path("appointments/<int:pk>/series/end/", appointments.end_series, name="series_end"),
    path("partnerships/<int:pk>/calendar/", views.partnership_calendar, name="partnership_calendar"),
    path("people/<int:pk>/free/", free.free_times, name="free_times"),
    path("feeds/<str:secret>.ics", feeds.feed, name="feed"),
    path("answers/<str:secret>/", feeds.answer, name="answer"),
]
