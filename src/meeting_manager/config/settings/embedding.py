"""Which other sites may show the booking pages inside their own."""

from meeting_manager.config.env import env
from meeting_manager.config.origins import EXPECTS, read_origin

EMBED_ORIGINS: tuple[str, ...] = env.words(
    "EMBED_ORIGINS",
    (),
    "Sites that may show the booking pages inside their own; see docs/embedding.md.",
    parse_one=read_origin,
    expects=EXPECTS,
    shown_default="none",
)
