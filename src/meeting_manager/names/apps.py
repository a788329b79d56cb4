"""The names room, as Django knows it."""

from django.apps import AppConfig


class NamesConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.names"
    label = "names"
    verbose_name = "Document names"
    default_auto_field = "django.db.models.BigAutoField"
