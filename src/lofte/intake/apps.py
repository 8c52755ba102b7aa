"""The Django app of the intake: messages that came in, and what was answered."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Name, label, key type."""

    name = "lofte.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
