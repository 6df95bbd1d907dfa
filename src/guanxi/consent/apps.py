"""Django's name for this room."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """The consent room."""

    name = "guanxi.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"
