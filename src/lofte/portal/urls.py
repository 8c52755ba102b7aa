"""The addresses of the portal."""

from django.urls import path, re_path

from lofte.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.notice, name="notice"),
    path("health", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    re_path(r"^language/(?P<code>sv|en)$", views.language, name="language"),
    re_path(r"^appearance/(?P<theme>auto|light|dark)$", views.appearance, name="appearance"),
]
