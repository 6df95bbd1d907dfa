"""Django's name for this room."""

from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    """The audiences room."""

    name = "guanxi.audiences"
    label = "audiences"
    default_auto_field = "django.db.models.BigAutoField"
