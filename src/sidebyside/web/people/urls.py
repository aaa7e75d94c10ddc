from django.urls import include, path

urlpatterns = [
    path("", include("sidebyside.web.people.me_urls")),
]
