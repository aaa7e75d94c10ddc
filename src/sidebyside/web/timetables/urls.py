"""The addresses of timetables."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
