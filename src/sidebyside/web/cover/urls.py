"""The addresses of cover."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
