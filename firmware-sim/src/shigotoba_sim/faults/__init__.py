"""What goes wrong with devices, as data: which fault, whom, when; and what then is heard of a device.

Responsible for answers to the faces and to the history. Refuses to touch a device, a process or the truth.
"""
