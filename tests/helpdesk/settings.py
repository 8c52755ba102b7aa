"""Django settings of the foreign ticket system; never loaded into Löfte's own process."""

import os

DATABASES = {"default": {}}
_URL = os.environ["HELPDESK_DATABASE"]
if _URL.startswith("sqlite"):
    DATABASES["default"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": _URL.removeprefix("sqlite:///")}
else:
    from sqlalchemy import make_url

    _parts = make_url(_URL)
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _parts.database,
        "USER": _parts.username or "",
        "PASSWORD": _parts.password or "",
        "HOST": _parts.host or _parts.query.get("host", ""),
        "PORT": _parts.port or "",
    }

SECRET_KEY = "only for tests"
DEBUG = False
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.admin",
    "rest_framework",
    "helpdesk",
]
SITE_ID = 1
ROOT_URLCONF = "tests.helpdesk.addresses"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
MEDIA_ROOT = os.environ["HELPDESK_MEDIA"]
STATIC_URL = "/static/"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_TEAMS_MODEL = "auth.Group"
HELPDESK_TEAMS_MIGRATION_DEPENDENCIES = [("auth", "0001_initial")]
HELPDESK_KB_ENABLED = True
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
