"""The banner as a Django app: the face towards visitors."""

from django.apps import AppConfig


class BannerConfig(AppConfig):
    """The files that a website loads, and the page for those who run no scripts."""

    name = "lofte.banner"
    label = "banner"
