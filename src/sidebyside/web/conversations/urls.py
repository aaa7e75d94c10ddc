from django.urls import path

from sidebyside.web.conversations import views

urlpatterns = [
    path("partnerships/<int:pk>/notes/", views.notes, name="notes"),
    path("partnerships/<int:pk>/scratch/", views.scratch, name="scratch"),
    path("notes/<int:pk>/", views.note, name="note"),
    path("notes/<int:pk>/removal/", views.remove, name="remove_note"),
]
