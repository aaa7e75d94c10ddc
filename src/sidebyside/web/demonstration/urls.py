from django.urls import path

from sidebyside.web.demonstration import views

urlpatterns = [
    path("", views.people, name="demonstration"),
    path("sign-in/<slug:name>/", views.sign_in, name="demonstration_sign_in"),
]
