"""Who may speak for a gateway: the platform's small certificate authority, invitations, claims, and the broker's rules.

Responsible for identities from the invitation to the revocation. Refuses to hold a gateway's private key: it is made on
the device and never leaves it.
"""
