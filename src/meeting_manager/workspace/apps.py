"""The workspace room, as Django knows it."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.workspace"
    label = "workspace"
    verbose_name = "Workspace"
