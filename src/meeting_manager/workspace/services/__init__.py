"""What changes the workspace's own records, and through them many bookings."""
