"""The list of bookings: what its address says, its columns, its pages, and the file of it."""
