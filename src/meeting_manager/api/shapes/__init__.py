"""Records as the JSON that `schemas` describe; each function reads nothing that its query did not fetch."""
