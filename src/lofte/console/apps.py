"""The console as a Django app: the face towards the handlers."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages for those who answer requests."""

    name = "lofte.console"
    label = "console"
