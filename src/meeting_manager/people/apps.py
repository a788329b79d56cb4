"""The people room, as Django knows it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.people"
    label = "people"
    verbose_name = "People"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take on the mails of accounts, and say what is sealed."""
        from meeting_manager.ledger.handlers import register
        from meeting_manager.people.sealing import Kept, keep
        from meeting_manager.people.services import account_mail
        from meeting_manager.people.tasks import send_account_mail

        register(account_mail.ACCOUNT_MAIL, send_account_mail, threads=1)
        mails = {"kind": account_mail.ACCOUNT_MAIL}
        keep(
            Kept("second factors", f"{self.name}.signin", "mfa.Authenticator", "data", ("secret", "seed")),
            Kept("mails about accounts", account_mail.__name__, "ledger.Delivery", "payload", ("sealed",), mails),
        )
