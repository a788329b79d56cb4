"""The web room, as Django knows it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.web"
    label = "web"
    verbose_name = "Web"
    default_auto_field = "django.db.models.BigAutoField"
