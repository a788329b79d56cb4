from django.apps import AppConfig


class Config(AppConfig):
    """The house itself: its operators' commands, its periodic work and start-up checks."""

    name = "meeting_manager.config"
    label = "config"

    def ready(self) -> None:
        """Have ticks carried out, and introduce rooms that may not know each other."""
        from meeting_manager.calendars.queries import kept_in_step
        from meeting_manager.config import periodic
        from meeting_manager.ledger.handlers import TICK, register
        from meeting_manager.notifications.composing import leave_entries_to

        register(TICK, periodic.run_tick, threads=periodic.THREADS, attempts=periodic.ATTEMPTS)
        leave_entries_to(kept_in_step)
