"""The addresses of visits and meetings."""

from django.urls import path

from sidebyside.web.visits import acts, choosing, meetings, views

urlpatterns = [
    path("partnerships/<int:pk>/visits/", views.visits, name="visits"),
    path("partnerships/<int:pk>/visits/new/", choosing.book_visit, name="book_visit"),
    path("partnerships/<int:pk>/meetings/", meetings.meet, name="meet"),
    path("visits/<int:pk>/", views.visit, name="visit"),
    path("visits/<int:pk>/another-time/", choosing.rebook_visit, name="rebook_visit"),
    path("visits/<int:pk>/answer/", acts.say, name="visit_answer"),
    path("visits/<int:pk>/talk-before/", acts.talk_before, name="visit_talk_before"),
    path("visits/<int:pk>/talk-after/", acts.talk_after, name="visit_talk_after"),
    path("visits/<int:pk>/holding/", acts.hold, name="hold_visit"),
    path("visits/<int:pk>/contact/", acts.log, name="log_visit"),
    path("visits/<int:pk>/cancellation/", acts.cancel, name="cancel_visit"),
    path("visit-covers/<int:pk>/", acts.cover_otherwise, name="visit_cover"),
]
