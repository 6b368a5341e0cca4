"""What has to be done without anybody asking: settling, offering, telling, publishing.

Nothing here decides whether a booth is free: readers compute that from the clock. ``catalogue`` is the list of jobs,
``worker`` runs them.
"""
