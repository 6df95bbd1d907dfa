"""Django's name for this room."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """The customers room."""

    name = "guanxi.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
