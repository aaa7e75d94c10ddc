from django.urls import path

from sidebyside.web.journals import views

urlpatterns = [
    path("cycles/<int:pk>/reflection/", views.reflection, name="reflection"),
    path("entries/<int:pk>/sharing/removal/", views.take_back, name="take_back_entry"),
    path("entries/<int:pk>/removal/", views.remove, name="remove_entry"),
]
