"""Figures as files that others can work with: long form, with a dictionary, readable by machines."""
