"""Sending one message to one address, with an answer to the question whether another try could help."""

import smtplib
from contextlib import suppress

from django.core.mail import EmailMessage, get_connection

from meeting_manager.adapters.errors import AdapterError, RefusedError

_PERMANENT = range(500, 600)


def deliver(message: EmailMessage) -> None:
    """Hand `message`, which has one recipient, to the mail server of EMAIL_URL, in a connection of its own.

    Raises RefusedError where the server refuses this address or this message for good, AdapterError for everything
    that may pass: nobody listens, time-outs, a dropped connection (also after DATA, when nobody knows whether it was
    taken: the next try carries the same Message-ID), 4xx, and a refused login or sender, which an operator can mend.
    """
    message.connection = get_connection()
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _error(code, text) from error
    except smtplib.SMTPDataError as error:
        raise _error(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        raise AdapterError(_told(error.smtp_code, error.smtp_error)) from error
    except ValueError as error:  # a header with a line break, an address that is none
        raise RefusedError(f"The message cannot be sent: {error}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise AdapterError(f"The mail server could not be reached: {error or type(error).__name__}") from error
    finally:
        with suppress(OSError):
            message.connection.close()  # Django leaves a connection open whose login failed


def _error(code: int, text: bytes | str) -> AdapterError:
    return (RefusedError if code in _PERMANENT else AdapterError)(_told(code, text))


def _told(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"The mail server said: {code} {words}"
