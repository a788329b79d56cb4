"""The api room, as Django knows it."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.api"
    label = "api"
    verbose_name = "API"
