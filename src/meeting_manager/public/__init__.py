"""Guest pages: choosing a time, booking, seeing, moving and cancelling it, all without an account or script."""
