"""What facility staff look at."""
