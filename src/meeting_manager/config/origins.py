"""Origins: the part of an address that browsers tell sites apart by."""

from urllib.parse import urlsplit

_USUAL_PORTS = {"http": 80, "https": 443}
EXPECTS = "origins separated by commas, such as https://www.example.com, without path and wildcard"


def read_origin(given: str) -> str:
    """The origin as browsers write it: small letters, no usual port, no slash at the end. Raises ValueError."""
    parts = urlsplit(given.lower())
    host, port = parts.hostname, parts.port
    if parts.scheme not in _USUAL_PORTS or not host or parts.username is not None:
        raise ValueError
    if parts.path.strip("/") or parts.query or parts.fragment or not _is_plain(host):
        raise ValueError
    name = f"[{host}]" if ":" in host else host
    is_usual = port in (None, _USUAL_PORTS[parts.scheme])
    return f"{parts.scheme}://{name}" if is_usual else f"{parts.scheme}://{name}:{port}"


def _is_plain(host: str) -> bool:
    """Nothing that would mean more, or something else, in a header; names beyond ASCII are to be given as browsers
    send them (xn--…).
    """
    return host.isascii() and all(letter.isalnum() or letter in "-.:" for letter in host)
