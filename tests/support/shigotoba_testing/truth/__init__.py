"""What really happened in a simulated building, as the indicators of research/workplace.md sections 3 and 5 have it.

Worked out from who sat where, who booked what and what was printed, day by day, in plain arithmetic: none of the
product's queries and none of its code is asked. Responsible for figures to hold the product's against. Refuses to
compare (see ``tests/test_truth.py``).
"""
