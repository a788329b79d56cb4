"""The bookings room, as Django knows it."""

from django.apps import AppConfig

from meeting_manager.adapters.guards import install_after_migrate
from meeting_manager.bookings.guards import GUARDS


class BookingsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.bookings"
    label = "bookings"
    verbose_name = "Bookings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database refuse to rewrite history from its first migration on, and say what is sealed."""
        from meeting_manager.people.sealing import Kept, keep

        install_after_migrate(self, GUARDS)
        by = f"{self.name}.services.requests"
        keep(
            Kept("requests of guests", by, "bookings.BookingRequest", "sealed"),
            Kept("mails to guests", by, "ledger.Delivery", "payload", ("token",), {"kind": "confirmation"}),
        )
