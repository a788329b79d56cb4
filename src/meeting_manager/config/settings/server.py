"""How the site is served."""

import ipaddress

from meeting_manager.config.env import env


def _address(given: str) -> str:
    return str(ipaddress.ip_address(given))


BIND: str = env.read(
    "BIND",
    _address,
    "127.0.0.1",
    "an IP address of this machine, such as 0.0.0.0 for all",
    "The address that `serve` listens on.",
)
WEB_WORKERS: int = env.integer("WEB_WORKERS", 2, "Processes that answer requests.", low=1, high=64)
WEB_THREADS: int = env.integer(
    "WEB_THREADS", 8, "Requests that each of these processes answers at a time.", low=1, high=256
)
