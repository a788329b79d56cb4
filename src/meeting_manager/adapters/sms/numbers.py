"""Phone numbers as gateways want them; whether a number exists is theirs to say."""

import phonenumbers

from meeting_manager.adapters.errors import RefusedError


def international(number: str, region: str) -> str:
    """`number` in E.164, such as +4930901820; without a country code it is one of `region` (two letters, or empty).

    Raises RefusedError where it can't be told which number is meant; its text does not quote it.
    """
    try:
        read = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException as error:
        raise RefusedError(_reason(error.error_type, region)) from None  # the original quotes the number
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def _reason(kind: int, region: str) -> str:
    if kind != phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
        return "The phone number cannot be read: it is too short or too long, or not a number."
    if region:
        return "The phone number begins with a country code that does not exist."
    return "The phone number has no country code that could be read, and SMS_DEFAULT_REGION is not set."
