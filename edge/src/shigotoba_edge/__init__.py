"""The edge agent: listens to sensors through its drivers and hands what they say to the gateway.

Responsible for turning a device's own protocol into readings that are on disk before anybody may forget them.
Refuses to interpret: whether a seat is in use, or who may use a booth, is decided elsewhere.
"""
