"""Mails of all kinds, read without a database: calendars write them in many forms, and strangers in any."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meeting_manager.notifications.replies.reading import Answer, read
from meeting_manager.notifications.replies.refusals import Reason, Refused
from tests.bookings.desk import JOHN, NOW
from tests.notifications.calendars import Reply

TOKEN = "abcdefghijklmnopqrstuvwxyz"
ADDRESS = f"replies+12.{TOKEN}@meet.example"
REPLY = Reply(to=ADDRESS, uid="uid-1", sequence=3)
EXPECTED = Answer(12, TOKEN, "uid-1", JOHN.email, "Accepted", 3, NOW)  # type: ignore[arg-type]


def refused(raw: bytes, recipient: str = "") -> Reason:
    with pytest.raises(Refused) as caught:
        read(raw, recipient)
    return caught.value.reason


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "7bit"])
def test_the_calendar_is_read_in_any_encoding(encoding: str) -> None:
    assert read(REPLY.mail(encoding)) == EXPECTED


def test_a_calendar_that_came_as_a_file_is_read() -> None:
    assert read(REPLY.but(declared="").attached()) == EXPECTED


def test_a_mail_that_is_nothing_but_a_calendar_is_read() -> None:
    head = f"To: {ADDRESS}\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
    assert read((head + REPLY.but(method="").calendar).encode()) == EXPECTED


def test_the_calendar_alone_may_say_that_it_is_a_reply() -> None:
    assert read(REPLY.but(declared="").mail()) == EXPECTED


def test_a_calendar_that_says_nothing_of_the_kind_is_no_reply() -> None:
    assert refused(REPLY.but(declared="", method="").mail()) == Reason.NOT_A_REPLY


AS_OUTLOOK_WRITES = f"""\
Delivered-To: {ADDRESS}
From: =?utf-8?B?SsO2cmcgRMO2?= <john@customer.example>
To: Support <{ADDRESS}>
Subject: Accepted: 30 Min Call with Support
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="_000_B"

--_000_B
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

J=F6rg
--_000_B
Content-Type: text/calendar; charset="utf-8"; method=REPLY
Content-Transfer-Encoding: 8bit

BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT=ACCEPTED;CN=Jörg Dö:mailto:John@customer.exam
 ple
COMMENT;LANGUAGE=en-US:\\n
UID:uid-1
SUMMARY;LANGUAGE=en-US:Accepted: 30 Min Call with Support
DTSTART;TZID=W. Europe Standard Time:20261208T110000
DTEND;TZID=W. Europe Standard Time:20261208T113000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:20261207T070000Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:3
LOCATION;LANGUAGE=en-US:https://meet.example/a
X-MICROSOFT-CDO-APPT-SEQUENCE:3
BEGIN:VALARM
DESCRIPTION:REMINDER
TRIGGER;RELATED=START:-PT15M
ACTION:DISPLAY
ATTENDEE:mailto:eve@x.example
UID:alarm-1
END:VALARM
END:VEVENT
END:VCALENDAR
--_000_B--
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_folded_lines_time_zones_and_alarms_do_not_confuse_it(end: str) -> None:
    assert read(AS_OUTLOOK_WRITES.replace("\n", end).encode()) == EXPECTED


def test_a_calendar_in_an_older_charset_is_read() -> None:
    raw = AS_OUTLOOK_WRITES.replace('charset="utf-8"', 'charset="iso-8859-1"').encode("latin-1")
    assert read(raw) == EXPECTED


def test_text_in_a_charset_that_it_is_not_in_is_malformed() -> None:
    assert refused(AS_OUTLOOK_WRITES.encode("latin-1")) == Reason.MALFORMED
    assert refused(AS_OUTLOOK_WRITES.replace('charset="utf-8"', 'charset="no-such"').encode()) == Reason.MALFORMED


def headed(*headers: tuple[str, str]) -> bytes:
    message = EmailMessage(policy=SMTP)
    message.set_content(REPLY.calendar.encode(), "text", "calendar", cte="7bit", params={"method": "REPLY"})
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + message.as_bytes()


def test_the_address_is_found_in_the_header_that_knows_best() -> None:
    other = f"replies+13.{TOKEN}@meet.example"
    aside = ("Cc", "Somebody <somebody@x.example>")
    assert read(headed(("Cc", f"x@x.example, Support <{ADDRESS}>"), ("To", "y@x.example"))).thread == 12
    assert read(headed(("To", ADDRESS), aside, ("Cc", other))).thread == 12
    assert read(headed(("To", other), aside, ("Delivered-To", ADDRESS))).thread == 12
    assert read(headed(("Delivered-To", other), aside, ("X-Original-To", ADDRESS))).thread == 12
    assert read(headed(("X-Original-To", other)), ADDRESS).thread == 12


@pytest.mark.parametrize(
    "address",
    [
        "replies@meet.example",
        f"replies+12.{TOKEN[:-1]}@meet.example",
        f"replies+12.{TOKEN}x@meet.example",
        f"replies+x.{TOKEN}@meet.example",
        f"replies+12.{TOKEN[:-1]}1@meet.example",
        f"replies-12.{TOKEN}@meet.example",
    ],
)
def test_an_address_without_a_whole_token_takes_nothing(address: str) -> None:
    assert refused(REPLY.but(to=address).mail()) == Reason.NOT_ADDRESSED
    assert refused(REPLY.mail(), address) == Reason.NOT_ADDRESSED


