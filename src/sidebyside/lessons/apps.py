from django.apps import AppConfig


class LessonsConfig(AppConfig):
    name = "sidebyside.lessons"
    label = "lessons"
    default_auto_field = "django.db.models.BigAutoField"
