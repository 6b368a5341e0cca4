"""Tests that share one running demo: one worker runs them all, one after another, and the demo ends with the last."""
