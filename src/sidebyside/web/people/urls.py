from django.urls import include, path

from sidebyside.web.people import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<int:pk>/", views.person, name="person"),
    path("", include("sidebyside.web.people.me_urls")),
]
