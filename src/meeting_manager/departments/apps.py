"""The departments room, as Django knows it."""

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.departments"
    label = "departments"
    verbose_name = "Departments"
    default_auto_field = "django.db.models.BigAutoField"
