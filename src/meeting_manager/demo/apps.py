"""The demo room, as Django knows it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.demo"
    label = "demo"
    verbose_name = "Demo data"
