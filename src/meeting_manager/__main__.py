"""``python -m meeting_manager`` is the same as the installed command."""

from meeting_manager.config.cli import main

main()
