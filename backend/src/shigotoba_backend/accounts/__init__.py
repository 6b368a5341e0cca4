"""Accounts: people, what their roles allow, how they sign in, and the record of what was done."""
