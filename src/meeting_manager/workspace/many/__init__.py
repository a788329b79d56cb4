"""Many bookings at once: what would happen, and then each booking by itself through its own service."""
