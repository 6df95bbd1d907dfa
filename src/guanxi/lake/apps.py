"""Django's name for this room."""

from django.apps import AppConfig


class LakeConfig(AppConfig):
    """The lake room."""

    name = "guanxi.lake"
    label = "lake"
    default_auto_field = "django.db.models.BigAutoField"
