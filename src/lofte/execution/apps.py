"""The Django app of execution: the outbox, the ledger's rows, the journal of steps."""

from django.apps import AppConfig


class ExecutionConfig(AppConfig):
    """Name, label, key type."""

    name = "lofte.execution"
    label = "execution"
    default_auto_field = "django.db.models.BigAutoField"
