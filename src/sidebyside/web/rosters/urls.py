from django.urls import path

from sidebyside.web.rosters import previews, views

urlpatterns = [
    path("rosters/", views.rosters, name="rosters"),
    path("rosters/template.csv", views.template, name="roster_template"),
    path("rosters/sources/<int:pk>/leaders/", views.leaders, name="source_leaders"),
    path("rosters/<int:pk>/", previews.roster, name="roster"),
    path("rosters/<int:pk>/changes.csv", previews.changes_as_csv, name="roster_changes"),
    path("rosters/<int:pk>/application/", previews.apply, name="roster_application"),
    path("rosters/<int:pk>/removal/", previews.put_away, name="roster_removal"),
]
