"""A room of the tests' own, installed beside the product's: its deliveries append their key to a file."""
