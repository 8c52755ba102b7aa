"""The Django app of the mail: letters that wait, and those that have left."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Name, label, key type."""

    name = "lofte.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"
