"""The vendors' own counter tables, one module per vendor, which tell functions and colours apart.

Source of all: edge report, section 5.3. What no source tells is ours and named in each module. Everything is computed
from the printer's counters at the moment of the question.
"""
