"""The addresses that websites load from. No block list stops them: they never say cookie-consent."""

from django.urls import path, re_path

from lofte.banner import plain, views

app_name = "banner"

_FILE = r"(?P<name>consent(?:-gcm|-compat)?\.m?js)"

urlpatterns = [
    re_path(rf"^privacy/{_FILE}$", views.script, name="script"),
    re_path(rf"^privacy/consent/(?P<build>[0-9a-f]{{12}})/{_FILE}$", views.kept_script, name="kept-script"),
    re_path(r"^privacy/consent\.(?P<language>sv|en)\.js$", views.whole, name="whole"),
    re_path(r"^privacy/consent\.(?P<language>sv|en)\.json$", views.configuration, name="configuration"),
    path("privacy/cookies", plain.cookies, name="cookies"),
    path(".well-known/gpc.json", views.gpc, name="gpc"),
]
