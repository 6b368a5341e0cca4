"""What really happened held against what the product says: the oracle of the acceptance tests.

Responsible for truth, product, difference and coverage of each metric, and for whether the coverage explains the
difference. Refuses to import the product: its figures come as JSON (``python -m shigotoba_backend figures``).
"""
