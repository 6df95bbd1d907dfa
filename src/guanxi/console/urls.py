"""The console's addresses; `door` refuses a page that names no permission."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from guanxi.console import entrance, loyalty
from guanxi.console.access import door
from guanxi.console.people import customer, customers, fan, fans, links
from guanxi.console.trust import health, leash, settings

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("i18n/", include("django.conf.urls.i18n")),
    door("people/fans/", fans.fan_list, "fans"),
    door("people/fans/<int:pk>/", fan.fan, "fan"),
    door("people/customers/", customers.customer_list, "customers"),
    door("people/customers/<int:pk>/", customer.customer, "customer"),
    door("people/links/", links.links, "links"),
    door("people/links/<int:pk>/", links.link, "link"),
    door("people/links/<int:pk>/<slug:decision>/", links.decide_link, "decide_link"),
    door("loyalty/", loyalty.loyalty, "loyalty"),
    door("loyalty/members/<int:identity>/", loyalty.statement, "statement"),
    door("trust/leash/", leash.leash, "leash"),
    door("trust/health/", health.health, "health"),
    door("trust/health/quarantine/", health.quarantine, "quarantine"),
    door("trust/health/heard/", health.heard, "heard"),
    door("trust/settings/", settings.settings, "settings"),
    door("trust/settings/users/<int:pk>/", settings.change_user, "change_user"),
]
