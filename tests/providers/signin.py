"""An identity provider on this machine, as strict as those of Google and Microsoft (RFC 6749, 7009, 7636)."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from meeting_manager.adapters.calendar.oauth import Provider

CLIENT, SECRET = "meeting-manager", "s3cret-of-the-site"
SCOPES = ("https://provider.example/auth/calendar.events", "https://provider.example/auth/calendars.readonly")
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Grant:
    """What one member allowed: the tokens that are good at the moment."""

    scope: str
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)


@dataclass
class SignIn:
    """Members are asked for consent at `/authorize`, tokens are had at `/token` and ended at `/revoke`."""

    port: int = 0
    redirects: set[str] = field(default_factory=lambda: {"https://meet.example/calendars/connected"})
    token: str = ""
    """What every access token is; empty: a new one each time."""
    rotates: bool = False
    """Whether a refresh token is good once, and another comes with each refresh."""
    life: int = 3600
    grants: list[Grant] = field(default_factory=list)
    faults: list[Answer | float] = field(default_factory=list)
    """Answers to the next requests for tokens; of a number of seconds it waits and then answers as ever."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and form of what was posted."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    gate: threading.Lock = field(default_factory=threading.Lock)

    def provider(self, **changes: object) -> Provider:
        """As the site is set up to know it."""
        base = f"http://127.0.0.1:{self.port}"
        known: dict[str, object] = {
            "name": "Google",
            "authorize_url": f"{base}/authorize",
            "token_url": f"{base}/token",
            "revoke_url": f"{base}/revoke",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "scopes": SCOPES,
        }
        return Provider(**{**known, **changes})  # type: ignore[arg-type]  # tests change any of them

    def granted(self, access: str) -> bool:
        """Whether an access token lets anybody in."""
        return any(access in grant.access for grant in self.grants)

    def refreshes(self) -> int:
        """How often new tokens were asked for with old ones."""
        return sum(form.get("grant_type") == "refresh_token" for _, form in self.asked)

    def answer_get(self, path: str, query: dict[str, str]) -> Answer:
        """The member agrees at once; whoever asks with another redirect is told so and sent nowhere."""
        if path != "/authorize" or query.get("client_id") != CLIENT or query.get("redirect_uri") not in self.redirects:
            return _said(400, {"error": "invalid_request"})
        is_whole = query.get("response_type") == "code" and query.get("code_challenge_method") == "S256"
        if not is_whole or not query.get("code_challenge") or not query.get("scope"):
            return _said(400, {"error": "invalid_request"})
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        back = urlencode({"code": code, "state": query.get("state", "")})
        return 302, {"Location": f"{query['redirect_uri']}?{back}"}, b""

    def answer_post(self, path: str, form: dict[str, str]) -> Answer:
        with self.gate:
            self.asked.append((path, form))
            fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, tuple):
            return fault
        time.sleep(fault or 0)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return _said(401, {"error": "invalid_client", "error_description": f"Bad secret {form['client_secret']}"})
        with self.gate:
            return self._revoke(form) if path == "/revoke" else self._token(form)

    def _token(self, form: dict[str, str]) -> Answer:
        match form.get("grant_type"):
            case "authorization_code":
                return self._exchange(form)
            case "refresh_token":
                return self._refresh(form)
        return _said(400, {"error": "unsupported_grant_type"})

    def _exchange(self, form: dict[str, str]) -> Answer:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return _said(400, {"error": "invalid_grant"})
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return _said(400, {"error": "invalid_grant"})
        grant = Grant(asked["scope"])
        self.grants.append(grant)
        return self._issue(grant, {"refresh_token": self._new_refresh(grant)})

    def _refresh(self, form: dict[str, str]) -> Answer:
        token = form.get("refresh_token", "")
        grant = next((grant for grant in self.grants if token in grant.refresh), None)
        if grant is None:
            return _said(400, {"error": "invalid_grant", "error_description": f"Token {token} has been revoked."})
        if not self.rotates:
            return self._issue(grant, {})
        grant.refresh.remove(token)
        return self._issue(grant, {"refresh_token": self._new_refresh(grant)})

    def _new_refresh(self, grant: Grant) -> str:
        token = f"refresh-{secrets.token_urlsafe(8)}"
        grant.refresh.add(token)
        return token

    def _issue(self, grant: Grant, more: dict[str, str]) -> Answer:
        token = self.token or f"access-{secrets.token_urlsafe(8)}"
        grant.access.add(token)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": self.life, "scope": grant.scope, **more}
        return _said(200, told)

    def _revoke(self, form: dict[str, str]) -> Answer:
        token = form.get("token", "")
        found = [grant for grant in self.grants if token in grant.access | grant.refresh]
        for grant in found:
            self.grants.remove(grant)
        return _said(200, {}) if found else _said(400, {"error": "invalid_token"})


def _said(status: int, told: object) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(told).encode()


@contextmanager
def serving() -> Iterator[SignIn]:
    """The provider, for as long as the block lasts."""
    signin = SignIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._give(signin.answer_get(parts.path, _single(parts.query)))

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._give(signin.answer_post(self.path, _single(form)))

        def _give(self, answer: Answer) -> None:
            status, headers, body = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    signin.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield signin
    finally:
        server.shutdown()
        server.server_close()


def _single(form: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(form).items()}
