"""Where the doors are: the console at the root, the API below /api/."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("guanxi.console.urls")),
]
