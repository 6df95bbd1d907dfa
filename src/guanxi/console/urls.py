"""The console's addresses; `door` refuses a page that names no permission."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from guanxi.console import entrance
from guanxi.console.access import door  # noqa: F401

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("i18n/", include("django.conf.urls.i18n")),
]
