from django.apps import AppConfig


class Config(AppConfig):
    """The house itself: its operators' commands, its periodic work and start-up checks."""

    name = "meeting_manager.config"
    label = "config"

    def ready(self) -> None:
        """Have ticks carried out."""
        from meeting_manager.config import periodic
        from meeting_manager.ledger.handlers import TICK, register

        register(TICK, periodic.run_tick, threads=periodic.THREADS, attempts=periodic.ATTEMPTS)
