"""What pages and API share: rate limits, idempotency, security headers, components."""
