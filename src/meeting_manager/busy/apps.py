"""The busy room, as Django knows it."""

from django.apps import AppConfig

from meeting_manager.adapters.guards import install_after_migrate
from meeting_manager.busy.guards import GUARDS


class BusyConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.busy"
    label = "busy"
    verbose_name = "Busy time"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database refuse overlaps from its first migration on."""
        install_after_migrate(self, GUARDS)
