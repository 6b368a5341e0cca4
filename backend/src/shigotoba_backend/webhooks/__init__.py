"""What happens to bookings, told to other programs over HTTP: signed, tried again, and never into the own network."""
