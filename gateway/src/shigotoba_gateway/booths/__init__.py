"""Booths as their gateway keeps them going: schedule, decisions at the door, displays, and what is told upstream.

The rules are those of ``shigotoba_booth``, as in the backend; nothing here decides differently while cut off.
"""