def test_people_who_write_to_the_address_are_told_that_nobody_reads_there() -> None:
    message = EmailMessage()
    message["To"] = ADDRESS
    message.set_content("I accept!")
    assert refused(message.as_bytes()) == Reason.NO_CALENDAR


EVENT = ("BEGIN:VEVENT", "UID:uid-2", "END:VEVENT")


@pytest.mark.parametrize(
    "odd",
    [
        REPLY.but(before=EVENT),
        REPLY.but(more=("RECURRENCE-ID:20261208T100000Z",)),
        REPLY.but(more=("ATTENDEE;PARTSTAT=DECLINED:mailto:john@customer.example",)),
        REPLY.but(more=("UID:uid-2",)),
        REPLY.but(more=("DTSTAMP:20261207T070000Z",)),
        REPLY.but(more=("SEQUENCE:4",)),
        REPLY.but(sequence="-1"),
        REPLY.but(sequence="3" * 20),
        REPLY.but(sequence="٣"),
    ],
)
def test_what_no_calendar_writes_is_malformed(odd: Reply) -> None:
    assert refused(odd.mail()) == Reason.MALFORMED


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("BEGIN:VEVENT", "BEGIN:VTODO"),
        ("UID:uid-1", "X-UID:uid-1"),
        ("DTSTAMP:20261207T070000Z", "DTSTAMP:20261207T070000"),
        ("DTSTAMP:20261207T070000Z", "DTSTAMP;VALUE=DATE:20261207"),
        ("DTSTAMP:20261207T070000Z", "DTSTAMP:20269907T070000Z"),
        ("BEGIN:VCALENDAR", ""),
        ("ATTENDEE;", "ATTENDEE "),
        ("UID:uid-1", "UID"),
    ],
)
def test_a_calendar_that_lacks_what_counts_is_malformed(there: str, instead: str) -> None:
    raw = REPLY.mail("7bit")
    assert raw.count(there.encode()) == 1
    assert refused(raw.replace(there.encode(), instead.encode())) in {Reason.MALFORMED, Reason.NOT_A_REPLY}


def test_too_large_a_mail_or_calendar_is_not_read() -> None:
    assert refused(REPLY.mail() + b"x" * 5_000_000) == Reason.TOO_LARGE
    assert refused(REPLY.but(more=("X-LONG:" + "x" * 400_000,)).mail("7bit")) == Reason.TOO_LARGE


def nested(depth: int) -> bytes:
    parts = (f"Content-Type: multipart/mixed; boundary=b{each}\n\n--b{each}\n" for each in range(depth))
    return b"To: " + ADDRESS.encode() + b"\n" + "".join(parts).encode()


@pytest.mark.parametrize(
    "raw",
    [
        nested(5_000),
        nested(80) + b"\n" * 4_000_000,
        nested(20) + b"\n" * 199_000,
        b"To: " + b"<" * 4_900_000,
        b"boundary" + b" " * 4_900_000,
        headed(("To", ADDRESS)).replace(b"BEGIN:VEVENT", b"BEGIN:X\r\n" * 20_000 + b"BEGIN:VEVENT"),
        headed(("To", ADDRESS)).replace(b"BEGIN:VEVENT", b'ATTENDEE;X="' * 20_000 + b"\r\nBEGIN:VEVENT"),
        headed(("To", ADDRESS)).replace(b"BEGIN:VEVENT", b"\r\n" * 100_000 + b"\r\nBEGIN:VEVENT"),
        REPLY.but(
            before=(
                "BEGIN:VTIMEZONE",
                "TZID:X",
                "BEGIN:STANDARD",
                "DTSTART:00010101T000000",
                "RRULE:FREQ=SECONDLY",
                "TZOFFSETFROM:+0000",
                "TZOFFSETTO:+0000",
                "END:STANDARD",
                "END:VTIMEZONE",
            ),
            more=("DTSTART;TZID=X:99991231T000000", "RRULE:FREQ=SECONDLY", "PARTSTAT:" + "x" * 9_000),
        ).mail(),
    ],
    ids=[
        "deep",
        "many lines",
        "fewer lines",
        "one header",
        "one word",
        "unended components",
        "quotes",
        "blank lines",
        "seconds",
    ],
)
def test_mails_made_to_take_for_ever_do_not(raw: bytes) -> None:
    began = time.monotonic()
    with suppress(Refused):
        read(raw)
    assert time.monotonic() - began < 10


PIECES = st.sampled_from(
    [
        *(piece.encode() for piece in REPLY.mail("7bit").decode().splitlines(keepends=True)),
        b"\r\n",
        b"\x00",
        b"\xff\xfe",
        b" folded",
        b"=\r\n",
        b"BEGIN:",
        b"ATTENDEE;PARTSTAT=",
        b'"',
        b"SEQUENCE;X=:1\r\n",
        b"METHOD;\r\n",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=60).map(b"".join)))
def test_no_mail_does_worse_than_being_refused(raw: bytes) -> None:
    for recipient in ("", ADDRESS):
        try:
            answer = read(raw, recipient)
        except Refused:
            continue
        assert answer.answered_at == datetime(2026, 12, 7, 7, tzinfo=UTC)
