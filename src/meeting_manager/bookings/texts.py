"""Cleaning of what people type into a booking, with messages that name the field."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from email_validator import EmailNotValidError, validate_email

from meeting_manager.people import validators

_PHONE_DECORATION = str.maketrans("", "", " -()+")
_FEWEST_DIGITS = 7
_LONGEST_PHONE = 40
_LONGEST_ADDRESS = 500


def line(label: str, value: str, longest: int) -> str:
    """One line of text without outer blanks; a control character or too many characters are refused."""
    return str(validators.text(label, longest)(value))


def text(label: str, value: str) -> str:
    """Text of several lines; line ends become \\n."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return str(validators.text(label, validators.LONGEST_TEXT, lines=True)(lines))


def email(value: str) -> str | None:
    """The address in lower case, so that it compares; None where it isn't one, or mail servers could not write to it
    because of letters before the @ that are not ASCII. Looks nothing up."""
    try:
        # test_environment admits the reserved domain that people try a site with: .test
        found = validate_email(value.strip(), allow_smtputf8=False, check_deliverability=False, test_environment=True)
        return found.normalized.lower()
    except EmailNotValidError:
        return None


def phone(value: str, label: str = gettext_noop("Customer Phone")) -> str:
    """The number as typed, if seven digits or more remain without blanks, dashes, parentheses and plus."""
    cleaned = line(label, value, _LONGEST_PHONE)
    digits = cleaned.translate(_PHONE_DECORATION)
    if cleaned and not (digits.isascii() and digits.isdigit() and len(digits) >= _FEWEST_DIGITS):
        raise ValidationError(_("Invalid phone number format. Please provide a valid phone number."))
    return cleaned


def zone(label: str, value: str) -> str:
    """An IANA zone name, or empty."""
    return str(validators.zone(label, empty=True)(value.strip()))


def web_address(label: str, value: str) -> str:
    """An http or https address, or empty."""
    return str(validators.web_address(label, longest=_LONGEST_ADDRESS)(value))
