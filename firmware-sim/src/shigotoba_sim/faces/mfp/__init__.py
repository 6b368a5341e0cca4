"""Multifunction printers as SNMP shows them: the standard printer objects, and each vendor's own counters.

What a printer says is a function from time to a ``Tree``; how it is asked is ``agent``.
"""
