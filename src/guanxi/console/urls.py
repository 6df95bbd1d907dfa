"""The console's addresses; `door` refuses a page that names no permission."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from guanxi.console import entrance, loyalty
from guanxi.console.access import door
from guanxi.console.trust import health, leash, settings

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("i18n/", include("django.conf.urls.i18n")),
    door("loyalty/", loyalty.loyalty, "loyalty"),
    door("loyalty/members/<int:identity>/", loyalty.statement, "statement"),
    door("trust/leash/", leash.leash, "leash"),
    door("trust/health/", health.health, "health"),
    door("trust/health/quarantine/", health.quarantine, "quarantine"),
    door("trust/health/heard/", health.heard, "heard"),
    door("trust/settings/", settings.settings, "settings"),
    door("trust/settings/users/<int:pk>/", settings.change_user, "change_user"),
]
