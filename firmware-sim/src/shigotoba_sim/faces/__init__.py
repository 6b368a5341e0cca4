"""The building as its devices show it: radio, serial line, printers, each in its own protocol.

A face turns what happens in the building into the bytes a real device would send, and nothing more: it knows no people
and no plan, and it never imports the drivers that will read it.
"""
