"""The Raspberry Pi hub: takes in what edge agents report, keeps it safe, carries it upstream.

Responsible for never losing a reading between the agents and the backend. Refuses to decode sensors (see edge) and to
interpret readings (see backend).
"""
