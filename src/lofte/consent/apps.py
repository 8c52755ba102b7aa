"""The Django app of consent: suppressions, objections, withdrawals, restrictions."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Name, label, key type."""

    name = "lofte.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"
