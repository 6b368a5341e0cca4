"""Upkeep of the store: how readings are laid out, how much room they take, what is kept, what is archived."""
