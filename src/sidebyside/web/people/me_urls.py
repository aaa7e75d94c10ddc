"""The addresses about oneself."""

from django.urls import path

from sidebyside.web.people import me_views

urlpatterns = [
    path("me/", me_views.me, name="me"),
    path("me/mails/", me_views.mails, name="my_mails"),
    path("me/password/", me_views.password, name="my_password"),
    path("me/sessions/end/", me_views.end_sessions, name="my_sessions_end"),
    path("me/work/", me_views.work, name="my_work"),
    path("me/work/file/", me_views.work_file, name="my_work_file"),
]
