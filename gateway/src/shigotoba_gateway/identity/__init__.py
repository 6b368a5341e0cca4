"""Who this gateway is to the platform: a private key made here, a certificate for it, and the authority it trusts.

Responsible for claiming, keeping and renewing the identity. Refuses to let the private key out of its directory.
"""
