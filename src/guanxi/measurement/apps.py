"""Django's name for this room."""

from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    """The measurement room."""

    name = "guanxi.measurement"
    label = "measurement"
    default_auto_field = "django.db.models.BigAutoField"
