from django.urls import path

from sidebyside.web.places import roles, views

urlpatterns = [
    path("places/", views.places, name="places"),
    path("places/<int:pk>/", views.place, name="place"),
    path("places/<int:pk>/places/new/", views.new_place, name="new_place"),
    path("places/<int:pk>/name/", views.rename, name="place_name"),
    path("places/<int:pk>/parent/", views.move, name="place_parent"),
    path("places/<int:pk>/closure/", views.close, name="place_closure"),
    path("places/<int:pk>/reopening/", views.reopen, name="place_reopening"),
    path("places/<int:pk>/roles/", roles.roles, name="place_roles"),
    path("places/<int:pk>/roles/new/", roles.new_role, name="new_role"),
    path("roles/<int:pk>/ending/", roles.end_role, name="role_ending"),
]
