"""The portal as a Django app: the face towards the registered. It also holds the look of all faces."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages anyone may read."""

    name = "lofte.portal"
    label = "portal"
