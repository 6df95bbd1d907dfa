"""Django's name for this room."""

from django.apps import AppConfig


class ListenConfig(AppConfig):
    """The listen room."""

    name = "guanxi.listen"
    label = "listen"
    default_auto_field = "django.db.models.BigAutoField"
