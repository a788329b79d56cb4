from django.apps import AppConfig


class Config(AppConfig):
    """The house itself: its operators' commands and start-up checks."""

    name = "meeting_manager.config"
    label = "config"
