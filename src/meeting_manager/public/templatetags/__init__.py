"""What templates of guest pages ask for."""
