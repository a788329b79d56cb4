"""What guests may do, and how often."""

from meeting_manager.config.env import env

MOST = 1_000_000

GUEST_BOOKINGS_PER_HOUR: int = env.integer(
    "GUEST_BOOKINGS_PER_HOUR",
    10,
    "Bookings a guest may make in an hour from one address; 0 = no limit.",
    low=0,
    high=MOST,
)
GUEST_FORM_SECONDS: int = env.integer(
    "GUEST_FORM_SECONDS",
    2,
    "Seconds that nobody needs less of to fill in the form of a booking; what comes faster is asked again. 0 = off.",
    low=0,
    high=60,
)
GUEST_PROOF_OF_WORK: int = env.integer(
    "GUEST_PROOF_OF_WORK",
    16,
    "How hard a puzzle is, in bits, that browsers solve where half of GUEST_BOOKINGS_PER_HOUR is used up; without "
    "its solution a booking is confirmed by mail. Each bit doubles the time; 0 = no puzzles.",
    low=0,
    high=24,
)
GUEST_LOOKUPS_PER_HOUR: int = env.integer(
    "GUEST_LOOKUPS_PER_HOUR",
    120,
    "Bookings a guest may look up by reference in an hour from one address; 0 = no limit.",
    low=0,
    high=MOST,
)
GUEST_MISSES_PER_HOUR: int = env.integer(
    "GUEST_MISSES_PER_HOUR",
    300,
    "Wrong references that all guests together may try in an hour before look-ups by reference pause; 0 = no limit.",
    low=0,
    high=MOST,
)
GUEST_MAILS_PER_HOUR: int = env.integer(
    "GUEST_MAILS_PER_HOUR",
    20,
    "Mails that guests' bookings and changes may cause to one address in an hour; the rest wait. 0 = no limit.",
    low=0,
    high=MOST,
)
NO_SHOW_BLOCK_AFTER: int = env.integer(
    "NO_SHOW_BLOCK_AFTER",
    0,
    "So many no-shows of a customer, and further bookings of that e-mail address need approval; 0 = never.",
    low=0,
    high=1000,
)
