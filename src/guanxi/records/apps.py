"""Django's name for this room."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The records room."""

    name = "guanxi.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
