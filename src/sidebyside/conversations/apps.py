from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "sidebyside.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"
