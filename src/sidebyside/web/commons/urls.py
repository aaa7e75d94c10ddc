from django.urls import path

from sidebyside.web.commons import feed, views

urlpatterns = [
    path("commons/", views.commons, name="commons"),
    path("commons/feed/", feed.feed, name="commons_feed"),
    path("commons/files/<int:pk>/", views.file, name="published_file"),
    path("commons/thanks/<int:pk>/putting-away/", views.put_away, name="thanks_putting_away"),
    path("commons/<int:pk>/", views.published, name="published"),
    path("commons/<int:pk>/adoption/", views.adopt, name="adoption"),
    path("commons/<int:pk>/retraction/", views.retract, name="retraction"),
]
