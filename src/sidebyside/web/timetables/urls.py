"""The addresses of timetables."""

from django.urls import path

from sidebyside.web.timetables import keeping, own_week, special, taking_in, views

urlpatterns = [
    path("places/<int:pk>/timetable/", views.timetable, name="timetable"),
    path("places/<int:pk>/timetable/new/", taking_in.new_timetable, name="new_timetable"),
    path("timetable-imports/<int:pk>/", taking_in.preview, name="timetable_import"),
    path("timetable-imports/<int:pk>/removal/", taking_in.put_away, name="timetable_import_removal"),
    path("timetables/<int:pk>/dates/", keeping.dates, name="timetable_dates"),
    path("timetables/<int:pk>/teachers/", keeping.teachers, name="timetable_teachers"),
    path("timetables/<int:pk>/bells/", keeping.bells, name="timetable_bells"),
    path("timetables/<int:pk>/days/", special.days, name="timetable_days"),
    path("timetables/<int:pk>/days/bells/", special.bells, name="timetable_day_bells"),
    path("timetables/<int:pk>/removal/", keeping.put_away, name="timetable_removal"),
    path("timetables/<int:pk>/return/", keeping.bring_back, name="timetable_return"),
    path("special-days/<int:pk>/removal/", special.remove_day, name="special_day_removal"),
    path("places/<int:pk>/terms/", special.terms, name="school_terms"),
    path("terms/<int:pk>/removal/", special.remove_term, name="term_removal"),
    path("me/week/", own_week.own_week, name="own_week"),
    path("me/week/lessons/", own_week.lessons, name="own_week_lessons"),
    path("me/week/words/", own_week.words, name="own_week_words"),
    path("me/week/copy/", own_week.copy, name="own_week_copy"),
]
