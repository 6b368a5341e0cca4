"""Figures that public bodies have published, shipped as reference lines, each with its source."""
