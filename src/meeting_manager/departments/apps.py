"""The departments room, as Django knows it."""

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.departments"
    label = "departments"
    verbose_name = "Departments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have a say when an account is to be disabled, and start turns anew when one is opened again."""
        from meeting_manager.departments.services import keep_departments_staffed, start_balances_anew
        from meeting_manager.people.services import on_disabling, on_enabling

        on_disabling(keep_departments_staffed)
        on_enabling(start_balances_anew)
