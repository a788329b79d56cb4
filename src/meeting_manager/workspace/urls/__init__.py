"""The addresses of staff: `account` under /accounts/, `desk` and `bookings` under /workspace/."""
