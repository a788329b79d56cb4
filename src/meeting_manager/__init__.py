"""Meeting Manager: open-source, self-hosted scheduling for teams."""

import zoneinfo

__version__ = "0.1.0"

# The machine's zone data is as old as its last update, and wrong for zones that changed since; we bring our own.
zoneinfo.reset_tzpath(())
