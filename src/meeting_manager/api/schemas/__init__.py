"""What goes in and comes out, as OpenAPI tells it."""
