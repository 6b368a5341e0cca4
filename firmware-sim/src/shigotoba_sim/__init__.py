"""A simulated building behind the real device protocols."""
