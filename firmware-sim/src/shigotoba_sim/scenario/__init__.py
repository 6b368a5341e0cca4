"""A scenario: what is different in a run, as data in a TOML file.

Responsible for the file, its refusals and what it says about people. Refuses to carry out faults (see ``faults``).
"""
