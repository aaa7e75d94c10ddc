from django.urls import path

from sidebyside.web.summaries import views

urlpatterns = [
    path("received/", views.received, name="received"),
    path("cycles/<int:pk>/summary/", views.summary, name="summary"),
    path("cycles/<int:pk>/plan/", views.plan, name="plan"),
    path("summaries/<int:pk>/", views.read_summary, name="read_summary"),
    path("summaries/<int:pk>/consents/", views.consent_summary, name="consent_summary"),
    path("summaries/<int:pk>/releases/", views.release_summary, name="release_summary"),
    path("summary-releases/<int:pk>/withdrawal/", views.withdraw_summary, name="withdraw_summary"),
    path("plans/<int:pk>/", views.read_plan, name="read_plan"),
    path("plans/<int:pk>/consents/", views.consent_plan, name="consent_plan"),
    path("plans/<int:pk>/releases/", views.release_plan, name="release_plan"),
    path("plans/<int:pk>/answers/", views.answer_plan, name="answer_plan"),
    path("plan-releases/<int:pk>/withdrawal/", views.withdraw_plan, name="withdraw_plan"),
]
