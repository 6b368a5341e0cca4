"""Example figures and plans for the demo, every one of them marked as an example (例)."""
