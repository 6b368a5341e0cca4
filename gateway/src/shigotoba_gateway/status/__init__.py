"""How the gateway stands, for whoever stands before it: a command, a small page, a blinking light, its name on the net.

Responsible for showing what the running gateway knows. Refuses to guess: a gateway that says nothing is shown as one
that says nothing.
"""
