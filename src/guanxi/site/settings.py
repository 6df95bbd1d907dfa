"""Django's settings, all derived from the installation; nothing here is a brand's choice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from guanxi.records.databases import ALIASES, address, side_of
from guanxi.records.installation import Installation
from guanxi.records.public_address import LOCAL_HOSTS

_installation = Installation.current()
_package = Path(__file__).parent.parent

SECRET_KEY = _installation.secrets.django_key if _installation.exists else "no installation yet"
DEBUG = False
ALLOWED_HOSTS = [*os.environ.get("GUANXI_HOSTS", "").split(), *LOCAL_HOSTS, "testserver"]
FRONT_DOOR = os.environ.get("GUANXI_FRONT_DOOR", "").rstrip("/")
CSRF_TRUSTED_ORIGINS = os.environ.get("GUANXI_ORIGINS", "").split()

_rooms = [
    "records",
    "lake",
    "listen",
    "consent",
    "social",
    "customers",
    "correlation",
    "influence",
    "loyalty",
    "audiences",
    "outreach",
    "measurement",
    "console",
    "api",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *(f"guanxi.{room}.apps.{room.capitalize()}Config" for room in _rooms),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "guanxi.console.security.ContentSecurityPolicy",
]
ROOT_URLCONF = "guanxi.site.urls"
WSGI_APPLICATION = "guanxi.site.wsgi.application"
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
            ]
        },
    }
]


def _database(alias: str) -> dict[str, Any]:
    at = address(_installation, side_of(alias))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": at.host,
        "PORT": at.port,
        "NAME": at.name,
        "USER": at.user,
        "PASSWORD": at.password,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {alias: _database(alias) for alias in ALIASES}
# Social and customers are strangers in databases of their own: the same table names there are no clash.
SILENCED_SYSTEM_CHECKS = ["models.E032", "models.W035"]
DATABASE_ROUTERS = ["guanxi.records.router.RoomRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "中文")]
LOCALE_PATHS = [_package / "console" / "locale"]

# A page that breaks says that the log of the web process tells why; Django alone would only write mail.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}

STATIC_URL = "static/"
STATIC_ROOT = _installation.folder / "static"
WHITENOISE_USE_FINDERS = True

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("GUANXI_HTTPS") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
