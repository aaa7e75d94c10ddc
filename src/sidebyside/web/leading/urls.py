from django.urls import path

from sidebyside.web.leading import views

urlpatterns = [path("leader/", views.leader, name="leader")]
