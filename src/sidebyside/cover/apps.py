from django.apps import AppConfig


class CoverConfig(AppConfig):
    name = "sidebyside.cover"
    label = "cover"
    default_auto_field = "django.db.models.BigAutoField"
