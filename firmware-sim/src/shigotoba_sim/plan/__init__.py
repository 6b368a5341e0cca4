"""What happens in the building and when: a pure function of seed, building and time.

Responsible for events, their order and the state between them. Refuses to know devices and processes.
"""
