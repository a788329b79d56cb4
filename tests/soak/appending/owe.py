"""Run in a site's environment: owe so many deliveries, of so many seconds each."""

import sys
from datetime import UTC, datetime

import django


def main(number: int, seconds: float, prefix: str) -> None:
    django.setup()
    from meeting_manager.ledger.services import Owed, enqueue
    from tests.soak.appending.apps import KIND

    now = datetime.now(UTC)
    enqueue([Owed(KIND, f"{prefix}{place}", {"seconds": seconds}, now) for place in range(number)], now=now)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3])
