"""Where the doors are: the console at the root, the API below /api/."""

from __future__ import annotations

from django.urls import include, path

from guanxi.api.routes import api

urlpatterns = [
    path("api/", api.urls),
    path("", include("guanxi.console.urls")),
]
