"""Reading busy time: raw integers through the covering index, for all members at once."""

from collections.abc import Collection

from django.db import connection

from meeting_manager.busy.choices import MAX_PIECE, BusyKind

BusyRow = tuple[int, int, int, int]


def read(user_ids: Collection[int], lo: int, hi: int, *, without_booking: int | None = None) -> list[BusyRow]:
    """The rows `(user, starts, ends, kind)` that touch `[lo, hi)` (UTC epoch seconds), ordered by user and start.

    `without_booking` is left out: the one that is being moved. One query; no row is longer than a piece, so the
    index is entered one piece before `lo` and history further back costs nothing.
    """
    if not user_ids:
        return []
    places = ", ".join(["%s"] * len(user_ids))
    sql = (
        "SELECT user_id, starts, ends, kind FROM busy_busytime"  # noqa: S608 - only placeholders are put in
        f" WHERE user_id IN ({places}) AND starts > %s AND starts < %s AND ends > %s"
    )
    arguments = [*user_ids, lo - MAX_PIECE - 1, hi, lo]
    if without_booking is not None:
        sql += " AND (booking_id IS NULL OR booking_id <> %s)"
        arguments.append(without_booking)
    with connection.cursor() as cursor:
        cursor.execute(sql + " ORDER BY user_id, starts", arguments)
        rows: list[BusyRow] = cursor.fetchall()
    return rows


def read_events(user_ids: Collection[int], lo: int, hi: int) -> list[tuple[int, int, int]]:
    """The external events `(user, starts, ends)` that touch `[lo, hi)` (UTC epoch seconds), ordered by user and start.

    One query, as `read`; of bookings, which are many more, nothing is brought.
    """
    if not user_ids:
        return []
    sql = (
        "SELECT user_id, starts, ends FROM busy_busytime"  # noqa: S608 - only placeholders are put in
        f" WHERE user_id IN ({', '.join(['%s'] * len(user_ids))}) AND starts > %s AND starts < %s AND ends > %s"
        " AND kind = %s ORDER BY user_id, starts"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*user_ids, lo - MAX_PIECE - 1, hi, lo, int(BusyKind.EXTERNAL)])
        rows: list[tuple[int, int, int]] = cursor.fetchall()
    return rows


def upcoming(user_ids: Collection[int], lo: int, hi: int, *, without_booking: int | None = None) -> dict[int, int]:
    """How many Pending and Confirmed bookings of each user start in `[lo, hi)`; users without one are absent."""
    counts: dict[int, int] = {}
    for user_id, starts, _, kind in read(user_ids, lo, hi, without_booking=without_booking):
        if kind == BusyKind.BOOKING and starts >= lo:
            counts[user_id] = counts.get(user_id, 0) + 1
    return counts
