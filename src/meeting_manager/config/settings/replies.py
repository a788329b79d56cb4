"""Where answers to invitations come in."""

from meeting_manager.config.env import env
from meeting_manager.config.reply_address import EXPECTS, read_reply_address

REPLY_ADDRESS: str = env.read(
    "REPLY_ADDRESS",
    read_reply_address,
    "",
    EXPECTS,
    "A mailbox whose mail goes into receive-mail, so that people can answer invitations with their calendar.",
)
