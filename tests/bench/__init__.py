"""`make bench`: what the product costs, as ratios to the raw work on the same rows in the same run."""
