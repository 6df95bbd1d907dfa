"""Django's name for this room."""

from django.apps import AppConfig


class CorrelationConfig(AppConfig):
    """The correlation room."""

    name = "guanxi.correlation"
    label = "correlation"
    default_auto_field = "django.db.models.BigAutoField"
