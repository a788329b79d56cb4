"""``meeting-manager settings``."""

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from meeting_manager.config.env import Setting, env

HEAD = "| setting | default | meaning | a value is |"
ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


class Command(BaseCommand):
    """The list of settings, from the places where they are read."""

    help = "List every setting of the environment, with its meaning and default."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """A file to compare with the settings."""
        parser.add_argument("--check", metavar="FILE", help="fail unless the table in this file lists exactly these")
        parser.add_argument("--write", metavar="FILE", help="put the table into this file, in the place of the old one")

    def handle(self, check: str | None, write: str | None, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Print the table, compare it with a document, or write it there. Raises CommandError where they differ."""
        if write:
            put_table(Path(write))
        elif check:
            compare(Path(check))
        else:
            self.stdout.write(table())


def table() -> str:
    """All settings as a table in Markdown."""
    rows = [_row(setting) for _, setting in sorted(env.settings.items())]
    return "\n".join([HEAD, "|---|---|---|---|", *rows])


def _row(setting: Setting) -> str:
    default = f"`{setting.default}`" if setting.default else "none"
    return f"| `{setting.name}` | {default} | {setting.help} | {setting.expects} |"


def compare(path: Path) -> None:
    """Raise CommandError unless the document holds the table as it is now."""
    if table() in path.read_text(encoding="utf-8"):
        return
    documented = set(ROW.findall(path.read_text(encoding="utf-8")))
    missing, surplus = sorted(set(env.settings) - documented), sorted(documented - set(env.settings))
    what = f"missing: {missing}, no longer read: {surplus}" if missing or surplus else "defaults or meanings differ"
    raise CommandError(f"{path} does not list the settings as they are ({what}); `settings --write {path}` mends it.")


def put_table(path: Path) -> None:
    """Effect: replaces the table in the document."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index(HEAD)
    end = next((n for n in range(start, len(lines)) if not lines[n].startswith("|")), len(lines))
    path.write_text("\n".join([*lines[:start], table(), *lines[end:], ""]), encoding="utf-8")
