"""Django's name for this room."""

from django.apps import AppConfig


class SocialConfig(AppConfig):
    """The social room."""

    name = "guanxi.social"
    label = "social"
    default_auto_field = "django.db.models.BigAutoField"
