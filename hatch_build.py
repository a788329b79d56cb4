"""What building the package makes, also for an editable installation: catalogues, and scripts that others wrote."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg] # the interface names no configuration of ours
    """Hatch finds it by its kind."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch's signature
        """Effects: writes `django.mo` beside each `django.po`; fetches the calendar unless it is there."""
        sys.path.insert(0, self.root)
        from scripts.catalogues.compiling import compile_all
        from scripts.vendored import CALENDAR, provide

        compile_all(Path(self.root) / "src" / "meeting_manager" / "locale")
        provide(CALENDAR, Path(self.root))
