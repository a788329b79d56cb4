"""What others wrote comes by version and digest, once."""

import base64
import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from scripts.vendored import CALENDAR, STATIC, Package, WrongArchiveError, provide, unpack

pytestmark = pytest.mark.once


def archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        for name, content in files.items():
            info = tarfile.TarInfo(f"package/dist/{name}.js")
            info.size = len(content)
            opened.addfile(info, io.BytesIO(content))
    return packed.getvalue()


CONTENT = archive(part=b"let a = 1;\n//# sourceMappingURL=part.js.map\n")
DIGEST = base64.b64encode(hashlib.sha512(CONTENT).digest()).decode()
PART = Package("@example/part", "1.2.3", f"sha512-{DIGEST}", ("dist/part.js",))


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A registry that notes what it is asked for."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(CONTENT)

        def log_message(self, *args: object) -> None:
            """Nothing: tests are quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"http://127.0.0.1:{server.server_port}/")
    Thread(target=server.serve_forever, daemon=True).start()
    yield asked
    server.shutdown()
    server.server_close()


def test_a_package_is_fetched_once_and_again_when_another_is_pinned(tmp_path: Path, registry: list[str]) -> None:
    assert provide(PART, tmp_path) is True
    assert provide(PART, tmp_path) is False
    assert registry == ["/@example/part/-/part-1.2.3.tgz"]
    (tmp_path / STATIC / "part.js").unlink()
    assert provide(PART, tmp_path) is True
    assert provide(replace(PART, version="1.2.4"), tmp_path) is True
    assert registry[-1] == "/@example/part/-/part-1.2.4.tgz"


def test_who_has_no_registry_is_told_how_to_name_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:1")
    with pytest.raises(OSError, match=r"cannot be fetched .*NPM_CONFIG_REGISTRY names another registry"):
        provide(PART, tmp_path, pauses=())
    assert list(tmp_path.iterdir()) == []


def test_the_address_of_a_source_map_that_is_not_kept_is_left_out(tmp_path: Path) -> None:
    unpack(PART, CONTENT, tmp_path)
    assert (tmp_path / "part.js").read_bytes() == b"let a = 1;\n"


def test_what_is_not_the_pinned_archive_is_not_unpacked(tmp_path: Path) -> None:
    with pytest.raises(WrongArchiveError, match="not what was pinned"):
        unpack(PART, CONTENT + b" ", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_this_installation_has_the_calendar_with_its_licence() -> None:
    root = Path(__file__).parent.parent.parent
    assert provide(CALENDAR, root) is False
    assert "MIT License" in (root / STATIC / "event-calendar.LICENSE.txt").read_text()
    assert CALENDAR.version in (root / STATIC / "event-calendar.LICENSE.txt").read_text()
    assert f"v{CALENDAR.version}".encode() in (root / STATIC / "event-calendar.min.js").read_bytes()[:200]
