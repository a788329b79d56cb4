"""The notifications room, as Django knows it."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.notifications"
    label = "notifications"
    verbose_name = "Notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens, and offer to carry out what it owes."""
        from meeting_manager.notifications import subscriptions, tasks

        subscriptions.subscribe_all()
        tasks.register()
