"""Django's name for this room."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """The outreach room."""

    name = "guanxi.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"
