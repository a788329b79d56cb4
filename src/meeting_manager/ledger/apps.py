"""The ledger room, as Django knows it."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.ledger"
    label = "ledger"
    verbose_name = "Deliveries"
    default_auto_field = "django.db.models.BigAutoField"
