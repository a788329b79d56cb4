"""The installed command ``meeting-manager``."""

import os
import sys


def main() -> None:
    """Run one command of the operators; ends the process with its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meeting_manager.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
