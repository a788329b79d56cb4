"""A wire between a site and its PostgreSQL server that can be cut."""

import contextlib
import socket
import threading

import psycopg.conninfo

from tests.site import free_port

_CHUNK = 65_536


class Proxy:
    """Listens on a port of its own and passes everything on; `address` leads to the same database through it."""

    def __init__(self, address: str) -> None:
        parts = psycopg.conninfo.conninfo_to_dict(address)
        self._host, self._port = str(parts.get("host", "127.0.0.1")), int(parts.get("port") or 5432)
        self._listens_on = free_port()
        password = f":{parts['password']}" if parts.get("password") else ""
        self.address = f"postgres://{parts['user']}{password}@127.0.0.1:{self._listens_on}/{parts['dbname']}"
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.mend()

    def mend(self) -> None:
        """Let connections through, from now on."""
        listener = socket.create_server(("127.0.0.1", self._listens_on), backlog=64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """End every connection and refuse new ones."""
        if self._listener is not None:
            self._end(self._listener)
            self._listener = None
        for each in list(self._open):
            self._end(each)
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = self._connect()
            self._open |= {client, server}
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _connect(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._port))
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(f"{self._host}/.s.PGSQL.{self._port}")
        return connection

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                target.sendall(data)
        for each in (source, target):
            self._open.discard(each)
            self._end(each)

    @staticmethod
    def _end(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
