"""Staff pages: what people do once they are signed in."""
