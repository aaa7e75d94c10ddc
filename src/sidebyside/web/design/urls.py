"""Where the page of all components is (never in a real installation)."""

from django.urls import path

from sidebyside.web.design import views

urlpatterns = [path("", views.design, name="design")]
