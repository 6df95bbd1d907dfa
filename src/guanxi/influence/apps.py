"""Django's name for this room."""

from django.apps import AppConfig


class InfluenceConfig(AppConfig):
    """The influence room."""

    name = "guanxi.influence"
    label = "influence"
    default_auto_field = "django.db.models.BigAutoField"
