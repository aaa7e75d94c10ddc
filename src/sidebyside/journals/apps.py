from django.apps import AppConfig


class JournalsConfig(AppConfig):
    name = "sidebyside.journals"
    label = "journals"
    default_auto_field = "django.db.models.BigAutoField"
