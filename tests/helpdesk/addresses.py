"""The foreign ticket system's own addresses; it needs them to write its letters."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include(("helpdesk.urls", "helpdesk"), namespace="helpdesk")),
]
