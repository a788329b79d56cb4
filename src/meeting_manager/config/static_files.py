"""Static files under names that carry their hash, once `serve` has gathered them."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class GatheredStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise has no types
    """Hashed, compressed names where the files have been gathered; plain names in tests and development before that."""

    def url(self, name: str | None, force: bool = False) -> str:
        """The address of a static file."""
        if not self.hashed_files and name:
            return f"{self.base_url}{name}"
        address: Any = super().url(name, force)
        return str(address)
