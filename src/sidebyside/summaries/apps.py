from django.apps import AppConfig


class SummariesConfig(AppConfig):
    name = "sidebyside.summaries"
    label = "summaries"
    default_auto_field = "django.db.models.BigAutoField"
