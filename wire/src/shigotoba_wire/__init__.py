"""What crosses MQTT: messages, topics, durable outbox, ack-after-commit inbox.

Responsible for the contract between edge, gateway and backend, and for the delivery guarantees on each hop.
Refuses to know what a reading means: occupancy, counters and bookings live in the other rooms.
"""
