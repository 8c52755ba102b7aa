"""The Django app of requests: what a person asks under art. 15-22."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Name, label, key type."""

    name = "lofte.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"
