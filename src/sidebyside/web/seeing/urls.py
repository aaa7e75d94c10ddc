from django.urls import path

from sidebyside.web.seeing import views

urlpatterns = [
    path("seeing/", views.seeing, name="seeing"),
    path("help/", views.help_page, name="help"),
    path("about/", views.about, name="about"),
]
