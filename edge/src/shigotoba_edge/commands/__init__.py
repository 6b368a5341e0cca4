"""The commands of ``python -m shigotoba_edge``, one module each, with a ``main`` that returns the exit status.

Only the chosen one is imported: an agent on a small machine carries none of the others.
"""
