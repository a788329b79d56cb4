"""The public room, as Django knows it."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Guest pages; no records of its own."""

    name = "meeting_manager.public"
    label = "public"
    verbose_name = "Guest pages"
