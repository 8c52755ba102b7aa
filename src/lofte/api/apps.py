"""The Django app of the API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Name, label, key type."""

    name = "lofte.api"
    label = "api"
    verbose_name = "API"
    default_auto_field = "django.db.models.BigAutoField"
