"""Breaking the whole product on purpose, and asking afterwards what it cost.

``plan`` says what breaks when, from a seed; ``acts`` breaks it; ``verdict`` looks at what is left; ``suite`` is the
run, ``python -m shigotoba_testing.faults`` a long one.
"""
