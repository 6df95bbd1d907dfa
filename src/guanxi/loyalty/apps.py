"""Django's name for this room."""

from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    """The loyalty room."""

    name = "guanxi.loyalty"
    label = "loyalty"
    default_auto_field = "django.db.models.BigAutoField"
