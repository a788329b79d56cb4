"""What the pages of figures are made of."""
