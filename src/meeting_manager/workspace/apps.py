"""The workspace room, as Django knows it."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.workspace"
    label = "workspace"
    verbose_name = "Workspace"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer to carry on with what is done to many bookings; erase what views and runs say of a guest."""
        from meeting_manager.web.privacy.erasing import join_in
        from meeting_manager.workspace import tasks
        from meeting_manager.workspace.services.forgetting import forget

        tasks.register()
        join_in(forget)
