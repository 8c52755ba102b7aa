"""All addresses: the portal at the root, the console, and the sign-in of those who work here."""

from django.urls import include, path

urlpatterns = [
    path("", include("lofte.portal.urls")),
    path("console/", include("lofte.console.urls")),
    path("accounts/", include("allauth.urls")),
]
