from django.urls import path

from sidebyside.web.facilitating import views

urlpatterns = [
    path("facilitator/", views.facilitator, name="facilitator"),
    path("partnerships/<int:pk>/help-offers/", views.offer_help, name="offer_help"),
]
