"""Django's settings, from the environment. Each name starts with LOFTE_.

HOME          folder of the installation (`.lofte`)
WORKSPACE     folder with `policy.yaml` and `systems/` (`.`)
DATABASE_URL  postgresql://... ; without it, SQLite in the folder
URL           the address people use, as https://dataskydd.example ; https turns on HSTS and secure cookies
HOSTS         further host names, with commas between
PROXIES       how many reverse proxies of ours stand in front (0)
WEBHOOK_NETWORKS  inner networks that webhooks may be in, as 10.1.0.0/16, with commas between
DEBUG         1 shows errors in the browser; never where there is real data
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from lofte.site.at_work import at_work
from lofte.site.database import database
from lofte.site.home import keys, secret_key

LOFTE_HOME = Path(os.environ.get("LOFTE_HOME") or ".lofte").absolute()
LOFTE_WORKSPACE = Path(os.environ.get("LOFTE_WORKSPACE") or ".").absolute()
LOFTE_URL = os.environ.get("LOFTE_URL") or "http://localhost:8000"
DEBUG = os.environ.get("LOFTE_DEBUG") == "1"

_address = urlsplit(LOFTE_URL)
_secure = _address.scheme == "https"
_proxies = int(os.environ.get("LOFTE_PROXIES") or 0)

# Read when it is first used: importing the settings must not make files.
SECRET_KEY = lazy(secret_key, str)()
LOFTE_KEYS = keys
"""How a face comes by the keys of the house."""
LOFTE_AT_WORK = at_work
"""How a face comes by the house and a way into its systems."""
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    _address.hostname or "localhost",
    *(h for h in os.environ.get("LOFTE_HOSTS", "").split(",") if h),
]

INSTALLED_APPS = [
    # The faces come first: their sign-in pages stand in place of allauth's own.
    "lofte.portal",
    "lofte.console",
    "lofte.banner",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "lofte.execution",
    "lofte.notices",
    "lofte.accounts",
    "lofte.requests",
    "lofte.mail",
    "lofte.consent",
    "lofte.retention",
    "lofte.intake",
    "lofte.api",
]

MIDDLEWARE = [
    "lofte.site.headers.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lofte.site.access.AccessLog",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lofte.site.access.AbsoluteSession",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "lofte.site.urls"
WSGI_APPLICATION = "lofte.site.app.wsgi"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database(os.environ.get("LOFTE_DATABASE_URL", ""), LOFTE_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- who works here ------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Handler"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "lofte.accounts.adapter.HouseAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,20/15m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = _proxies
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/console/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Löfte"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# -- sessions and cookies ------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(minutes=15).total_seconds())
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
LOFTE_SESSION_LONGEST = timedelta(hours=8)
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
_prefix = "__Host-" if _secure else ""
SESSION_COOKIE_NAME = f"{_prefix}lofte-session"
CSRF_COOKIE_NAME = f"{_prefix}lofte-csrf"
LANGUAGE_COOKIE_NAME = f"{_prefix}lofte-language"
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"] if _address.netloc else []
LOFTE_SECURE = _secure
LOFTE_WEBHOOK_NETWORKS = os.environ.get("LOFTE_WEBHOOK_NETWORKS") or ""
if _proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# What is uploaded is read in memory or not at all: it names persons, and is never a file of ours.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

_cache = "django.core.cache.backends."
CACHES = {
    # Counters of failed sign-ins. Several processes share them in the database; one keeps them itself.
    "default": {"BACKEND": f"{_cache}db.DatabaseCache", "LOCATION": "counters"}
    if os.environ.get("LOFTE_DATABASE_URL")
    else {"BACKEND": f"{_cache}locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}},
}

# -- words, time, files --------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
USE_I18N = True
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "lofte.site.logs.Plain"}},
    "filters": {"ours": {"()": "lofte.site.logs.NothingPersonal"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["ours"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "lofte": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
