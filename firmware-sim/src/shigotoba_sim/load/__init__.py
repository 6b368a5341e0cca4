"""Load: many gateways with many sensors, straight as wire batches, bounded in count and time.

Responsible for offering readings and for what became of them. Refuses to play devices: what is measured is the way from
the broker to the receipt.
"""
