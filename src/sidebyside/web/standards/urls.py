"""The addresses of lists of standards."""

from django.urls import path

from sidebyside.web.standards import keeping, views

urlpatterns = [
    path("standards/", views.standards, name="standards"),
    path("standards/<int:pk>/", views.framework, name="framework"),
    path("standards/<int:pk>/text/", keeping.own_list, name="framework_text"),
    path("standards/<int:pk>/removal/", keeping.put_away, name="framework_removal"),
    path("standards/<int:pk>/return/", keeping.bring_back, name="framework_return"),
    path("places/<int:pk>/standards/", keeping.of_place, name="place_standards"),
    path("places/<int:pk>/standards/list/", keeping.new_list, name="new_list"),
    path("places/<int:pk>/standards/package/", keeping.new_package, name="new_package"),
    path("places/<int:pk>/standards/package/<str:key>/", keeping.package, name="package"),
    path("places/<int:pk>/standards/package/<str:key>/removal/", keeping.forget, name="package_removal"),
]
