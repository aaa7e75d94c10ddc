from django.urls import path

from sidebyside.web.programme import views

urlpatterns = [
    path("programme/", views.programme, name="programme"),
    path("programmes/<int:pk>/", views.programme_of, name="programme_of"),
    path("programmes/<int:pk>/settings/", views.change_settings, name="programme_settings"),
    path("programmes/<int:pk>/templates/", views.offer_templates, name="programme_templates"),
    path("programmes/<int:pk>/words/", views.words, name="programme_words"),
    path("programmes/<int:pk>/goals/", views.add_goal, name="programme_goals"),
    path("programmes/<int:pk>/ending/", views.end, name="programme_ending"),
    path("place-goals/<int:pk>/removal/", views.remove_goal, name="place_goal_removal"),
    path("place-goals/<int:pk>/restoration/", views.restore_goal, name="place_goal_restoration"),
    path("places/<int:pk>/programme/", views.begin, name="begin_programme"),
]
