"""Where the pages of all components are (never in a real installation)."""

from django.urls import path

from sidebyside.web.design import views

urlpatterns = [
    path("", views.design, name="design"),
    path("keeping/", views.keeping, name="design_keeping"),
    path("keeping/sent/", views.sent, name="design_sent"),
]
