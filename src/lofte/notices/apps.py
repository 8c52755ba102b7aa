"""The Django app of notices: the published versions of the policy."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Name, label, key type."""

    name = "lofte.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
