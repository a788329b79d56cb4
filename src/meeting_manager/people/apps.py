"""The people room, as Django knows it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.people"
    label = "people"
    verbose_name = "People"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take on the mails of accounts."""
        from meeting_manager.ledger.handlers import register
        from meeting_manager.people.services.account_mail import ACCOUNT_MAIL
        from meeting_manager.people.tasks import send_account_mail

        register(ACCOUNT_MAIL, send_account_mail, threads=1)
