"""The Django app of retention: sweeps, their parts, approvals, and the clock."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Name, label, key type."""

    name = "lofte.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"
