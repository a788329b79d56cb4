"""Text messages: through Twilio's interface, spoken to by a real server on this machine, and kept as files."""

import base64
import json
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pytest_django import Settings

from meeting_manager.adapters import sms
from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.adapters.sms.recording import RecordedMessage, RecordingGateway
from meeting_manager.adapters.sms.twilio import TwilioGateway
from meeting_manager.config.sms_url import read_region, read_sms_url

pytestmark = pytest.mark.engine

NUMBER = "+49 30 901820"
TEXT = "Your meeting with Sarah begins at 10:00."


@dataclass
class Twilio:
    """What stands for Twilio: it keeps what it is asked, and answers as it is told."""

    address: str = ""
    answers: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)
    """Path, Authorization, form."""

    def then(self, status: int, body: object) -> None:
        """Answer the next request so."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            sent = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            request.send_response(status)
            request.send_header("Content-Type", "application/json")
            request.send_header("Content-Length", str(len(sent)))
            request.end_headers()
            request.wfile.write(sent)

        self.answers.append(answer)

    def gateway(self, region: str = "", timeout: float = 5) -> TwilioGateway:
        """An account there."""
        return TwilioGateway(
            "AC1", "s3cret", sender="+15551234567", base_url=self.address, region=region, timeout=timeout
        )


@contextmanager
def serving(twilio: Twilio) -> Iterator[None]:
    """A real server on the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            twilio.asked.append((self.path, self.headers["Authorization"], form))
            twilio.answers.pop(0)(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    twilio.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    standing_in = Twilio()
    with serving(standing_in):
        yield standing_in


def _drop(request: BaseHTTPRequestHandler) -> None:
    """Take the message and reset the connection without a word."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()
    request.close_connection = True
    request.wfile = open("/dev/null", "wb")  # noqa: SIM115, PTH123 - the server still flushes it


def _dawdle(request: BaseHTTPRequestHandler) -> None:
    time.sleep(0.6)


def _send(gateway: sms.SmsGateway, to: str = NUMBER) -> str:
    return gateway.send(to=to, text=TEXT, identity="sms:1")


def test_twilio_gets_the_message_of_the_account_and_its_id_comes_back(twilio: Twilio) -> None:
    twilio.then(201, {"sid": "SM42", "status": "queued"})
    assert _send(twilio.gateway()) == "SM42"
    ((path, credentials, form),) = twilio.asked
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert credentials == "Basic " + base64.b64encode(b"AC1:s3cret").decode()
    assert form == {"To": ["+4930901820"], "From": ["+15551234567"], "Body": [TEXT]}


@pytest.mark.parametrize(
    ("status", "code", "pointless"),
    [
        (400, 21211, True),  # not a phone number
        (401, 20003, True),  # a wrong token
        (403, 20403, True),
        (404, 20404, True),
        (408, None, False),
        (429, 20429, False),
        (500, 20500, False),
        (503, None, False),
        (302, None, False),
    ],
)
def test_what_twilio_refuses_is_told_by_its_number_and_tried_again_where_that_may_help(
    twilio: Twilio, status: int, code: int | None, pointless: bool
) -> None:
    words = f"The 'To' number {NUMBER} is not valid: {TEXT}"
    twilio.then(status, {"code": code, "message": words} if code else "<html>busy</html>")
    with pytest.raises(AdapterError) as raised:
        _send(twilio.gateway())
    assert isinstance(raised.value, RefusedError) is pointless
    told = str(raised.value)
    assert f"HTTP {status}" in told
    assert (f"errors/{code}" in told) == bool(code)
    assert "901820" not in told
    assert TEXT not in told


@pytest.mark.parametrize("answer", [{"status": "queued"}, "<html>Welcome</html>", "[]"])
def test_an_answer_that_names_no_message_is_not_taken_for_success(twilio: Twilio, answer: object) -> None:
    twilio.then(200, answer)
    with pytest.raises(AdapterError, match="names no message") as raised:
        _send(twilio.gateway())
    assert not isinstance(raised.value, RefusedError)


@pytest.mark.parametrize("misbehaves", [_drop, _dawdle])
def test_a_connection_that_breaks_or_an_answer_that_stays_away_is_tried_again(
    twilio: Twilio, misbehaves: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    twilio.answers.append(misbehaves)
    with pytest.raises(AdapterError, match="could not be reached") as raised:
        _send(twilio.gateway(timeout=0.2))
    assert not isinstance(raised.value, RefusedError)
    assert len(twilio.asked) == 1


def test_nobody_listening_is_tried_again() -> None:
    twilio = Twilio()
    with serving(twilio):
        pass
    with pytest.raises(AdapterError, match="could not be reached: ConnectError") as raised:
        _send(twilio.gateway())
    assert not isinstance(raised.value, RefusedError)


def test_neither_number_nor_text_is_logged(twilio: Twilio, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    twilio.then(201, {"sid": "SM42"})
    twilio.then(400, {"code": 21211, "message": NUMBER})
    _send(twilio.gateway())
    with pytest.raises(RefusedError):
        _send(twilio.gateway())
    assert caplog.text
    assert "901820" not in caplog.text
    assert "Sarah" not in caplog.text
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    ("typed", "region", "sent"),
    [
        ("+49 30 901820", "", "+4930901820"),
        ("+49 30 901820", "US", "+4930901820"),
        ("(555) 123-4567", "US", "+15551234567"),
        ("030 / 90 18 20", "DE", "+4930901820"),
        ("0049 30 901820", "DE", "+4930901820"),
    ],
)
def test_numbers_go_out_with_their_country_code_however_they_were_typed(
    tmp_path: Path, typed: str, region: str, sent: str
) -> None:
    recording = RecordingGateway(tmp_path, region=region)
    _send(recording, typed)
    assert recording.sent()[0].to == sent


@pytest.mark.parametrize(
    ("typed", "region", "reason"),
    [
        ("(555) 123-4567", "", "SMS_DEFAULT_REGION is not set"),
        ("", "", "cannot be read"),
        ("+999 123 4567", "US", "country code that does not exist"),
        ("ask my assistant", "US", "cannot be read"),
        ("1", "US", "cannot be read"),
        ("1" * 500, "US", "cannot be read"),
    ],
)
def test_a_number_that_cannot_be_read_is_refused_for_good_without_asking_twilio(
    twilio: Twilio, typed: str, region: str, reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason) as raised:
        _send(twilio.gateway(region), typed)
    assert not typed or typed not in str(raised.value)
    assert raised.value.__cause__ is None
    assert twilio.asked == []


def test_the_recording_gateway_keeps_a_message_once_however_often_it_is_tried(tmp_path: Path) -> None:
    recording = RecordingGateway(tmp_path / "sms", region="")
    first = _send(recording)
    assert _send(recording) == first
    assert recording.send(to=NUMBER, text="Second", identity="sms:2") != first
    assert recording.sent() == [
        RecordedMessage("+4930901820", TEXT, "sms:1"),
        RecordedMessage("+4930901820", "Second", "sms:2"),
    ]
    assert not [path for path in (tmp_path / "sms").iterdir() if path.suffix != ".json"]


def test_without_the_setting_there_is_no_gateway() -> None:
    assert sms.gateway() is None


def test_the_setting_names_the_gateway(settings: Settings, tmp_path: Path, twilio: Twilio) -> None:
    settings.SMS = read_sms_url("record:", tmp_path)
    recording = sms.gateway()
    assert isinstance(recording, RecordingGateway)
    _send(recording)
    assert len(list(tmp_path.glob("*.json"))) == 1

    settings.SMS_DEFAULT_REGION = "US"
    settings.SMS = read_sms_url(f"twilio://AC1:s%2Fcret@?from=%2B15551234567&base={twilio.address}/", tmp_path)
    chosen = sms.gateway()
    assert chosen
    twilio.then(201, {"sid": "SM1"})
    assert _send(chosen, "(555) 123-4567") == "SM1"
    ((_, credentials, form),) = twilio.asked
    assert base64.b64decode(credentials.removeprefix("Basic ")) == b"AC1:s/cret"
    assert form["To"] == ["+15551234567"]


def test_messages_go_to_twilio_itself_and_a_plus_is_a_plus(tmp_path: Path) -> None:
    read = read_sms_url("twilio://AC1:token@?from=+15551234567", tmp_path)
    assert (read["base_url"], read["sender"]) == ("https://api.twilio.com", "+15551234567")


@pytest.mark.parametrize(
    "url",
    [
        "record",
        "twilio:",
        "twilio://AC1@?from=1",
        "twilio://AC1:token@",
        "twilio://AC1:token@?from=",
        "twilio://AC1:token@api.twilio.com?from=1",
        "twilio://AC1:token@?from=1&to=2",
        "twilio://AC1:token@?from=1&base=ftp://x",
        "twilio://AC1:token@?from=1&base=https://",
        "https://api.twilio.com",
    ],
)
def test_an_address_of_no_gateway_we_know_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        read_sms_url(url, tmp_path)


def test_a_region_is_one_of_the_phone_system() -> None:
    assert read_region("de") == "DE"
    with pytest.raises(ValueError, match=r"^$"):
        read_region("Germany")
