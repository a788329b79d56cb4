"""The installed command ``meeting-manager``: Django's commands, with a front that operators can read.

A room adds a command by having ``management/commands/NAME.py``; it is listed with the first line of its ``help``.
"""

import os
import sys

from meeting_manager import __version__
from meeting_manager.config.env import BadSettingError

OF_DJANGO = {
    "migrate": "Bring the database to the state this release needs.",
    "changepassword": "Set a user's password.",
}
USAGE_ERROR = 2


def main() -> None:
    """Run one command of the operators. Ends the process: 0 done, 1 failed, 2 wrong settings or arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meeting_manager.config.settings")
    os.umask(0o077)  # whatever a site writes holds personal data or secrets
    if sys.argv[1:] in (["--version"], ["version"]):
        print(f"Meeting Manager {__version__}")
        return
    try:
        _run()
    except BadSettingError as error:
        print(f"meeting-manager: {error}", file=sys.stderr)
        sys.exit(USAGE_ERROR)


def _run() -> None:
    try:
        import meeting_manager.config.settings  # noqa: F401 - a wrong setting shows here, before Django hides it
    except OSError as error:
        raise BadSettingError(f"The folder DATA_DIR cannot be used: {error}.") from error
    import django
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError
    from django.utils.translation import activate

    if not sys.argv[1:] or sys.argv[1:] in (["help"], ["--help"], ["-h"]):
        print(overview())
        return
    django.setup()
    activate("en")  # for operators, whatever the site speaks to its guests
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        print(f"meeting-manager: the database refused: {str(error).strip()}", file=sys.stderr)
        sys.exit(1)


def overview() -> str:
    """The commands of operators, one a line."""
    import django

    django.setup()
    lines = [f"  {name:<15} {text}" for name, text in sorted(commands().items())]
    return "\n".join(
        [
            "usage: meeting-manager COMMAND [OPTION ...]",
            "",
            *lines,
            "",
            "meeting-manager COMMAND --help explains one. Settings come from the environment: meeting-manager settings",
        ]
    )


def commands() -> dict[str, str]:
    """Name and first line of help of every command of ours, and the few of Django's that operators need."""
    from django.core.management import get_commands, load_command_class

    ours = {
        name: load_command_class(app, name).help.splitlines()[0]
        for name, app in get_commands().items()
        if isinstance(app, str) and app.startswith("meeting_manager.")
    }
    return OF_DJANGO | ours
