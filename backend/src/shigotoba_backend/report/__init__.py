"""The monthly report for the assembly: one A4 page, legible in black and white, on screen, on paper and as PDF."""
