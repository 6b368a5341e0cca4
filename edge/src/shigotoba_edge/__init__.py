"""Edge agent and its sensor drivers."""
