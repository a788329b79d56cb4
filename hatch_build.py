"""Compiles the catalogues of translations when the package is built, also for an editable installation."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg] # the interface names no configuration of ours
    """Hatch finds it by its kind."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch's signature
        """Effect: writes `django.mo` beside each `django.po`."""
        sys.path.insert(0, self.root)
        from scripts.catalogues.compiling import compile_all

        compile_all(Path(self.root) / "src" / "meeting_manager" / "locale")
