"""Proof of work: a browser shows that it took trouble, so that whoever books in great numbers has to take it too.

The puzzle is a signed text; its solution a number such that SHA-256 of "text:number" begins with so many zero bits.
Finding it takes 2^bits tries on average, checking it one; `static/web/proof.js` is who finds it.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from meeting_manager.web import limits

LIFETIME = timedelta(hours=1)

_SALT = "meeting_manager.web.proof"
_NONCE_BYTES = 16
_LONGEST = 200
_NUMBER = re.compile(r"[0-9]{1,15}")
_DIGEST_BITS = 256


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What a challenge says: its number used once, until when it holds, how hard it is, and for which type."""

    nonce: str
    until: datetime
    bits: int
    meeting_type: int


def challenge(*, meeting_type: int, now: datetime) -> str:
    """A new puzzle for a booking of the type with this primary key, good for an hour and for one booking."""
    until = int((now + LIFETIME).timestamp())
    parts = (secrets.token_urlsafe(_NONCE_BYTES), until, settings.GUEST_PROOF_OF_WORK, meeting_type)
    return Signer(salt=_SALT).sign(".".join(str(part) for part in parts))


def accept(given: str, solution: str, *, meeting_type: int, now: datetime) -> bool:
    """Whether this solves a puzzle of ours that is for this type, still good, and was not used before.

    Effect: counts the use, in the caller's transaction, which undoes it where the booking fails.
    """
    puzzle = read(given)
    if puzzle is None or puzzle.meeting_type != meeting_type or puzzle.until <= now:
        return False
    return is_solution(given, solution, puzzle.bits) and limits.use_once(puzzle.nonce, until=puzzle.until)


def read(given: str) -> Puzzle | None:
    """What a challenge says; None where it is none of ours."""
    if len(given) > _LONGEST:
        return None
    try:
        nonce, until, bits, meeting_type = Signer(salt=_SALT).unsign(given).split(".")
    except BadSignature:
        return None
    return Puzzle(nonce, datetime.fromtimestamp(int(until), UTC), int(bits), int(meeting_type))


def is_solution(given: str, solution: str, bits: int) -> bool:
    """Whether SHA-256 of "given:solution" begins with that many zero bits; `solution` is a number in ASCII digits."""
    if not _NUMBER.fullmatch(solution):
        return False
    digest = hashlib.sha256(f"{given}:{solution}".encode()).digest()
    return int.from_bytes(digest) >> (_DIGEST_BITS - bits) == 0
