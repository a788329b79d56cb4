"""A user's name and password, and who is told them: the server that the user named, and those that belong to it."""

import re

import httpx

_DIGEST = re.compile(r"(?:^|[\s,])digest\s+(.*)", re.IGNORECASE | re.DOTALL)
_PAIR = re.compile(r'([\w-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]+)')
_BAD_CHALLENGE = (httpx.HTTPError, KeyError, ValueError, NotImplementedError)


class Credentials:
    """Proves who we are, by Basic or Digest.

    Over TLS the password is sent at once, as the server is known by its certificate. Without TLS the server is asked
    first what it wants, so that a password never travels in clear where Digest would do.
    """

    def __init__(self, home: str, username: str, password: str) -> None:
        self._home = httpx.URL(home)
        self._pair = (username, password)
        self._auth: httpx.Auth | None = None
        self._ready: dict[tuple[str, str], str] = {}
        if self._home.scheme == "https":
            self.insist()

    def insist(self) -> None:
        """Have the password sent without being asked for."""
        self._auth = self._auth or httpx.BasicAuth(*self._pair)

    def prove(self, method: str, url: httpx.URL) -> str:
        """The Authorization header for a request; empty where `url` is not to know it, or has not asked yet."""
        if self._auth is None or not self.may_know(url):
            return ""
        ready = self._ready.pop((method, str(url)), "")
        return ready or next(self._auth.auth_flow(httpx.Request(method, url))).headers.get("Authorization", "")

    def learn(self, method: str, address: str, challenge: str) -> bool:
        """What to do about a refusal of `address`, by its WWW-Authenticate; whether asking again has a chance."""
        url = httpx.URL(address)
        if not self.may_know(url):
            return False
        wanted = _digest(challenge)
        is_stale = "stale=true" in challenge.lower().replace('"', "")
        if wanted and (is_stale or not isinstance(self._auth, httpx.DigestAuth)):
            return self._use_digest(method, url, wanted)
        if self._auth is None and (not challenge or "basic" in challenge.lower()):
            self.insist()
            return True
        return False

    def _use_digest(self, method: str, url: httpx.URL, wanted: str) -> bool:
        digest, request = httpx.DigestAuth(*self._pair), httpx.Request(method, url)
        flow = digest.auth_flow(request)
        try:
            proven = flow.send(_refusal(request, wanted)) if next(flow) else request
        except _BAD_CHALLENGE:
            return False
        # Digests are counted, so the one that was just made is the next to be sent.
        self._auth, self._ready = digest, {(method, str(url)): proven.headers["Authorization"]}
        return True

    def may_know(self, url: httpx.URL) -> bool:
        """Whether the server at `url` may be told the password: the one that was named, also once it turns to TLS; and
        over TLS what is named below it, or beside it like the parts of a provider (caldav.… and p12-caldav.…)."""
        home = self._home
        if url.host == home.host:
            is_same = (url.scheme, url.port) == (home.scheme, home.port)
            return is_same or (url.scheme == "https" and home.port is None and url.port is None)
        if url.scheme != "https" or home.scheme != "https":
            return False
        first, _, parent = home.host.partition(".")
        is_provider = first.endswith("dav") and "." in parent
        return url.host.endswith("." + home.host) or (is_provider and url.host.endswith("." + parent))


def _digest(challenge: str) -> str:
    """The part of a challenge that asks for a digest, without what else is offered; empty where there is none."""
    found = _DIGEST.search(challenge)
    if not found:
        return ""
    pairs: dict[str, str] = {}
    for name, value in _PAIR.findall(found.group(1)):
        pairs.setdefault(name.lower(), value)
    return "Digest " + ", ".join(f"{name}={value}" for name, value in pairs.items())


def _refusal(request: httpx.Request, wanted: str) -> httpx.Response:
    return httpx.Response(401, headers={"www-authenticate": wanted}, request=request)
