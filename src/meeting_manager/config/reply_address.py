"""REPLY_ADDRESS, read."""

from email_validator import EmailNotValidError, validate_email

EXPECTS = "an address such as replies@meet.example.com, with 20 characters at most before the @ and no plus"
_LONGEST_MAILBOX = 20
"""What is left of the 64 characters that mail servers take, after a plus, a thread's number and a token."""


def read_reply_address(given: str) -> str:
    """The address. Raises ValueError where nothing could be added to it."""
    try:
        read = validate_email(given, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValueError from None
    if "+" in read.local_part or len(read.local_part) > _LONGEST_MAILBOX:
        raise ValueError
    return read.normalized
