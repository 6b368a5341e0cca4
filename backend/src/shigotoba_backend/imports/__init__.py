"""Figures that people bring: read, checked, shown, then kept with who, why and when."""
